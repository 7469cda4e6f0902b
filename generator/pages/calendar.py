"""Openings and last days as iCalendar files (RFC 5545): whole days, stable ids, no clock."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from generator.pages.elsewhere import address, one_line, warning
from generator.report import ProjectReport, Report
from generator.report.days import day_of
from generator.report.portfolio.openings import StageOpening, ahead, openings
from generator.text_format import clean
from generator.wording import Shown, plain

CALENDAR: Final = "stages/stages.ics"
_OCTETS: Final = 75  #: of one line, its end not counted
_DAY: Final = timedelta(days=1)


class _About(NamedTuple):
    """What an event says."""

    name: str  #: in its id
    day: date
    what: str
    text: str
    since: datetime | None  #: when it last became another one


def calendar_files(report: Report) -> dict[str, bytes]:
    """Return the openings to come as a calendar, and the dates of each project that has extras and dates."""
    found = {CALENDAR: ics(report, ahead(openings(report.projects), report.as_of.date()))}
    for project in report.projects:
        if has_calendar(project):
            own = _last_day(report, project)
            name = f"Dates: {one_line(project.title)}"
            found[f"p/{project.slug}/calendar.ics"] = ics(report, openings([project]), more=own, name=name)
    return found


def has_calendar(project: ProjectReport) -> bool:
    """Tell whether a project has a calendar of its own: stages that hold money, or a last day."""
    return project.has_extras and bool(project.ends_at or openings([project]))


def ics(report: Report, found: Iterable[StageOpening], *, more: Iterable[str] = (), name: str = "") -> bytes:
    """Return a calendar with one all-day event for each opening; the same report gives the same bytes."""
    name = escaped(name or f"Stages: {clean(report.title)}")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sunlit//Stages//EN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *(line for opening in found for line in _opening(report, opening)),
        *more,
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _opening(report: Report, opening: StageOpening) -> Iterator[str]:
    day = opening.stage.opens_on
    stage = f"stage {opening.stage.number}" if opening.stage.number else "a stage"
    stake = "not known" if opening.stake.value is None else plain((Shown(opening.stake),))
    text = (
        f"The founder may claim {stage} from this day, investors may leave before. Locked in it as of "
        f"{opening.project.shown_until}: {stake}."
    )
    project = opening.project
    about = _About(f"{project.slug}-{day}", day, f"{stage} opens", text, project.changed_at)
    yield from _event(report, project, about)


def _last_day(report: Report, project: ProjectReport) -> Iterator[str]:
    """Yield the event of the last day on which money counts for the goal."""
    if project.ends_at is not None:
        day = day_of(project.ends_at - timedelta(microseconds=1))
        text = f"The last day of {one_line(project.title)}, as its source names it."
        moved = [edit.seen_after.at for edit in project.edits if edit.term == "ends_at"]
        since = max(moved, default=project.first_seen_at)
        yield from _event(report, project, _About(f"{project.slug}-last-day", day, "last day", text, since))


def _event(report: Report, project: ProjectReport, about: _About) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{about.name}@sunlit"
    yield f"DTSTAMP:{(about.since or report.as_of).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{about.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{about.day + _DAY:%Y%m%d}"
    yield f"SUMMARY:{escaped(one_line(project.title))}: {about.what}"
    yield f"DESCRIPTION:{escaped(warning(report) + about.text)}"
    if url := address(report, f"p/{project.slug}/index.html"):
        yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Escape a text for a value of RFC 5545's type TEXT."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, never inside a character; the rest begin with a space."""
    piece, used = "", 0
    for letter in line:
        size = len(letter.encode())
        if used + size > _OCTETS:
            yield piece
            piece, used = " ", 1
        piece += letter
        used += size
    yield piece
