"""Openings and last days as iCalendar files (RFC 5545): whole days, stable ids, no clock."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from generator.language import ENGLISH, Language
from generator.pages.elsewhere import address, one_line, warned
from generator.report import ProjectReport, Report
from generator.report.days import day_of
from generator.report.portfolio.openings import StageOpening, ahead, openings
from generator.sentence import Sentence, say
from generator.text_format import clean
from generator.wording import Shown, plain

CALENDAR: Final = "stages/stages.ics"
_OCTETS: Final = 75  #: of one line, its end not counted
_DAY: Final = timedelta(days=1)


class _About(NamedTuple):
    """What an event says."""

    name: str  #: in its id
    day: date
    what: Sentence
    text: Sentence
    since: datetime | None  #: when it last became another one


def calendar_files(report: Report, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return the openings to come as a calendar, and the dates of each project that has extras and dates."""
    coming = ahead(openings(report.projects), report.as_of.date())
    found = {CALENDAR: ics(report, coming, language=language)}
    for project in report.projects:
        if has_calendar(project):
            found[f"p/{project.slug}/calendar.ics"] = ics(
                report,
                openings([project]),
                more=_last_day(report, project, language),
                name=say("Dates: {title}", title=one_line(project.title)),
                language=language,
            )
    return found


def has_calendar(project: ProjectReport) -> bool:
    """Tell whether a project has a calendar of its own: stages that hold money, or a last day."""
    return project.has_extras and bool(project.ends_at or openings([project]))


def ics(
    report: Report,
    found: Iterable[StageOpening],
    *,
    more: Iterable[str] = (),
    name: Sentence | None = None,
    language: Language = ENGLISH,
) -> bytes:
    """Return a calendar with one all-day event for each opening; the same report gives the same bytes."""
    called = escaped(plain(name or say("Stages: {title}", title=clean(report.title)), language))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Sunlit//Stages//{language.code.upper()}",
        f"NAME:{called}",
        f"X-WR-CALNAME:{called}",
        *(line for opening in found for line in _opening(report, opening, language)),
        *more,
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _opening(report: Report, opening: StageOpening, language: Language) -> Iterator[str]:
    day = opening.stage.opens_on
    project, number = opening.project, opening.stage.number
    what, may = say("a stage opens"), say("The founder may claim a stage from this day.")
    if number:
        what = say("stage {number} opens", number=number)
        may = say("The founder may claim stage {number} from this day.", number=number)
    text = say(
        "{may} Investors may leave before. Locked in it as of {day}: {stake}.",
        may=may,
        day=project.shown_until,
        stake=Shown(opening.stake),
    )
    about = _About(f"{project.slug}-{day}", day, what, text, project.changed_at)
    yield from _event(report, project, about, language)


def _last_day(report: Report, project: ProjectReport, language: Language) -> Iterator[str]:
    """Yield the event of the last day on which money counts for the goal."""
    if project.ends_at is not None:
        day = day_of(project.ends_at - timedelta(microseconds=1))
        text = say("The last day of {title}, as its source names it.", title=one_line(project.title))
        moved = [edit.seen_after.at for edit in project.edits if edit.term == "ends_at"]
        since = max(moved, default=project.first_seen_at)
        about = _About(f"{project.slug}-last-day", day, say("last day"), text, since)
        yield from _event(report, project, about, language)


def _event(report: Report, project: ProjectReport, about: _About, language: Language) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{about.name}@sunlit"
    yield f"DTSTAMP:{(about.since or report.as_of).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{about.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{about.day + _DAY:%Y%m%d}"
    yield f"SUMMARY:{escaped(one_line(project.title))}: {escaped(plain(about.what, language))}"
    yield f"DESCRIPTION:{escaped(plain(warned(report, about.text), language))}"
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
