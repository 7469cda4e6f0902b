"""Whose word each row of a report's raised is; pure."""

from generator.ledger import Entry, Kind, Status, Verification, moves
from generator.places import ANGOR
from generator.report import Report
from generator.report.figures.sums import contributions
from generator.report.place_owners import PlaceOwners
from generator.snapshot import EventRecord, Known, Project
from generator.verify.verdict import WordSums


def word_sums(report: Report, known: Known) -> WordSums:
    """Return whose word each row of raised is, of all projects of a report.

    What rests on terms that were taken down is derived by nobody, whatever its rows say.
    """
    redacted = {record.id for record in known.of(EventRecord) if record.redacted}
    underived = {project.id for project in known.of(Project) if project.event_id in redacted}
    stores = PlaceOwners.of(report.config).stores.values()
    listed = frozenset(name for names in stores for name in names)
    sums = dict.fromkeys(WordSums.__struct_fields__, 0)
    for project in report.projects:
        for entry in filter(moves, contributions(project.entries)):
            whose = "publisher_msat" if entry.place in underived else _word_of(entry, listed)
            sums[whose] += entry.amount_msat
        waiting = (entry for entry in project.entries if entry.source == ANGOR and _waits(entry))
        sums["waiting_msat"] += sum(entry.amount_msat for entry in waiting)
    return WordSums(**sums)


def _waits(entry: Entry) -> bool:
    return entry.kind is Kind.INVESTMENT and entry.status is Status.PENDING


def _word_of(entry: Entry, listed: frozenset[str]) -> str:
    if entry.source == ANGOR:
        return "proven_msat" if entry.verification is Verification.PROVEN else "indexer_msat"
    return "btcpay_msat" if entry.source in listed else "publisher_msat"
