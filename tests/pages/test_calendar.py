"""The calendar file follows RFC 5545, says what is at stake, and never depends on the clock."""

import re

from hypothesis import given
from hypothesis import strategies as st

from generator.pages.calendar import escaped, folded, ics
from generator.report import Report
from generator.report.portfolio.openings import ahead, openings
from generator.wording import Shown
from tests.support.fair import fair


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_each_opening_is_a_whole_day_with_its_stake(report: Report) -> None:
    coming = ahead(openings(report.projects), report.as_of.date())
    lines = unfolded(ics(report, coming))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    days = [line.removeprefix("DTSTART;VALUE=DATE:") for line in lines if line.startswith("DTSTART")]
    assert days == [f"{opening.stage.opens_on:%Y%m%d}" for opening in coming]
    assert len(coming) >= 3
    well = next(opening for opening in coming if opening.project.slug == "well")
    event = lines[lines.index(f"UID:well-{well.stage.opens_on}@sunlit") :]
    assert event[1] == "DTSTAMP:20250703T061000Z"  # when something new was last seen of the project
    assert event[4] == "SUMMARY:Village well and pump for Oberquell: stage 3 opens"
    assert Shown(well.stake).text in event[5]
    assert event[5].startswith("DESCRIPTION:Demo data. ")
    assert event[6] == "URL:https://watershed.example/funding/p/well/"
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    coming = openings(report.projects)
    assert ics(report, coming) == ics(fair().report(), openings(fair().report().projects))


@given(st.text(max_size=300))
def test_lines_are_at_most_75_octets_and_read_back(text: str) -> None:
    text = escaped(re.sub("[\ud800-\udfff\r]", "", text))
    pieces = list(folded(f"SUMMARY:{text}"))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == f"SUMMARY:{text}"
    assert "\n" not in text
