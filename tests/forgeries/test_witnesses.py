"""A swapped witness: no id and no Merkle branch covers it, so whoever shows a spend can tell another story.

Every leaf and control block follows from public data; only the signatures do not.
"""

import copy
from dataclasses import dataclass, replace

import pytest

from generator.ledger import Entry, Kind, Verification
from generator.protocol.angor.investments import Matched, match_stages
from generator.protocol.angor.op_return_layouts import parse_investment
from generator.protocol.angor.stage_scripts import StageScripts, control_block
from generator.protocol.bitcoin import Transaction
from generator.protocol.proof import facts
from generator.protocol.proof.facts import WITNESS, WitnessVerdict
from generator.snapshot import Finding, Record, Result
from tests.support.angor_reading import angor, collected, of, relay
from tests.support.esplora import Esplora, Project
from tests.support.forging import terms_of

pytestmark = pytest.mark.anyio

#: Over its own input and output alone, so that nothing else is asked for.
NO_SIGNATURE = bytes(64) + b"\x83"
#: Over every output spent, one of which this indexer does not show.
NO_SIGNATURE_OF_ALL = bytes(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What a stage's spend was, and what a forger wants it to be."""

    real: Kind
    told: Kind
    leaf: str  #: of `StageScripts`

    def __str__(self) -> str:
        return f"a {self.real} shown as a {self.told}"


SWAPS = (
    Swap(real=Kind.PENALTY, told=Kind.CLAIM, leaf="founder"),
    Swap(real=Kind.PENALTY, told=Kind.RECOVERY, leaf="end"),
    Swap(real=Kind.CLAIM, told=Kind.RECOVERY, leaf="end"),
    Swap(real=Kind.RECOVERY, told=Kind.CLAIM, leaf="founder"),
)


def transaction(project: Project, txid: str) -> Transaction:
    return Transaction.parse(bytes.fromhex(project.raw[txid]))


def scripts_at(project: Project, outpoint: str) -> StageScripts:
    """Return what the stage behind an outpoint commits to, from public data alone."""
    txid, _, vout = outpoint.partition(":")
    investment = transaction(project, txid)
    note = parse_investment(investment.outputs[1].script)
    assert note is not None
    matched = match_stages(terms_of(project), note, investment.outputs)
    assert isinstance(matched, Matched)
    [stage] = [stage for stage in matched.stages if stage.vout == int(vout)]
    return stage.scripts


def swapped(project: Project, entry: Entry, leaf_name: str, signature: bytes = NO_SIGNATURE) -> Project:
    """Return the project as a forger's indexer shows it: one input's witness is of another leaf."""
    txid, _, vin = entry.id.partition("/")
    scripts = scripts_at(project, entry.spends)
    leaf: bytes = getattr(scripts, leaf_name)
    real = transaction(project, txid)
    inputs = list(real.inputs)
    inputs[int(vin)] = replace(inputs[int(vin)], witness=(signature, leaf, control_block(scripts, leaf)))
    forged = replace(real, inputs=tuple(inputs))
    assert forged.txid == real.txid
    shown = copy.deepcopy(project)
    shown.raw[txid] = forged.serialize().hex()
    return shown


async def read(project: Project, *shown: Project) -> list[Record]:
    """Read a project from indexers that show it so."""
    async with relay(project.events) as url:
        servers = [Esplora(projects=[project]) for project in shown]
        return await collected(angor(url, servers, {project.identifier: "a"}))


def kinds(records: list[Record]) -> dict[str, Kind]:
    return {entry.id: entry.kind for entry in of(records, Entry)}


@pytest.mark.parametrize("swap", SWAPS, ids=str)
async def test_a_swapped_witness_explains_nothing(
    swap: Swap, invest: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = await read(invest, invest)
    entry = next(entry for entry in of(honest, Entry) if entry.kind is swap.real)
    assert entry.verification is Verification.PROVEN
    forged = swapped(invest, entry, swap.leaf)
    found = await read(invest, forged)
    # what became of a penalty is not followed where nobody shows that there was one
    gone = {other.id for other in of(honest, Entry) if other.spends == entry.id.replace("/", ":")}
    expected = {name: kind for name, kind in kinds(honest).items() if name not in gone}
    assert kinds(found) == expected | {entry.id: Kind.UNCLASSIFIED}
    [finding] = [finding for finding in of(found, Finding) if finding.id == f"{WITNESS}/{entry.id}"]
    assert finding.result is Result.FAILED
    assert "the signature of key" in finding.reason
    # beside a server that shows the real one, the forger is heard in vain, whoever is asked first
    assert await read(invest, forged, invest) == honest
    assert await read(invest, invest, forged) == honest
    monkeypatch.setattr(facts, "run_witness", lambda *_: WitnessVerdict(result=Result.OK))
    believed = next(row for row in of(await read(invest, forged), Entry) if row.id == entry.id)
    assert believed.kind is swap.told
    print(f"{swap}: {entry.amount_msat // 1000:,} sat stay unclassified: {finding.reason}")


async def test_what_a_signature_covers_and_nobody_shows_is_never_proven(invest: Project) -> None:
    honest = await read(invest, invest)
    entry = next(entry for entry in of(honest, Entry) if entry.kind is Kind.PENALTY)
    forged = swapped(invest, entry, "founder", NO_SIGNATURE_OF_ALL)
    found = await read(invest, forged)
    [told] = [row for row in of(found, Entry) if row.id == entry.id]
    assert (told.kind, told.verification) == (Kind.CLAIM, Verification.REPORTED)
    [finding] = [finding for finding in of(found, Finding) if finding.id == f"{WITNESS}/{entry.id}"]
    assert finding.result is Result.NOT_CHECKED
    assert "is not at hand" in finding.reason
    # what another server shows can be checked, so it counts
    assert await read(invest, forged, invest) == honest
