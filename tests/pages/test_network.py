"""A report of the whole network at 300 projects: small pages, each project listed once, links."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import PurePosixPath
from posixpath import join, normpath

import msgspec
import pytest

from benchmarks.crowd import LONG, RTL, config, lines
from generator import pages
from generator.charts import by_source
from generator.pages import network_page
from generator.pages.list_pages import ROWS, sheets
from generator.pages.site import studio_of
from generator.report import ProjectReport, ProjectStatus, Report, build
from generator.report.portfolio.openings import DUE_LATER, DUE_SOON, STAKES, openings
from generator.snapshot import Announced, Cause, Census, Line, Outcome, fold
from generator.text_format import TITLE
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from tests.support.fair import fair
from tests.support.page_text import without_terms

PROJECTS = 300
LARGEST = 150 * 1024


@pytest.fixture(scope="module")
def report() -> Report:
    return build(fold(lines(PROJECTS, busy=0.1)), config(), demo=False)


@pytest.fixture(scope="module")
def site(report: Report, content: pages.Content) -> dict[str, bytes]:
    return dict(pages.render(report, content))


def links(html: bytes) -> list[str]:
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if name == "href" and tag in {"a", "link"})

    Links().feed(html.decode())
    return found


def resolved(path: str, link: str) -> str:
    target = link.partition("#")[0]
    return normpath(join(str(PurePosixPath(path).parent), target)) if target else path


@pytest.mark.slow
def test_no_page_is_larger_than_150_kib(site: dict[str, bytes]) -> None:
    sizes = {path: len(data) for path, data in site.items() if path.endswith(".html")}
    largest = max(sizes, key=lambda path: sizes[path])
    print(f"{len(sizes)} pages, the largest is {largest} with {sizes[largest]} bytes")
    assert sizes[largest] <= LARGEST


def test_each_project_is_listed_once_and_every_page_of_the_list_is_linked(
    report: Report, site: dict[str, bytes]
) -> None:
    shown = ["index.html", *(f"projects/{n}/index.html" for n in range(2, -(-PROJECTS // ROWS) + 1))]
    assert [path for path in site if re.match(r"projects/\d", path)] == sorted(shown[1:])
    listed: Counter[str] = Counter()
    for path in shown:
        [table] = re.findall(rb'<table class="cards projects">.*?</table>', site[path], re.DOTALL)
        listed.update(
            resolved(path, link) for link in links(table) if not re.search("verify/|glossary/", link)
        )
    assert listed == Counter({f"p/{project.slug}/index.html": 1 for project in report.projects})
    reached, ahead = set[str](), {"index.html"}
    while ahead:
        path = ahead.pop()
        reached.add(path)
        ahead |= {resolved(path, link) for link in links(site[path])} & (set(shown) - reached)
    assert reached == set(shown)


@pytest.mark.parametrize("name", ["by-title", "by-state", "by-last-day", "by-founder"])
def test_each_project_is_found_in_each_index(name: str, report: Report, site: dict[str, bytes]) -> None:
    folder = f"projects/{name}"
    found = [
        row
        for number in range(1, 3)
        for row in re.findall(
            r'<tr><th scope="row" class="full"><a href="(?:\.\./)+p/([^/]+)/index\.html">.*?</tr>',
            site[f"{folder}/{f'{number}/' if number > 1 else ''}index.html"].decode(),
            re.DOTALL,
        )
    ]
    wanted = [project for project in report.projects if name != "by-founder" or project.founder_key]
    assert sorted(found) == sorted(project.slug for project in wanted)
    by_slug = {project.slug: project for project in report.projects}
    if name == "by-last-day":
        ends = [by_slug[slug].ends_at for slug in found]
        days = [(end - timedelta(microseconds=1)).date() if end else date.max for end in ends]
        assert days == sorted(days)
    if name == "by-founder":
        assert [by_slug[slug].founder_key for slug in found] == sorted(
            by_slug[slug].founder_key for slug in found
        )
        html = site[f"{folder}/index.html"].decode()
        assert by_slug[found[0]].founder_key in html, "the whole key, to be searched for"
    assert f'href="projects/{name}/index.html"' in site["index.html"].decode()


def test_a_site_whose_first_page_has_all_projects_has_no_index(content: pages.Content) -> None:
    small = build(fold(lines(ROWS)), config(), demo=False)
    made = dict(pages.render(small, content))
    assert not [path for path in made if path.startswith("projects/by-")]
    assert "projects/by-title" not in made["index.html"].decode()


def test_every_link_leads_somewhere(site: dict[str, bytes]) -> None:
    compared = 0
    for path, data in site.items():
        if not path.endswith(".html") or path == "404.html" or re.match(r"p/angor1q0001[1-9]", path):
            continue  # ninety projects have the same pages as the others
        for link in links(data):
            if not link.startswith(("http://", "https://")):
                assert resolved(path, link) in site or resolved(path, link) == "manifest.json", (path, link)
                compared += 1
    print(f"{compared} links")
    assert compared > 5_000


def test_a_network_of_several_sources_links_its_own_chart(content: pages.Content) -> None:
    several = fair()
    several.discover = "all"
    report = several.report()
    assert by_source.chart(report)  # so that the first page does not draw the sum over time
    page = next(iter(network_page.pages(report, content)))
    drawn = {f"network/{chart.id}.{kind}" for chart in page.charts for kind in ("svg", "csv")}
    made = studio_of(report, content).files([page], report)
    found = {resolved(page.path, link) for link in links(made[page.path])}
    linked = {path for path in found if path.endswith((".svg", ".csv"))} - {"favicon.svg"}
    assert linked
    assert linked <= drawn <= made.keys()


def test_every_number_of_the_lists_is_its_figure(report: Report, site: dict[str, bytes]) -> None:
    known = KnownNumbers.of(report)
    numbers = 0
    for path, data in site.items():
        if path.endswith(".html") and not path.startswith("p/"):
            found = audit(data.decode(), known)
            assert found.problems == [], path
            numbers += found.numbers
    print(f"{numbers} numbers")
    assert numbers > 900


def test_the_three_stakes_add_up_to_what_is_locked(report: Report) -> None:
    parts = [report.figures[stake.name].value for stake in STAKES]
    assert all(isinstance(part, int) and part > 0 for part in parts)
    assert sum(int(part or 0) for part in parts) == report.figures["locked"].value
    listed = sum(int(opening.stake.value or 0) for opening in openings(report.projects))
    assert listed == report.figures["locked"].value


def test_every_figure_has_its_definition(report: Report, site: dict[str, bytes]) -> None:
    method = site["method/index.html"].decode()
    for name in {figure.name.partition("@")[0] for figure in report.all_figures()}:
        assert f'id="{name}"' in method, name


def test_types_and_months_count_each_project_once(report: Report) -> None:
    def total(name: str) -> int:
        return sum(
            int(figure.value or 0) for key, figure in report.figures.items() if key.startswith(f"{name}@")
        )

    assert report.figures["projects"].value == PROJECTS
    assert total("projects_of") == PROJECTS
    assert total("projects_new") == PROJECTS
    assert total("raised_of") == report.figures["raised"].value
    assert total("locked_of") == report.figures["locked"].value


def test_the_lists_of_stages_have_each_opening_once(report: Report, site: dict[str, bytes]) -> None:
    rows = sum(
        data.count(b'data-label="Opens"')
        for path, data in site.items()
        if path.startswith(("stages/coming/", "stages/open/"))
    )
    assert rows == len(openings(report.projects))
    events = site["stages/stages.ics"].count(b"BEGIN:VEVENT")
    coming = [part for stake in (DUE_SOON, DUE_LATER) for part in report.figures[stake.name].inputs]
    assert events == len(coming) > 10


def test_long_titles_are_cut_in_lists_only(report: Report, site: dict[str, bytes]) -> None:
    one = next(project for project in report.projects if project.title == LONG)
    whole = LONG.strip().encode()
    assert len(LONG) > TITLE
    assert whole in site[f"p/{one.slug}/index.html"]
    lists = [data for path, data in site.items() if path == "index.html" or path.startswith("projects/")]
    assert not any(whole in data for data in lists)
    assert any(LONG[: TITLE - 1].rstrip().encode() + "…".encode() in data for data in lists)


def test_the_same_log_gives_the_same_bytes(content: pages.Content) -> None:
    log = lines(40, busy=0.1)
    once, again = (
        dict(pages.render(build(fold(some), config(), demo=False), content))
        for some in (log, list(reversed(log)))
    )
    assert once == again


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1, 7 * ROWS])
def test_sheets_hold_every_row_in_order(rows: int) -> None:
    found = sheets(range(rows))
    assert [row for sheet in found for row in sheet.rows] == list(range(rows))
    assert all(sheet.count == len(found) == max(1, -(-rows // ROWS)) for sheet in found)
    for sheet in found:
        assert sheet.rows == range(sheet.first - 1, sheet.first - 1 + len(sheet.rows))
        assert {1, sheet.number, sheet.count} <= set(sheet.numbers)


def test_page_numbers_leave_out_two_pages_or_more() -> None:
    assert [sheet.numbers for sheet in sheets(range(9 * ROWS))] == [
        [1, 2, 3, None, 9],
        [1, 2, 3, 4, None, 9],
        [1, 2, 3, 4, 5, None, 9],
        [1, 2, 3, 4, 5, 6, None, 9],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, None, 4, 5, 6, 7, 8, 9],
        [1, None, 5, 6, 7, 8, 9],
        [1, None, 6, 7, 8, 9],
        [1, None, 7, 8, 9],
    ]


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.UNAVAILABLE])
def test_a_network_without_projects_says_whether_that_is_known(
    content: pages.Content, outcome: Outcome
) -> None:
    [line] = lines(0)
    asked = msgspec.structs.replace(line.record.asked[0], outcome=outcome)
    run = msgspec.structs.replace(line.record, asked=(asked,))
    built = build(fold([Line(run=line.run, record=run)]), config(), demo=False)
    files = dict(pages.render(built, content))
    known = outcome is Outcome.OK
    names = ("projects", *(stake.name for stake in STAKES))
    assert [built.figures[name].value for name in names] == [0 if known else None] * 4
    numbers = KnownNumbers.of(built)
    for path in ("index.html", "network/index.html", "stages/index.html", "stages/open/index.html"):
        assert audit(files[path].decode(), numbers).problems == [], path
    assert (b"not known" in files["network/index.html"]) is not known
    page = without_terms(files["stages/index.html"].decode())
    assert "No funded stage opens in the next 90 days." in page
    for path in ("stages/coming/index.html", "network/index.html"):
        assert (b"there may be some" in files[path]) is not known, path


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (lambda project: project.title == RTL, f'<bdi data-said="source">{RTL}</bdi>'),
        (lambda project: project.goal is None, '<span class="unknown">no goal</span>'),
        (lambda project: project.status is ProjectStatus.REACHED, "</svg>Goal reached</span>"),
        (lambda project: project.status is ProjectStatus.ENDED, "</svg>Ended below goal</span>"),
        (lambda project: not project.entries, "</svg>no money yet</span>"),
        (lambda project: not project.title.startswith(("Project", "Firmware", RTL)), ">angor1q000"),
    ],
    ids=["right to left", "no goal", "reached", "ended", "no contribution", "no title"],
)
def test_each_state_of_a_project_is_named_in_its_row(
    report: Report, site: dict[str, bytes], state: Callable[[ProjectReport], bool], text: str
) -> None:
    html = "".join(
        data.decode() for path, data in site.items() if path == "index.html" or re.match(r"projects/\d", path)
    )
    rows = [row.partition("</tr>")[0] for row in html.split("<tr>")]
    found = [project for project in report.projects if state(project)]
    assert found
    for project in found:
        [row] = [row for row in rows if f'p/{project.slug}/index.html">' in row and '<td class="ev">' in row]
        assert text in row, project.slug


def test_what_is_not_read_stands_on_the_front_page_and_in_the_census(content: pages.Content) -> None:
    found = lines(3)
    far = "angor1" + "q" * 37 + "p9"
    unread = Announced(
        id=f"angor:{far}",
        source="angor",
        outcome=Census.UNREAD,
        cause=Cause.BYTES,
        reason="no server shows transaction 1234567 <b>",
        since=datetime(2026, 1, 1, tzinfo=UTC),
        at_most_msat=7_000_000,
    )
    built = build(fold([*found, Line(run=found[-1].run, record=unread)]), config(), demo=False)
    files = dict(pages.render(built, content))
    numbers = KnownNumbers.of(built)
    for path in ("index.html", "network/index.html"):
        page = files[path].decode()
        assert audit(page, numbers).problems == [], path
        assert far in page
        assert "No server shows a transaction that pays it" in page
        assert f'data-figure="all/raised_at_most@{far}"' in page
        assert "1234567 &lt;b&gt;" in page
