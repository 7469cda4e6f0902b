"""The picture at the head of a project's page: its own from the log, else a drawn one."""

import io
from base64 import b64encode
from dataclasses import replace

import msgspec
import pytest
from PIL import Image

from generator import pages
from generator.pages.project_picture import FILE
from generator.report import Report
from generator.snapshot import Project, ProjectPicture
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from tests.support.fair import fair

ADDRESS = "https://images.example.org/well.jpg"


def webp(size: tuple[int, int] = (320, 200)) -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", size, "#28a197").save(file, "WEBP")
        return file.getvalue()


def report_with(named: str = ADDRESS, **found: str) -> Report:
    """Return a fair whose lantern names a picture, and what was found where it stands."""
    it = fair()
    at, record = next(
        (at, record)
        for at, record in enumerate(it.records)
        if isinstance(record, Project) and record.id == "lantern"
    )
    it.records[at] = msgspec.structs.replace(record, picture=named, description="Books for all.")
    if found:
        it.records.append(ProjectPicture(id="lantern", source=record.source, address=ADDRESS, **found))
    return it.report()


def made(report: Report, content: pages.Content) -> tuple[dict[str, bytes], str]:
    files = dict(pages.render(report, content))
    html = files["p/lantern/index.html"].decode()
    assert audit(html, KnownNumbers.of(report)).problems == []
    return files, html


def test_its_own_picture_is_shown_from_the_site_and_loads_nothing_from_elsewhere(
    content: pages.Content,
) -> None:
    files, html = made(report_with(webp=b64encode(webp()).decode()), content)
    assert files[f"p/lantern/{FILE}"] == webp()
    assert f'<img class="picture" src="{FILE}" alt="" width="320" height="200">' in html
    assert "images.example.org" not in html


@pytest.mark.parametrize(
    "reason", ["its server answers 404", "it has 60000 x 60000 pixels, at most 25000000 are taken"]
)
def test_one_that_could_not_be_taken_is_told_and_a_drawn_one_stands_there(
    reason: str, content: pages.Content
) -> None:
    files, html = made(report_with(reason=reason), content)
    assert f"p/lantern/{FILE}" not in files
    assert '<svg class="picture"' in html
    assert f"Its picture could not be taken: {reason}." in html


def test_a_picture_of_another_address_than_the_project_names_is_not_shown(content: pages.Content) -> None:
    files, html = made(
        report_with("https://images.example.org/other.jpg", webp=b64encode(webp()).decode()), content
    )
    assert f"p/lantern/{FILE}" not in files
    assert '<svg class="picture"' in html
    files, _ = made(report_with("", webp=b64encode(webp()).decode()), content)
    assert f"p/lantern/{FILE}" not in files


def test_a_project_without_extras_has_a_drawn_one(content: pages.Content) -> None:
    report = report_with(webp=b64encode(webp()).decode())
    projects = tuple(replace(project, has_extras=False) for project in report.projects)
    files = dict(pages.render(replace(report, projects=projects), content))
    assert f"p/lantern/{FILE}" not in files
    assert b'<svg class="picture"' in files["p/lantern/index.html"]


def test_drawn_pictures_are_told_apart_by_their_slugs_and_hidden_from_readers(
    files: dict[str, bytes],
) -> None:
    drawn = set()
    for path, data in files.items():
        if path.startswith("p/") and path.count("/") == 2 and path.endswith("/index.html"):
            _, found, rest = data.decode().partition('<svg class="picture"')
            assert found, path
            assert 'aria-hidden="true"' in rest[:120]
            drawn.add(rest.partition("</svg>")[0])
    print(f"{len(drawn)} pictures")
    assert len(drawn) > 6
