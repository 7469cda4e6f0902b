"""Foundings by position, key and event; and the client's own rules as warnings."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from generator.protocol.angor.op_return_layouts import Founding, founding_script
from generator.protocol.angor.project_identifier import Derivation, identifier_of, project_script
from generator.protocol.angor.terms import Terms, warnings
from generator.protocol.bitcoin import Input, Output, Transaction, op_return
from generator.protocol.proof.founding import (
    choose_founding,
    founding_problem,
    is_founding,
    is_legacy_founding,
    undecided_founding,
)
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion, PlacedTransaction
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
INVEST, SUBSCRIBE = (
    Terms.parse(fixture["nostr_events"][0]["content"]) for fixture in DATA["synthetic_fixtures"]
)
OTHER_KEY = "03309b10a078ca8e718693d241b3a57ff31f5aabcd7ec53089bd143a57036332ea"
OLD = replace(
    INVEST, project_identifier=identifier_of(INVEST.founder_key, "main", derivation=Derivation.HALVED)
)
EVENT_ID = "478095888b1969521f6d7a0dec7c4e408c7274b98a1a7f8cda6f2a7e2c13dc85"


def founding(
    terms: Terms = INVEST,
    *,
    key: str = INVEST.founder_key,
    event_id: str = EVENT_ID,
    script: bytes | None = None,
) -> list[Output]:
    return [
        Output(value_sat=10_001, script=project_script(terms.project_identifier)),
        Output(value_sat=0, script=script or founding_script(Founding(founder_key=key, event_id=event_id))),
    ]


LEGACY = op_return(bytes.fromhex(INVEST.founder_key), bytes.fromhex(INVEST.nostr_pubkey))


@pytest.mark.parametrize(
    ("outputs", "founds", "problem"),
    [
        (founding(), True, None),
        (founding(event_id="11" * 32), True, f"output 1 binds event {'11' * 32}, not {EVENT_ID}"),
        (
            founding(key=OTHER_KEY),
            False,
            f"output 1 holds founder key {OTHER_KEY}, the terms {INVEST.founder_key}",
        ),
        (founding(script=b"\x6a"), False, "output 1 is not a founding OP_RETURN"),
        (
            founding(script=LEGACY),
            False,
            "output 1 has the layout of before 2024-11-29, which binds no event",
        ),
        (founding()[::-1], False, "output 0 does not pay the project's address"),
        (founding(SUBSCRIBE), False, "output 0 does not pay the project's address"),
        (founding()[:1], False, "output 0 does not pay the project's address"),
        ([], False, "output 0 does not pay the project's address"),
    ],
)
def test_foundings(outputs: list[Output], founds: object, problem: str | None) -> None:
    assert is_founding(INVEST.project_identifier, "main", outputs) is founds
    assert founding_problem(INVEST, EVENT_ID, outputs) == problem


def test_a_founding_of_the_first_generation() -> None:
    """Real, but it binds no event, so nothing about its terms is proven."""
    outputs = founding(OLD, script=LEGACY)
    assert is_legacy_founding(OLD.project_identifier, "main", outputs)
    assert not is_founding(OLD.project_identifier, "main", outputs)
    # under today's derivation the same bytes are a seeder's investment, not a founding
    assert not is_legacy_founding(INVEST.project_identifier, "main", founding(script=LEGACY))
    assert not is_legacy_founding(OLD.project_identifier, "main", outputs[:1])
    assert not is_legacy_founding(OLD.project_identifier, "main", founding(OLD))
    # and today's layout cannot found a project of the old derivation
    assert not is_founding(OLD.project_identifier, "main", founding(OLD))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (INVEST, []),
        (SUBSCRIBE, []),
        (replace(INVEST, penalty_days=5), ["the penalty lasts 5 days, not 10 to 365"]),
        (replace(INVEST, target_amount_sat=99_999), ["the goal is 99999 sat, less than 100000"]),
        (replace(INVEST, stages=INVEST.stages[:3]), ["the stages release 75 %, not 100 %"]),
        (
            replace(INVEST, stages=INVEST.stages[::-1], end_date=None),
            ["the stages do not open in their order"],
        ),
        (
            replace(INVEST, stages=(*INVEST.stages, replace(INVEST.stages[3], percent=Decimal(0)))),
            ["a stage releases nothing"],
        ),
        (
            replace(INVEST, expiry_date=INVEST.stages[3].release_date),
            ["the project expires before its last stage opens"],
        ),
        (
            replace(INVEST, end_date=INVEST.stages[0].release_date + timedelta(days=1)),
            ["the first stage opens before the investment window closes"],
        ),
        (replace(SUBSCRIBE, patterns=()), ["no payout pattern has a stage"]),
    ],
)
def test_warnings(terms: Terms, expected: list[str]) -> None:
    assert list(warnings(terms)) == expected


def placed(height: int, *, proven: bool, event_id: str = EVENT_ID) -> PlacedTransaction:
    coin = Input(prev_txid=f"{height:064x}", vout=0, script_sig=b"", sequence=0, witness=())
    transaction = Transaction(version=2, inputs=(coin,), outputs=tuple(founding(event_id=event_id)))
    block = BlockPosition(height=height, hash=f"{height:064x}", time=height)
    shown = Inclusion(
        txid=transaction.txid, block=block.hash, height=height, header=b"", position=1, hashes=()
    )
    return PlacedTransaction(transaction=transaction, block=block, inclusion=shown if proven else None)


@pytest.mark.parametrize(("early", "late"), [(True, True), (True, False), (False, False)])
def test_the_earliest_founding_counts(early: bool, late: bool) -> None:  # noqa: FBT001 -- a case
    first, other = placed(100, proven=early), placed(200, proven=late, event_id="11" * 32)
    for candidates in ([first, other], [other, first]):
        chosen = choose_founding(candidates, INVEST.project_identifier, "main")
        assert not isinstance(chosen, str)
        assert chosen.placed == first
        assert [later for later, _ in chosen.later] == [other]
        assert undecided_founding(candidates, INVEST.project_identifier, "main") == ""


def test_a_height_that_is_only_said_decides_nothing_against_a_proven_one() -> None:
    """An indexer can say any height; a stranger can prove a founding that came later."""
    said, proven = placed(100, proven=False), placed(200, proven=True, event_id="11" * 32)
    for candidates in ([said, proven], [proven, said]):
        chosen = choose_founding(candidates, INVEST.project_identifier, "main")
        assert chosen == undecided_founding(candidates, INVEST.project_identifier, "main")
        assert chosen == (f"{said.txid} is said to found it before {proven.txid} does, and no block shows it")
