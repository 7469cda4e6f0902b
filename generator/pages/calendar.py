"""The openings as an iCalendar file (RFC 5545): whole days, stable ids, no clock."""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from typing import Final

from generator.report import Report
from generator.report.portfolio.openings import StageOpening
from generator.text_format import clean, shortened
from generator.wording import Shown

_OCTETS: Final = 75  #: of one line, its end not counted
_DAY: Final = timedelta(days=1)


def ics(report: Report, openings: Iterable[StageOpening]) -> bytes:
    """Return a calendar with one all-day event for each opening; the same report gives the same bytes."""
    name = escaped(f"Stages: {clean(report.title)}")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sunlit//Stages//EN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *(line for opening in openings for line in _event(report, opening)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(report: Report, opening: StageOpening) -> Iterator[str]:
    project, day = opening.project, opening.stage.opens_on
    title = escaped(" ".join(shortened(clean(project.title)).split()))
    stage = f"stage {opening.stage.number}" if opening.stage.number else "a stage"
    yield "BEGIN:VEVENT"
    yield f"UID:{project.slug}-{day}@sunlit"
    yield f"DTSTAMP:{(project.changed_at or report.as_of).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + _DAY:%Y%m%d}"
    yield f"SUMMARY:{title}: {stage} opens"
    yield f"DESCRIPTION:{escaped(_description(report, opening, stage))}"
    if report.base_url:
        yield f"URL:{report.base_url.rstrip('/')}/p/{project.slug}/"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(report: Report, opening: StageOpening, stage: str) -> str:
    stake = "not known" if opening.stake.value is None else Shown(opening.stake).text
    text = (
        f"The founder may claim {stage} from this day, investors may leave before. Locked in it as of "
        f"{opening.project.shown_until}: {stake}."
    )
    if report.demo:
        return f"Demo data. {text}"
    return text if report.network == "main" else f"Test network {report.network}. {text}"


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
