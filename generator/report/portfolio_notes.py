"""Notes about the whole site: what it leaves out, what was not read, what the log does not say yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from generator.recorded_words import recognised
from generator.report.census import CensusRow
from generator.report.notes import Note
from generator.sentence import Value, say, say_count
from generator.snapshot import Finding, Key
from generator.snapshot.clock import SERVER_CLOCK
from generator.snapshot.rekey import REKEYED

#: Id of the note that the configuration is newer than the log's bindings.
UNRECORDED: Final = "bindings-unrecorded"
#: Projects that one note names; a network can have thousands.
_MOST_NAMED: Final = 20


def hidden_notes(hidden: int, mode: str) -> Iterator[Note]:
    """Yield how many discovered projects a moderators' list leaves out; they are in no figure."""
    if hidden:
        text = say_count(
            "One project of the network is not shown and in no figure here: on no whitelist of the "
            "moderators "
            "this site follows. The published log has all of them.",
            "{count} projects of the network are not shown and in no figure here: on no whitelist of the "
            "moderators this site follows. The published log has all of them.",
            hidden,
        )
        if mode == "deny":
            text = say_count(
                "One project of the network is not shown and in no figure here: named by a deny list of the "
                "moderators this site follows. The published log has all of them.",
                "{count} projects of the network are not shown and in no figure here: named by a deny "
                "list of "
                "the moderators this site follows. The published log has all of them.",
                hidden,
            )
        yield Note(id=f"moderation/{mode}", day=None, text=text)


def left_out_notes(slugs: Sequence[str]) -> Iterator[Note]:
    """Yield which projects the sums over all projects leave out: nobody told what they raised."""
    if slugs:
        names: Value = ", ".join(slugs[:_MOST_NAMED])
        if len(slugs) > _MOST_NAMED:
            names = say("{names} and {count} others", names=names, count=len(slugs) - _MOST_NAMED)
        text = say_count(
            "What {count} project raised is not known: {names}. Sums over all projects are those of the "
            "others, so they say ≥.",
            "What {count} projects raised is not known: {names}. Sums over all projects are those of the "
            "others, so they say ≥.",
            len(slugs),
            names=names,
        )
        yield Note(id="left-out", day=None, text=text)


def census_notes(rows: Sequence[CensusRow]) -> Iterator[Note]:
    """Yield which announced projects are not read; those that have a page say so there too."""
    for row in rows[:_MOST_NAMED]:
        text = say("{name} is not read. Sums over projects are at least what is shown.", name=row.name)
        if row.reason:
            text = say(
                "{name} is not read: {reason}. Sums over projects are at least what is shown.",
                name=row.name,
                reason=recognised(row.reason),
            )
        yield Note(id=f"unread/{row.identifier}", day=row.since, text=text)


def rekey_notes(findings: Iterable[Finding], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield when rows got other ids; whoever cited an old one must know why it is gone."""
    for finding in findings:
        if finding.check == REKEYED:
            day = days.get(finding.key)
            reason = recognised(finding.reason)
            text = say("Rows of BTCPay were given other ids: {reason}.", reason=reason)
            if day:
                text = say("Rows of BTCPay were given other ids on {day}: {reason}.", day=day, reason=reason)
            yield Note(id=finding.id, day=day, text=text)


def clock_notes(findings: Iterable[Finding], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield of which servers the clock is not ours, and since when."""
    for finding in findings:
        if finding.check == SERVER_CLOCK:
            day = days.get(finding.key)
            told = {"server": finding.subject, "reason": recognised(finding.reason)}
            text = say("{server}: {reason}.", **told)
            if day:
                text = say("{server}: {reason}, since {day}.", **told, day=day)
            yield Note(id=f"{SERVER_CLOCK}/{finding.source}/{finding.subject}", day=day, text=text)


def unrecorded_notes(places: Sequence[str]) -> Iterator[Note]:
    """Yield that the configuration is newer than the log: `places` count for another project than there."""
    if places:
        text = say_count(
            "The configuration is newer than the last run: {count} place of money belongs to another project "
            "than the log says. The next run records it.",
            "The configuration is newer than the last run: {count} places of money belong to another project "
            "than the log says. The next run records it.",
            len(places),
        )
        yield Note(id=UNRECORDED, day=None, text=text)
