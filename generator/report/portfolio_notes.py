"""Notes about the whole site: what it leaves out, what was not read, what the log does not say yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from generator.report.census import CensusRow
from generator.report.notes import Note
from generator.snapshot import Finding, Key
from generator.snapshot.clock import SERVER_CLOCK
from generator.snapshot.rekey import REKEYED
from generator.text_format import counted

#: Id of the note that the configuration is newer than the log's bindings.
UNRECORDED: Final = "bindings-unrecorded"
#: Projects that one note names; a network can have thousands.
_MOST_NAMED: Final = 20


def hidden_notes(hidden: int, mode: str) -> Iterator[Note]:
    """Yield how many discovered projects a moderators' list leaves out; they are in no figure."""
    if hidden:
        count = "1 project of the network is" if hidden == 1 else f"{hidden} projects of the network are"
        why = "named by a deny list" if mode == "deny" else "on no whitelist"
        text = (
            f"{count} not shown and in no figure here: {why} of the moderators this site follows. "
            "The published log has all of them."
        )
        yield Note(id=f"moderation/{mode}", day=None, text=text)


def left_out_notes(slugs: Sequence[str]) -> Iterator[Note]:
    """Yield which projects the sums over all projects leave out: nobody told what they raised."""
    if slugs:
        count = counted(len(slugs), "project")
        others = f" and {len(slugs) - _MOST_NAMED} others" if len(slugs) > _MOST_NAMED else ""
        text = (
            f"What {count} raised is not known: {', '.join(slugs[:_MOST_NAMED])}{others}. "
            "Sums over all projects are those of the others, so they say ≥."
        )
        yield Note(id="left-out", day=None, text=text)


def census_notes(rows: Sequence[CensusRow]) -> Iterator[Note]:
    """Yield which announced projects are not read; those that have a page say so there too."""
    for row in rows[:_MOST_NAMED]:
        reason = f": {row.reason}" if row.reason else ""
        text = f"{row.name} is not read{reason}. Sums over projects are at least what is shown."
        yield Note(id=f"unread/{row.identifier}", day=row.since, text=text)


def rekey_notes(findings: Iterable[Finding], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield when rows got other ids; whoever cited an old one must know why it is gone."""
    for finding in findings:
        if finding.check == REKEYED:
            day = days.get(finding.key)
            text = f"Rows of BTCPay were given other ids{f' on {day}' if day else ''}: {finding.reason}."
            yield Note(id=finding.id, day=day, text=text)


def clock_notes(findings: Iterable[Finding], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield of which servers the clock is not ours, and since when."""
    for finding in findings:
        if finding.check == SERVER_CLOCK:
            day = days.get(finding.key)
            text = f"{finding.subject}: {finding.reason}{f', since {day}' if day else ''}."
            yield Note(id=f"{SERVER_CLOCK}/{finding.source}/{finding.subject}", day=day, text=text)


def unrecorded_notes(places: Sequence[str]) -> Iterator[Note]:
    """Yield that the configuration is newer than the log: `places` count for another project than there."""
    if places:
        text = (
            f"The configuration is newer than the last run: {counted(len(places), 'place')} of money "
            "belong to another project than the log says. The next run records it."
        )
        yield Note(id=UNRECORDED, day=None, text=text)
