"""What stands on pages elsewhere: badges, the card to embed, what oEmbed is told."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from generator import pages
from generator.pages.badges import BADGES, badge
from generator.pages.share_page import card_path
from generator.report import Report
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.wording import plain
from tests.support.fair import fair

#: What shields.io documents for the answer of an endpoint (https://shields.io/badges/endpoint-badge).
SHIELDS = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "pattern": "^[0-9a-f]{6}$"},
        "labelColor": {"type": "string", "pattern": "^[0-9a-f]{6}$"},
    },
    "additionalProperties": False,
}
#: https://oembed.com, version 1.0, of the type rich.
OEMBED = {
    "type": "object",
    "required": ["type", "version", "html", "width", "height"],
    "properties": {
        "type": {"const": "rich"},
        "version": {"const": "1.0"},
        "title": {"type": "string"},
        "provider_name": {"type": "string"},
        "provider_url": {"type": "string", "pattern": "^https?://"},
        "html": {"type": "string", "pattern": '^<iframe src="https?://[^"]+" '},
        "width": {"type": "integer", "minimum": 1},
        "height": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}
#: What the first project in each state says.
SAID = {
    ("well", "raised"): "sats · ",
    ("bounty", "progress"): "no goal",
    ("never", "raised"): "not known",
    ("never", "updated"): "not read yet",
    ("never", "verified"): "not read yet",
    ("solar", "verified"): "a check failed",
    ("lantern", "raised"): "stale, 19 Nov 2025",
    ("harbour", "verified"): "no money yet",
}


def test_badges_have_the_form_that_shields_asks_for(files: dict[str, bytes], report: Report) -> None:
    compared = 0
    for project in report.projects:
        for name in BADGES:
            document = json.loads(files[f"badge/{project.slug}/{name}.json"])
            Draft202012Validator(SHIELDS).validate(document)
            assert document["label"] == f"{name} (demo)"
            svg = ET.fromstring(files[f"badge/{project.slug}/{name}.svg"])  # noqa: S314 -- our own
            texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
            assert texts == [document["label"], document["message"]]
            compared += 1
    print(f"{compared} badges")
    assert compared > 30


def test_every_number_of_a_badge_and_a_card_is_a_figure(files: dict[str, bytes], known: KnownNumbers) -> None:
    numbers = 0
    for path, data in files.items():
        if path.startswith(("badge/", "embed/")) and path.endswith((".svg", ".html")):
            found = audit(data.decode(), known)
            assert found.problems == [], path
            numbers += found.numbers
    assert numbers > 40


@pytest.mark.parametrize(("slug", "name"), SAID)
def test_a_badge_says_what_is(report: Report, slug: str, name: str) -> None:
    project = next(project for project in report.projects if project.slug == slug)
    page = pages.site.Surroundings(report).of(project)
    assert SAID[slug, name] in plain(badge(name, page, project).message)  # type: ignore[arg-type]


def test_a_badge_of_a_stale_source_is_grey_and_others_are_not(
    files: dict[str, bytes], report: Report
) -> None:
    stale = {source.name for source in report.sources if source.stale}
    for project in report.projects:
        document = json.loads(files[f"badge/{project.slug}/raised.json"])
        is_stale = bool(stale & set(project.sources))
        assert (document["color"] == "595959") == is_stale, project.slug
        assert ("stale" in document["message"]) == is_stale, project.slug
    real = fair()
    real.demo, real.network = False, "main"
    page = real.report()
    project = page.projects[0]
    assert plain(badge("raised", page, project).label) == "raised"
    real.network = "signet"
    assert plain(badge("raised", real.report(), project).label) == "raised (signet)"


class Loaded(HTMLParser):
    """Collects the elements of a page and the addresses that it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += (value or "" for name, value in attrs if name in ("href", "src") and tag != "a")


def test_a_card_is_small_runs_nothing_and_loads_its_own_style_alone(
    files: dict[str, bytes], report: Report
) -> None:
    style = len(files["embed/embed.css"])
    for project in report.projects:
        data = files[card_path(project.slug)]
        assert len(data) + style < 15_000, project.slug
        found = Loaded(data.decode())
        assert found.loads == ["embed.css"]
        assert not {"script", "style", "img", "iframe", "form"} & found.tags


def test_oembed_leads_to_the_card(files: dict[str, bytes], report: Report) -> None:
    for project in report.projects:
        document = json.loads(files[card_path(project.slug, "json")])
        Draft202012Validator(OEMBED).validate(document)
        assert f"{report.base_url}/{card_path(project.slug)}" in document["html"]
        assert document["html"] in _unescaped(files[f"p/{project.slug}/share/index.html"])


def _unescaped(page: bytes) -> str:
    class Text(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    reader = Text()
    reader.feed(page.decode())
    return reader.said


def test_only_projects_that_have_extras_have_them(report: Report, content: pages.Content) -> None:
    listed = {project.slug for project in report.projects[:2]}
    projects = tuple(replace(project, has_extras=project.slug in listed) for project in report.projects)
    found = dict(pages.render(replace(report, projects=projects), content))
    assert {path.split("/")[1] for path in found if path.startswith("badge/")} == listed
    assert {path.split("/")[1] for path in found if path.endswith("/share/index.html")} == listed
    assert all(
        (b"json+oembed" in found[f"p/{project.slug}/index.html"]) == project.has_extras
        for project in projects
    )
