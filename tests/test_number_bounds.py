"""Numbers, times and ids of a record have bounds, whoever wrote the log or the batch."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import inspect

from generator.errors import LogError
from generator.snapshot import decode
from generator.snapshot.batch import Batch, decode_batch, encode_heading
from generator.snapshot.records import Record

HEADING = b'{"month":"2026-03","schema":2,"source":"angor"}\n'
ODD = ("1e999999999", "1e-999999999", "NaN", "sNaN", "Infinity", "9" * 61, "0." + "1" * 61, "9" * 1_000_000)
COMMON: dict[str, Any] = {"id": "a", "source": "btcpay-a", "place": "angor:x", "created_month": "2026-03"}
WORTH = {
    "type": "entry",
    "kind": "payment",
    "amount_msat": 1,
    "at": "2026-03-01T00:00:00Z",
    "status": "confirmed",
    "at_receipt": [{"currency": "EUR", "amount_msat": 1, "value": "1"}],
}
STAGE = {"number": 1, "percent": "1", "opens_at": "2026-03-01T00:00:00Z"}
OWN = {"type": "own_number", "currency": "EUR", "raised": "1", "pending": "0", "counted": "1"}
DIFFERENCE = {"reason": "late", "value": "0", "count": 1}
DECLARATION = {"type": "declaration", "amount": "1", "currency": "EUR", "day": "2026-03-01"}
OTHER = {"type": "other_money", "amount": "1", "coin": "L", "rail": "X", "status": "confirmed", "count": 1}
GOAL = {"value": "1", "currency": "EUR"}
RATE = {"id": "EUR/2026-03-01", "source": "rates", "type": "rate", "currency": "EUR", "day": "2026-03-01"}
#: Each decimal of the log: whose field it is, a record that holds one, and where.
DECIMALS: tuple[tuple[str, dict[str, Any], tuple[str | int, ...]], ...] = (
    ("AtReceipt", WORTH, ("at_receipt", 0, "value")),
    ("Declaration", DECLARATION, ("amount",)),
    ("OtherMoney", OTHER, ("amount",)),
    ("Stage", {"type": "project", "kind": "invest", "stages": [STAGE]}, ("stages", 0, "percent")),
    ("Goal", {"type": "project", "kind": "pos", "goal": GOAL}, ("goal", "value")),
    ("Rate", {**RATE, "price": "1"}, ("price",)),
    ("OwnNumber", OWN, ("raised",)),
    ("OwnNumber", OWN, ("pending",)),
    ("OwnNumber", OWN, ("counted",)),
    ("Difference", {**OWN, "differences": [DIFFERENCE]}, ("differences", 0, "value")),
)


def line(record: dict[str, Any], path: tuple[str | int, ...] = (), value: str = "") -> bytes:
    """Return a line of the log with a record, one field of it replaced."""
    whole = json.loads(json.dumps({**COMMON, **record}))
    inside = whole
    for part in path[:-1]:
        inside = inside[part]
    if path:
        inside[path[-1]] = json.loads(value) if value.startswith(("[", "-", '"')) else value
    return json.dumps({"run": "20260301T000000Z-00000000", "record": whole}).encode() + b"\n"


def structs(kind: inspect.Type) -> Iterator[inspect.StructType]:
    """Yield each struct inside of a type."""
    found, waiting = set(), [kind]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, inspect.StructType) and inner.cls not in found:
            found.add(inner.cls)
            yield inner
            waiting += [field.type for field in inner.fields]
        elif isinstance(inner, inspect.UnionType):
            waiting += inner.types
        elif isinstance(inner, inspect.VarTupleType):
            waiting.append(inner.item_type)


def test_all_decimals_of_the_log_are_looked_at() -> None:
    holding = {
        (struct.cls.__name__, field.name)
        for struct in structs(inspect.type_info(Record))
        for field in struct.fields
        if any(isinstance(kind, inspect.DecimalType) for kind in getattr(field.type, "types", (field.type,)))
    }
    assert holding == {(name, str(path[-1])) for name, _, path in DECIMALS}


@pytest.mark.parametrize(
    ("record", "path"),
    [pytest.param(record, path, id=f"{name}.{path[-1]}") for name, record, path in DECIMALS],
)
def test_a_decimal_beyond_its_bounds_is_refused_with_its_line(
    record: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    assert len(decode("x.jsonl", HEADING + line(record))[1]) == 1
    for odd in ODD:
        with pytest.raises(LogError, match=r"x\.jsonl:3: not a record of schema 2 \(.*more than 60 digits"):
            decode("x.jsonl", HEADING + line(record) + line(record, path, odd))


def test_whole_numbers_times_and_ids_are_bounded() -> None:
    wrong = [
        ({"type": "header", "hex": "00", "height": 2**63}, "Expected `int` <= 9223372036854775807"),
        ({"type": "branch", "hashes": [], "position": 10**400}, "Expected `int` <= 9223372036854775807"),
        ({"type": "header", "hex": "00", "id": "a" * 1_001}, "Expected `str` of length <= 1000"),
        ({"type": "header", "hex": "00", "source": "a" * 1_001}, "Expected `str` of length <= 1000"),
        ({"type": "project", "kind": "pos", "goal": {"amount_msat": 10**60}}, "more than 60 digits"),
        ({**WORTH, "at": "9999-03-01T00:00:00Z"}, "expected a time of the years 2009 to 2100"),
        ({"type": "run", "at": "2008-12-31T23:59:59Z"}, "expected a time of the years 2009 to 2100"),
        ({"type": "project", "kind": "pos", "starts_at": "2026-03-01T00:00:00"}, "with a timezone"),
        ({"type": "project", "kind": "pos", "starts_at": "1000000000-01-01T00:00:00Z"}, "RFC3339"),
    ]
    for record, says in wrong:
        with pytest.raises(LogError, match=says):
            decode("x.jsonl", HEADING + line(record))


def test_a_goal_that_begins_anew_has_a_bounded_number_of_periods() -> None:
    rules = [
        ({"start": "2026-03-01T00:00:00Z", "every": 0, "unit": "day"}, "Expected `int` >= 1"),
        ({"start": "0001-01-01T00:00:00Z", "every": 1, "unit": "hour"}, "cannot begin before 2009"),
    ]
    for rule, says in rules:
        with pytest.raises(LogError, match=says):
            decode("x.jsonl", HEADING + line({"type": "project", "kind": "crowdfund", "recurs": [rule]}))


def test_a_line_that_is_no_text_or_nested_without_end_is_named() -> None:
    good = line({"type": "transaction", "hex": "00"})
    for odd in (good.replace(b'"00"', b'"\xff"'), good.replace(b'"00"', b'"00","x":' + b"[" * 100_000)):
        with pytest.raises(LogError, match=r"x\.jsonl:2: not a record"):
            decode("x.jsonl", HEADING + odd)


def test_a_batch_has_the_same_bounds() -> None:
    begun = Batch(run="20260301T000000Z-00000000", at=datetime(2026, 3, 1, tzinfo=UTC), network="main")
    for odd in ODD:
        part = json.dumps({"records": [{**RATE, "price": odd}]}).encode()
        with pytest.raises(LogError, match="more than 60 digits"):
            decode_batch("b.jsonl", encode_heading(begun) + part + b"\n")
