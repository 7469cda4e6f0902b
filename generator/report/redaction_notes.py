"""Notes about texts that were taken down: on the front page, and on the page of whose project said them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from generator.report.joined_projects import JoinedProject
from generator.report.notes import Note
from generator.sentence import say
from generator.snapshot import EventRecord, Key, Known, Redaction


def redaction_notes(redactions: Iterable[Redaction], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield what the maintainer took down, when and why; what went with it is not named apart."""
    for redaction in redactions:
        if not redaction.of:
            day = days.get(redaction.key)
            of = {"id": redaction.id, "reason": redaction.reason}
            text = say(
                "Texts of {id} were taken down: {reason}. The log has their hashes; no amount changed.", **of
            )
            if day:
                text = say(
                    "Texts of {id} were taken down on {day}: {reason}. The log has their hashes; no amount "
                    "changed.",
                    **of,
                    day=day,
                )
            yield Note(id=f"redacted/{redaction.id}", day=day, text=text)


def project_redaction_notes(project: JoinedProject, known: Known) -> Iterator[Note]:
    """Yield that a project's texts were taken down, and whether its rows can still be derived again."""
    for record in project.records:
        names = (record.id, record.event_id, *record.evidence)
        found = (known.records.get(("redaction", record.source, name)) for name in names)
        redaction = next((item for item in found if isinstance(item, Redaction)), None)
        if redaction is None:
            continue
        text = say(
            "Texts of this project were taken down: {reason}. No amount changed.", reason=redaction.reason
        )
        event = known.records.get(("event", record.source, record.event_id))
        if isinstance(event, EventRecord) and event.redacted:
            text = say(
                "{said} Its definition is among them: its rows followed from it when they were recorded, and "
                "nobody can derive them again from what is published here. `sunlit verify` says so.",
                said=text,
            )
        yield Note(id=f"redacted/{project.slug}/{record.source}", day=None, text=text)
