"""What founders and strangers can send: refused with a named reason, and no accepted total moves."""

import copy
import json
from collections import Counter
from collections.abc import Callable

import pytest

from generator.ledger import Entry
from generator.places import angor_place
from generator.protocol.angor.op_return_layouts import (
    Founding,
    InvestmentNote,
    founding_script,
    investment_script,
)
from generator.protocol.angor.project_identifier import address_of, identifier_of, project_script
from generator.protocol.bitcoin import Output, op_return
from generator.protocol.bitcoin.script import push
from generator.protocol.curve import public_key, public_xonly
from generator.protocol.nostr import sign
from generator.snapshot import Finding, Record, Result
from generator.snapshot import Project as ProjectRecord
from tests.support.angor_reading import angor, collected, of, relay
from tests.support.esplora import Esplora, Json, Project
from tests.support.forging import FEE_SAT, key, own_output, scripts_of, shown, stages, terms_of

pytestmark = pytest.mark.anyio

OFF_THE_CURVE = "02" + "ff" * 32


def field(name: str, raw: str) -> Callable[[Json], str]:
    """Return a change of one field to a piece of JSON, written as it stands here."""

    def change(terms: Json) -> str:
        return json.dumps({**terms, name: "@@"}).replace('"@@"', raw)

    return change


def added(raw: str) -> Callable[[Json], str]:
    return lambda terms: json.dumps(terms)[:-1] + f", {raw}}}"


#: Texts that a founder may sign and commit to: what is wrong with them, and how they are refused.
TEXTS: dict[str, tuple[Callable[[Json], str], str]] = {
    "not JSON": (lambda terms: json.dumps(terms)[:-1], "not JSON"),
    "an array": (lambda terms: json.dumps([terms]), "not an object"),
    "nested without end": (added('"x": ' + "[" * 30_000 + "]" * 30_000), "too deep"),
    "too large": (added('"x": "' + "a" * 70_000 + '"'), "too large"),
    "NaN": (field("targetAmount", "NaN"), "not a number"),
    "1e400": (field("targetAmount", "1e400"), "number out of range"),
    "an exponent of 19 digits": (field("targetAmount", "1e9999999999999999999"), "number out of range"),
    "10^30": (field("targetAmount", "1" + "0" * 30), "number out of range"),
    "a number as a text": (field("targetAmount", '"50000000"'), "bad targetAmount"),
    "a negative number": (field("targetAmount", "-1"), "number out of range"),
    "half a satoshi": (field("targetAmount", "0.5"), "bad targetAmount"),
    "a key twice": (added('"targetAmount": 1'), "duplicate key"),
    "a lone surrogate": (added('"x": "\\ud800"'), "lone surrogate"),
    "a recovery key off the curve": (
        field("founderRecoveryKey", f'"{OFF_THE_CURVE}"'),
        "bad founderRecoveryKey",
    ),
    "a version of tomorrow": (field("version", "3"), "number out of range"),
    "an unknown type": (field("projectType", "7"), "unknown projectType"),
    "no stages that are any": (field("stages", "[1]"), "bad stages"),
    "too many secrets": (
        field("projectSeeders", json.dumps({"threshold": 1, "secretHashes": ["00" * 32] * 101})),
        "too long",
    ),
    "a date beyond all calendars": (field("expiryDate", "253402300800"), "number out of range"),
}


def announced(invest: Project, number: int, change: Callable[[Json], str]) -> Project:
    """Return a founded project whose committed event holds changed terms."""
    founder = public_key(bytes([0x60 + number]) * 32).hex()
    author = bytes([0x90 + number]) * 32
    terms = {
        **invest.info,
        "founderKey": founder,
        "projectIdentifier": identifier_of(founder, "main"),
        "nostrPubKey": public_xonly(author).hex(),
    }
    event = sign(author, kind=3030, content=change(terms), created_at=1_738_000_000)
    project = Project(
        info=terms,
        events=[dict(event.to_obj())],
        rows={},
        raw={},
        address=address_of(terms["projectIdentifier"], "main"),
        expected={},
    )
    says = Founding(founder_key=founder, event_id=event.id)
    fee = Output(value_sat=10_001, script=project_script(project.identifier))
    shown(project, [fee, Output(value_sat=0, script=founding_script(says))], height=882_101)
    return project


def amounts(records: list[Record]) -> dict[str, int]:
    return {entry.id: entry.amount_msat for entry in of(records, Entry)}


async def test_no_text_of_a_founder_moves_a_total_or_ends_a_run(invest: Project) -> None:
    strange = [announced(invest, number, change) for number, (change, _) in enumerate(TEXTS.values())]
    listed = {invest.identifier: "a"}
    async with relay(invest.events) as url:
        honest = await collected(angor(url, [Esplora(projects=[invest])], listed))
    everything = [invest, *strange]
    events = [event for project in everything for event in project.events]
    listed |= {project.identifier: f"strange-{number}" for number, project in enumerate(strange)}
    async with relay(events) as url:
        records = await collected(angor(url, [Esplora(projects=everything)], listed))
    assert amounts(records) == amounts(honest) != {}
    assert [record.id for record in of(records, ProjectRecord)] == [angor_place(invest.identifier)]
    reasons = Counter[str]()
    for number, (name, (_, reason)) in enumerate(TEXTS.items()):
        findings = [
            finding
            for finding in of(records, Finding)
            if finding.place == angor_place(strange[number].identifier)
        ]
        [finding] = [finding for finding in findings if finding.result is not Result.OK]
        assert finding.check == "terms", name
        assert finding.result is Result.NOT_CHECKED, name
        assert reason in finding.reason, (name, finding.reason)
        assert len(finding.reason) < 400
        assert finding.reason.isascii()
        reasons[reason] += 1
    print(f"{reasons.total()} texts refused, by reason: {dict(reasons)}")


def paid(project: Project, note: bytes, locked: list[bytes]) -> str:
    outputs = [
        Output(value_sat=FEE_SAT, script=project_script(project.identifier)),
        Output(value_sat=0, script=note),
        *(Output(value_sat=1_000, script=script) for script in locked),
    ]
    return shown(project, outputs)


OWN_NOTE = investment_script(InvestmentNote(investor_key=key()))

#: Transactions that anybody may send to a project: what they are, and the finding that names them.
TRANSACTIONS: dict[str, tuple[Callable[[Project], str], str]] = {
    "10,000 outputs of the sender's own": (
        lambda project: paid(project, OWN_NOTE, [own_output(1)] * 10_000),
        "stage-scripts",
    ),
    "scripts of 100,000 bytes": (
        lambda project: paid(project, OWN_NOTE, [b"\x6a" * 100_000] * 4),
        "stage-scripts",
    ),
    "empty scripts": (lambda project: paid(project, OWN_NOTE, [b""] * 4), "stage-scripts"),
    "no stage at all": (lambda project: paid(project, OWN_NOTE, []), "stage-scripts"),
    "a key off the curve": (
        lambda project: paid(project, op_return(bytes.fromhex(OFF_THE_CURVE)), [own_output(1)] * 4),
        "investment-note",
    ),
    "a note that promises more bytes than there are": (
        lambda project: paid(project, op_return(bytes.fromhex(key())) + b"\x4d\xff\xff", []),
        "investment-note",
    ),
    "a note of 10,000 pushes": (
        lambda project: paid(project, b"\x6a" + push(bytes.fromhex(key())) * 10_000, [own_output(1)]),
        "investment-note",
    ),
}


@pytest.mark.slow
async def test_no_transaction_of_a_stranger_moves_a_total_or_ends_a_run(invest: Project) -> None:
    listed = {invest.identifier: "a"}
    pestered = copy.deepcopy(invest)
    sent = {name: send(pestered) for name, (send, _) in TRANSACTIONS.items()}
    # one that is right but for what follows it: 9,000 outputs of change do not make it wrong
    genuine = stages(scripts_of(terms_of(invest)))
    with_change = paid(pestered, OWN_NOTE, [*genuine, *[own_output(2)] * 9_000])
    async with relay(invest.events) as url:
        honest = await collected(angor(url, [Esplora(projects=[invest])], listed))
        records = await collected(angor(url, [Esplora(projects=[pestered])], listed))
    ours = {name: msat for name, msat in amounts(records).items() if not name.startswith(with_change)}
    assert ours == amounts(honest)
    assert sum(name.startswith(with_change) for name in amounts(records)) == 1 + len(genuine)
    findings = {(finding.check, finding.subject): finding for finding in of(records, Finding)}
    reasons = Counter[str]()
    for name, (_, check) in TRANSACTIONS.items():
        finding = findings[check, sent[name]]
        assert finding.result is Result.FAILED, name
        assert len(finding.reason) < 300
        reasons[check] += 1
    print(f"{reasons.total()} transactions refused, by finding: {dict(reasons)}")
