"""Thirty ways to make a total wrong: each changes nothing, is named, and would work without its check.

Each forgery is shown to the real source by an indexer or a relay. The sums with it
equal those without; its id stands under its finding; and with that one check
switched off in the test the sums differ, so the check is what holds.
"""

import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest

from generator.ledger import Entry, Status, Verification
from generator.protocol.angor.investments import Matched
from generator.protocol.angor.op_return_layouts import (
    DynamicInfo,
    Founding,
    InvestmentNote,
    founding_script,
    investment_script,
)
from generator.protocol.angor.stage_scripts import INTERNAL_KEY
from generator.protocol.angor.stage_tree import root_of
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import (
    MalformedData,
    Op,
    Output,
    leaf_hash,
    op_return,
    script_of,
    taproot_output_script,
)
from generator.protocol.bitcoin.script import pushes
from generator.protocol.bitcoin.taproot import branch_hash
from generator.protocol.nostr import sign
from generator.protocol.proof import facts, founding
from generator.protocol.proof.facts import RejectedInvestment
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import Inclusion, PlacedTransaction
from generator.snapshot import Finding, Record, Result
from generator.sources.angor import investment_reading
from generator.sources.indexers import Indexers
from tests.support import forging
from tests.support.angor_reading import angor, collected, of, relay
from tests.support.esplora import Esplora, Project
from tests.support.forging import (
    OWN,
    key,
    later,
    lenient_stages,
    own_output,
    paying,
    scripts_of,
    shown,
    stages,
    terms_of,
    tree_of,
)

pytestmark = pytest.mark.anyio

Forge = Callable[[Project], str]
Sums = dict[tuple[str, str], int]
#: What one check decides, and how the test switches it off.
Off = Callable[[pytest.MonkeyPatch], None]


def stage_scripts_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("generator.protocol.proof.facts.match_stages", lenient_stages)


def note_off(patch: pytest.MonkeyPatch) -> None:
    strict = investment_reading.investment_note

    def lenient(outputs: list[Output], project_script: bytes) -> InvestmentNote | None:
        return strict(outputs, project_script) or InvestmentNote(investor_key=key())

    patch.setattr(investment_reading, "investment_note", lenient)


def order_off(patch: pytest.MonkeyPatch) -> None:
    judge = facts.match_investment

    def judged(
        placed: PlacedTransaction, note: InvestmentNote, founded: Founded, terms: Terms
    ) -> Matched | RejectedInvestment:
        return judge(placed, note, replace(founded, height=0), terms)

    patch.setattr(facts, "match_investment", judged)


def first_founding_off(patch: pytest.MonkeyPatch) -> None:
    order = founding._order

    def reversed_order(candidate: tuple[PlacedTransaction, Founding]) -> tuple[int, int, str]:
        height, position, txid = order(candidate)
        return -height, position, txid

    patch.setattr(founding, "_order", reversed_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """A forgery, the finding that names it, and the check that stops it."""

    name: str
    forge: Forge  #: returns the id that the finding is about
    check: str
    off: Off


def locked(name: str, forge: Callable[[Project], list[bytes]]) -> Forgery:
    """Return a forgery of stage outputs: everything else about the transaction is right."""
    return Forgery(
        name=name,
        forge=lambda project: paying(project, forge(project)),
        check="stage-scripts",
        off=stage_scripts_off,
    )


def noted(name: str, note: Callable[[Project], bytes]) -> Forgery:
    """Return a forgery of the note: the stage outputs are those of an honest investor."""
    return Forgery(
        name=name,
        forge=lambda project: paying(project, stages(scripts_of(terms_of(project))), note=note(project)),
        check="investment-note",
        off=note_off,
    )


def changed(project: Project, **leaves: bytes) -> list[bytes]:
    """Return stage outputs of which every tree has another leaf."""
    return [forging.output_script(replace(stage, **leaves)) for stage in scripts_of(terms_of(project))]


def reordered(project: Project) -> list[bytes]:
    first, second, *rest = stages(scripts_of(terms_of(project)))
    return [second, first, *rest]


def fourth_own(project: Project) -> list[bytes]:
    return [*stages(scripts_of(terms_of(project)))[:3], own_output(9)]


def key_path(project: Project) -> list[bytes]:
    """Return the right trees under an internal key whose secret the forger has."""
    from_own = forging.public_xonly(OWN)
    return [tree_of(stage.leaves, from_own) for stage in scripts_of(terms_of(project))]


def back_door(project: Project) -> list[bytes]:
    """Return trees with one more leaf, that the forger can sign for alone."""
    return [
        forging.output_script(replace(stage, seeders=(OWN_LEAF,))) for stage in scripts_of(terms_of(project))
    ]


def leaf_version(project: Project) -> list[bytes]:
    """Return trees whose leaves have a version that means: anyone can spend."""
    found = []
    for stage in scripts_of(terms_of(project)):
        hashes = [leaf_hash(leaf, 0xC2) for leaf in stage.leaves]
        found.append(taproot_output_script(INTERNAL_KEY, root_of(hashes)))
    return found


def flat(project: Project) -> list[bytes]:
    """Return trees of the right leaves in another shape."""
    found = []
    for stage in scripts_of(terms_of(project)):
        founder, recover, end = (leaf_hash(leaf) for leaf in stage.leaves)
        found.append(taproot_output_script(INTERNAL_KEY, branch_hash(branch_hash(founder, recover), end)))
    return found


def another_project(project: Project) -> list[bytes]:
    """Return what is right for a project whose founder is the forger."""
    return stages(scripts_of(replace(terms_of(project), founder_key=key(), founder_recovery_key=key())))


def moved(project: Project, **shift: timedelta) -> list[bytes]:
    return stages(scripts_of(later(terms_of(project), **shift)))


def own_key(secret: int) -> str:
    return key(bytes([secret]) * 32)


def second_founding(project: Project) -> str:
    """Found it again for terms of the forger's, signed by the forger and shown by the relay."""
    [event] = [event for event in project.events if event["kind"] == 3030]
    terms = terms_of(project)
    content = event["content"].replace("1751328000", "1751328060")  # the first opening
    assert content != event["content"]
    forged = sign(OWN, kind=3030, content=content, created_at=event["created_at"] + 1)
    project.events.append(dict(forged.to_obj()))
    says = Founding(founder_key=terms.founder_key, event_id=forged.id)
    fee = Output(value_sat=10_001, script=forging.project_script(project.identifier))
    return shown(project, [fee, Output(value_sat=0, script=founding_script(says))], height=882_101)


def before_founding(project: Project) -> str:
    return paying(project, stages(scripts_of(terms_of(project))), height=882_000)


def dynamic(project: Project) -> bytes:
    """Return the note of an investment in a Fund, here in an Invest project."""
    start = terms_of(project).expiry_date
    info = DynamicInfo.starting(start, pattern_id=0, stage_count=4)
    return investment_script(InvestmentNote(investor_key=key(), stage_info=info))


RAW = bytes.fromhex(key())
OWN_LEAF = script_of(forging.public_xonly(OWN), Op.CHECKSIG)  #: the forger signs, and that is all
FORGERIES = (
    locked("outputs that only the forger can spend", lambda _: [own_output(n) for n in range(4)]),
    locked("stages of another investor's key", lambda p: stages(scripts_of(terms_of(p), own_key(0x42)))),
    locked("stages of another project", another_project),
    locked(
        "the founder's key replaced",
        lambda p: stages(scripts_of(replace(terms_of(p), founder_key=own_key(0x43)))),
    ),
    locked(
        "the recovery key replaced",
        lambda p: stages(scripts_of(replace(terms_of(p), founder_recovery_key=own_key(0x44)))),
    ),
    locked("an earlier expiry", lambda p: moved(p, expiry=-timedelta(days=200))),
    locked("an expiry a second later", lambda p: moved(p, expiry=timedelta(seconds=1))),
    locked("stages that open a day later", lambda p: moved(p, stages=timedelta(days=1))),
    locked("stages in another order", reordered),
    locked("one stage for the forger", fourth_own),
    locked("the last stage missing", lambda p: stages(scripts_of(terms_of(p)))[:3]),
    locked("the first stage missing", lambda p: stages(scripts_of(terms_of(p)))[1:]),
    locked("one stage four times", lambda p: stages(scripts_of(terms_of(p)))[:1] * 4),
    locked("an internal key of the forger's", key_path),
    locked("a back door beside the leaves", back_door),
    locked("a leaf version that anyone can spend", leaf_version),
    locked("the right leaves in another tree", flat),
    locked("a founder's leaf without its date", lambda p: changed(p, founder=OWN_LEAF)),
    locked("an investor's leaf without its date", lambda p: changed(p, end=OWN_LEAF)),
    locked("a recovery that needs no founder", lambda p: changed(p, recover=OWN_LEAF)),
    locked("keys that nobody can have", lambda _: [b"\x51\x20" + bytes(32)] * 4),
    locked("keys that are no points", lambda _: [b"\x51\x20" + b"\xff" * 32] * 4),
    Forgery(
        name="a seeder's note over an investor's stages",
        forge=lambda p: paying(
            p,
            stages(scripts_of(terms_of(p))),
            note=investment_script(InvestmentNote(investor_key=key(), secret_hash="ab" * 32)),
        ),
        check="stage-scripts",
        off=stage_scripts_off,
    ),
    noted("a founding's note", lambda _: founding_script(Founding(founder_key=key(), event_id="cd" * 32))),
    noted("a note with one push too many", lambda _: op_return(RAW, bytes(4), bytes(32))),
    noted("a push of another length", lambda _: op_return(RAW, bytes(5))),
    noted("a key that is no point", lambda _: op_return(b"\x02" + b"\xff" * 32)),
    noted("a note that ends in an opcode", lambda _: op_return(RAW) + b"\xac"),
    noted("a note that breaks off", lambda _: op_return(RAW) + b"\x20" + bytes(8)),
    Forgery(name="before the founding", forge=before_founding, check="after-founding", off=order_off),
    Forgery(name="a second founding", forge=second_founding, check="single-founding", off=first_founding_off),
)


def sums(records: list[Record]) -> Sums:
    """Return millisatoshis of confirmed rows by kind."""
    rows = [entry for entry in of(records, Entry) if entry.status is Status.CONFIRMED]
    return {
        (str(kind), str(level)): sum(
            entry.amount_msat for entry in rows if entry.kind is kind and entry.verification is level
        )
        for kind, level in itertools.product({entry.kind for entry in rows}, Verification)
    }


async def read(project: Project) -> list[Record]:
    """Let the source read a project from two indexers and a relay."""
    async with relay(project.events) as url:
        servers = [Esplora(projects=[project]), Esplora(projects=[project])]
        return await collected(angor(url, servers, {project.identifier: "a"}))


def test_there_are_thirty() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES) >= 30


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
async def test_a_forgery_changes_nothing_and_is_named(
    forgery: Forgery, invest: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = sums(await read(invest))
    forged = copy.deepcopy(invest)
    subject = forgery.forge(forged)
    records = await read(forged)
    assert sums(records) == honest
    named = [
        finding
        for finding in of(records, Finding)
        if finding.subject == subject and finding.check == forgery.check
    ]
    [finding] = named
    assert finding.result is Result.FAILED
    assert finding.reason
    forgery.off(monkeypatch)
    told = difference(honest, sums(await read(forged)))
    assert told, f"{forgery.name}: without {forgery.check} the sums are the same, so it stops nothing"
    print(f"{forgery.name}: {forgery.check}: {finding.reason}; without the check {told}")


def difference(honest: Sums, other: Sums) -> str:
    """Return in words by how much other sums are off, empty when they are not."""
    names = sorted({*honest, *other})
    changes = {"/".join(name): (other.get(name, 0) - honest.get(name, 0)) // 1000 for name in names}
    return ", ".join(f"{name} {sat:+,} sat" for name, sat in changes.items() if sat)


async def test_the_lenient_count_of_others_is_off(invest: Project) -> None:
    """All forgeries at once: what hub and app would sum, against what is proven."""
    honest = sums(await read(invest))
    forged = copy.deepcopy(invest)
    for forgery in FORGERIES:
        if forgery.name != "a second founding":
            forgery.forge(forged)
    strict = sums(await read(forged))
    assert strict == honest
    confirmed = [row for row in forged.rows.values() if row["status"]["confirmed"]]
    address = forged.address
    lenient_sat = sum(
        output["value"]
        for row in confirmed
        if row["vout"][0].get("scriptpubkey_address") == address and is_note(row["vout"][1:2])
        for output in row["vout"][2:]
        if output["scriptpubkey"].startswith("5120")
    )
    strict_sat = sum(msat for (kind, _), msat in strict.items() if kind == "investment") // 1000
    print(f"raised by strict rules {strict_sat:,} sat, by the lenient rule {lenient_sat:,} sat: ", end="")
    print(f"{lenient_sat - strict_sat:,} sat too much, {lenient_sat / strict_sat:.2f} times")
    assert lenient_sat > strict_sat + 20 * 3 * forging.STAGE_SAT


@pytest.mark.parametrize("longer", ["4c21", "4d2100", "4e21000000"])
async def test_a_note_in_a_longer_push_is_a_note(invest: Project, longer: str) -> None:
    """The money is as locked, upstream reads it, and a claim of several investments shows it to `verify`."""
    usual, longest = copy.deepcopy(invest), copy.deepcopy(invest)
    locked_in = stages(scripts_of(terms_of(invest)))
    paying(usual, locked_in)
    paying(longest, locked_in, note=bytes.fromhex(f"6a{longer}{key()}"))
    expected = sums(await read(usual))
    assert expected != sums(await read(invest))
    assert sums(await read(longest)) == expected


def is_note(second: list[dict[str, str]]) -> bool:
    """Tell whether a transaction looks like an investment to the hub: a second operation of 33 bytes."""
    try:
        items = [item for output in second for item in pushes(bytes.fromhex(output["scriptpubkey"]))]
    except MalformedData:
        return False
    return bool(items) and len(items[0]) == 33


LIES = {
    "a branch that leads elsewhere": lambda inclusion: replace(inclusion, hashes=("ab" * 32,), position=0),
    "a header of another block": lambda inclusion: replace(inclusion, header=b"\xff" + inclusion.header[1:]),
    "a header without its work": lambda inclusion: replace(
        inclusion, header=inclusion.header[:72] + b"\xff\xff\x00\x1d" + inclusion.header[76:]
    ),
    "a place that the branch is too short for": lambda inclusion: replace(inclusion, position=4),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_a_false_inclusion_proves_nothing(
    lie: Callable[[Inclusion], Inclusion], invest: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An indexer that shows a block falsely: nothing is proven by it, and without the check it would be."""
    asked = Indexers.inclusion

    async def lying(self: Indexers, txid: str, spot: object) -> Inclusion | None:
        shown_truly = await asked(self, txid, spot)  # type: ignore[arg-type]
        assert shown_truly is not None
        false = lie(shown_truly)
        return false if false.problem(HeaderRules()) is None else None

    monkeypatch.setattr(Indexers, "inclusion", lying)
    records = await read(invest)
    assert {entry.verification for entry in of(records, Entry)} == {Verification.REPORTED}
    unshown = [finding for finding in of(records, Finding) if finding.check == "inclusion"]
    assert {finding.result for finding in unshown} == {Result.NOT_CHECKED}
    monkeypatch.setattr(Inclusion, "problem", lambda _self, _least: None)
    proven = [entry for entry in of(await read(invest), Entry) if entry.verification is Verification.PROVEN]
    assert proven


async def test_an_indexer_that_changes_bytes_is_not_believed(invest: Project) -> None:
    """The bytes of a transaction must hash to its id, and must not be 64 long."""

    def altered(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/hex"):
            return None
        txid = request.url.path.split("/")[-2]
        raw = bytearray.fromhex(invest.raw[txid])
        raw[-1] ^= 1  # the lock time, which the id covers
        return httpx.Response(200, text=bytes(raw).hex())

    async with relay(invest.events) as url:
        liar, honest = Esplora(projects=[invest], fault=altered), Esplora(projects=[invest])
        expected = await collected(angor(url, [honest], {invest.identifier: "a"}))
        source = angor(url, [liar, honest], {invest.identifier: "a"})
        found = await collected(source)
    assert sums(found) == sums(expected)
    assert any("hash to" in fault for fault in source.indexers.servers[0].faults)
