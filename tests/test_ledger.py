"""The accounting rules: money is conserved, and only confirmed, uncontradicted entries move it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ledger import MOVES, Account, Entry, Kind, Status, Verification, balances, moves
from generator.money import MAX_MSAT

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def entry(kind: Kind = Kind.PAYMENT, amount_msat: int = 1, **fields: object) -> Entry:
    plain = {"id": "x", "source": "s", "place": "p", "at": NOON, "status": Status.CONFIRMED}
    return Entry(kind=kind, amount_msat=amount_msat, **(plain | fields))  # type: ignore[arg-type]


ENTRIES = st.lists(
    st.builds(
        lambda kind, amount, status, verification: entry(
            kind,
            amount,
            status=status,
            reason="marked invalid" if status is Status.EXCLUDED else "",
            verification=verification,
        ),
        st.sampled_from(Kind),
        st.integers(1, MAX_MSAT),
        st.sampled_from(Status),
        st.sampled_from(Verification),
    ),
    max_size=40,
)


def test_every_kind_has_its_rule() -> None:
    assert MOVES.keys() == set(Kind)
    assert all(source is not target for source, target in MOVES.values())
    assert len(set(MOVES.values())) == len(MOVES)  # two kinds of one path could not be told apart


@given(ENTRIES)
def test_money_is_conserved(entries: list[Entry]) -> None:
    totals = balances(entries)
    assert totals.keys() == set(Account)
    assert sum(totals.values()) == 0


@given(ENTRIES)
def test_balances_do_not_depend_on_order_or_on_what_does_not_count(entries: list[Entry]) -> None:
    assert balances(entries) == balances(reversed(entries)) == balances(filter(moves, entries))


@pytest.mark.parametrize(
    ("kind", "source", "target"),
    [
        ("payment", "backers", "founder"),
        ("refund", "founder", "backers"),
        ("investment", "backers", "locked"),
        ("fee", "backers", "angor"),
        ("claim", "locked", "founder"),
        ("penalty", "locked", "penalty"),
        ("release", "penalty", "backers"),
        ("recovery", "locked", "backers"),
        ("unclassified", "locked", "unknown"),
    ],
)
def test_each_kind_moves_money_as_the_design_says(kind: str, source: str, target: str) -> None:
    moved = {account: msat for account, msat in balances([entry(Kind(kind), 7)]).items() if msat}
    assert moved == {source: -7, target: 7}


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"verification": Verification.PROVEN}, True),
        ({"verification": Verification.FAILED}, False),
        ({"status": Status.PENDING}, False),
        ({"status": Status.EXCLUDED, "reason": "reorged out"}, False),
    ],
)
def test_what_counts(fields: dict[str, object], *, counts: bool) -> None:
    assert moves(entry(**fields)) is counts  # type: ignore[arg-type]
    assert any(balances([entry(**fields)]).values()) is counts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"amount_msat": 0}, "amount 0 msat"),
        ({"amount_msat": -1}, "amount -1 msat"),
        ({"amount_msat": MAX_MSAT + 1}, "expected 1 to 2100000000000000000"),
        ({"at": datetime(2025, 1, 6)}, "at is 2025-01-06T00:00:00"),  # noqa: DTZ001 -- the fault on trial
        ({"at": NOON.astimezone(timezone(timedelta(hours=1)))}, "expected an aware UTC time"),
        ({"opens_at": datetime(2025, 1, 6)}, "opens_at is"),  # noqa: DTZ001 -- the fault on trial
        ({"status": Status.EXCLUDED}, "status excluded with reason ''"),
        ({"reason": "odd"}, "status confirmed with reason 'odd'"),
        ({"count": 0}, "count 0"),
    ],
)
def test_nonsense_is_refused_when_made(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        entry(**fields)  # type: ignore[arg-type]


def test_an_excluded_entry_keeps_all_but_its_status() -> None:
    one = entry(amount_msat=5, party="02aa")
    other = one.excluded("replaced")
    assert (other.status, other.reason, other.amount_msat, other.party) == ("excluded", "replaced", 5, "02aa")
    assert other.key == one.key == ("entry", "s", "x")
