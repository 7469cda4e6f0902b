"""Every project that the log speaks of has its line in the census, and evidence does not say otherwise.

An unread project makes sums "at least". So a forger would like to lose its line, or to
call it only announced; what the log still holds of it speaks against that. Where nothing
else of a project was recorded nothing can: that is a limit, and the page says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from generator.judge.bookkeeping import ProjectFindings
from generator.judge.recorded_chain import RecordedChain
from generator.ledger import Entry, Kind, Status
from generator.places import ANGOR, angor_place, identifier_in
from generator.protocol.angor.project_identifier import KeyProblem
from generator.protocol.proof.committed_terms import DEFINITION, announced_in, establish_terms
from generator.protocol.proof.founding import choose_founding, is_founding
from generator.snapshot import Announced, Census, Finding, Known, Project
from generator.verify.results import CheckResult, checked


def check_census(known: Known, evidence: RecordedChain, network: str) -> CheckResult:
    """Return whether each project of the log is in the census as what the log holds of it allows."""
    lines = known.of(Announced)
    missing = sorted(_spoken_of(known, evidence, network) - {line.id for line in lines})
    problems = [f"{place} is spoken of in the log and not in the census" for place in missing]
    projects = {project.id: project for project in known.of(Project) if project.source == ANGOR}
    paid = _paid(known)
    for line in lines:
        try:
            found = (
                *_of_itself(line, known.as_of or line.since),
                *_of_evidence(line, evidence, network),
                *_of_records(line, projects.get(line.id), paid.get(line.id)),
            )
        except KeyProblem as error:
            found = (str(error),)
        problems += (f"{line.id} is {line.outcome.value} in the census: {problem}" for problem in found)
    return checked("census", problems, len(lines))


def _spoken_of(known: Known, evidence: RecordedChain, network: str) -> set[str]:
    """Return the places of all projects that records or stored definitions are about."""
    places = {project.id for project in known.of(Project)}
    places |= {entry.place for entry in known.of(Entry)} | {finding.place for finding in known.of(Finding)}
    definitions = (event for event in evidence.events.values() if event.kind == DEFINITION)
    defined, _ = announced_in(definitions, network)
    return {place for place in places if identifier_in(place)} | {angor_place(name) for name in defined}


def _paid(known: Known) -> Mapping[str, int]:
    """Return the investments of each place that count or wait, in msat."""
    paid: defaultdict[str, int] = defaultdict(int)
    for entry in known.of(Entry):
        if entry.kind is Kind.INVESTMENT and entry.status is not Status.EXCLUDED:
            paid[entry.place] += entry.amount_msat
    return paid


def _of_itself(line: Announced, as_of: datetime) -> Iterator[str]:
    if (line.cause is None) is (line.outcome is Census.UNREAD):
        yield "only an unread one has a cause, and each of them has one"
    if line.since > as_of:
        yield f"it was first asked for on {line.since:%Y-%m-%d}, after the last run"


def _of_records(line: Announced, project: Project | None, paid_msat: int | None) -> Iterator[str]:
    read, whole = line.outcome is Census.READ, project is not None and project.complete
    if read is not whole:
        yield "its record says that it was read whole" if whole else "no record of it was read whole"
    if line.outcome in (Census.UNFOUNDED, Census.UNKNOWN_TERMS) and paid_msat is not None:
        yield "the log has investments in it"
    if line.at_most_msat is not None and line.at_most_msat < (paid_msat or 0):
        yield f"at most {line.at_most_msat} msat, and the log has {paid_msat} msat"


def _of_evidence(line: Announced, evidence: RecordedChain, network: str) -> Iterator[str]:
    identifier = identifier_in(line.id)
    candidates = evidence.candidates(identifier)
    if line.outcome is Census.UNFOUNDED:
        founding = (
            placed.txid
            for placed in candidates
            if is_founding(identifier, network, placed.transaction.outputs)
        )
        yield from (f"transaction {txid} founds it" for txid in founding)
    founded = choose_founding(candidates, identifier, network)
    if line.outcome is Census.UNKNOWN_TERMS and not isinstance(founded, str):
        event = evidence.events.get(founded.founding.event_id)
        checks = ProjectFindings(source=ANGOR, place=line.id)
        if establish_terms(event, founded, identifier, network=network, checks=checks):
            yield f"event {founded.founding.event_id} holds its terms"
