"""The gate: each way in which a run may be implausible, and each way in which a fall is explained."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from generator.ledger import Entry, Key, Kind, Status, Verification
from generator.money import THIN
from generator.snapshot import Known, Record, fold
from generator.snapshot.gate import TOTAL_OF, judge
from generator.snapshot.lines import Line
from tests.support.records import ANGOR, PAY, entry, gone, project, rate

TIP = 1_000


def knowing(*records: Record) -> Known:
    return fold(Line(run="20260101T000000Z-0", record=record) for record in records)


def chain(name: str, msat: int, height: int | None, kind: Kind = Kind.INVESTMENT, **other: object) -> Entry:
    return entry(name, msat, source=ANGOR, kind=kind, height=height, **other)


def excluded(name: str, msat: int, reason: str = "marked invalid", **other: object) -> Entry:
    return entry(name, msat, status=Status.EXCLUDED, reason=reason, **other)


@dataclass(frozen=True, kw_only=True)
class Case:
    known: tuple[Record, ...]
    news: tuple[Record, ...]
    refused: tuple[str, ...] = ()
    source: str = PAY


CASES = {
    "nothing known, something new": Case(known=(), news=(entry("a"), project())),
    "nothing new": Case(known=(entry("a"), project()), news=()),
    "more money": Case(known=(entry("a"),), news=(entry("a", 5_000), entry("b"))),
    "another source's money is not ours to judge": Case(
        known=(entry("a"), chain("c:0", 9, 5)), news=(entry("b"),)
    ),
    # moved: a row vanishes and its money stands in others
    "rows merged, sum exact": Case(
        known=(entry("a", 600), entry("b", 400)),
        news=(gone(entry("a")), gone(entry("b")), entry("ab", 1_000)),
    ),
    "rows merged, one lost": Case(
        known=(entry("a", 600), entry("b", 400)),
        news=(gone(entry("a")), gone(entry("b")), entry("ab", 999)),
        refused=("btcpay-pay/received/well",),
    ),
    "half an answer: rows vanish": Case(
        known=(entry("a"), entry("b")), news=(gone(entry("b")),), refused=("btcpay-pay/received/well",)
    ),
    "a smaller amount": Case(
        known=(entry("a", 2_000),), news=(entry("a", 1_999),), refused=("btcpay-pay/received/well",)
    ),
    # evidence
    "marked invalid": Case(
        known=(entry("a"), entry("b")), news=(gone(entry("b")), excluded("marked-invalid-b", 1_000))
    ),
    "marked invalid in part": Case(
        known=(entry("a"), entry("b")),
        news=(gone(entry("b")), excluded("marked-invalid-b", 999)),
        refused=("btcpay-pay/received/well",),
    ),
    "an exclusion elsewhere explains nothing here": Case(
        known=(entry("a"), entry("b")),
        news=(gone(entry("b")), excluded("b2", 1_000, place="other")),
        refused=("btcpay-pay/received/well",),
    ),
    "an old exclusion explains nothing new": Case(
        known=(entry("a"), entry("b"), excluded("old", 9_000)),
        news=(gone(entry("b")),),
        refused=("btcpay-pay/received/well",),
    ),
    "back to pending": Case(
        known=(chain("a:2", 1_000, 990),),
        news=(chain("a:2", 1_000, None, status=Status.PENDING),),
        source=ANGOR,
    ),
    "a pending row goes while another is excluded": Case(
        known=(entry("a"), entry("p", 700, status=Status.PENDING)),
        news=(excluded("a", 1_000), gone(entry("p"))),
    ),
    "a check failed": Case(
        known=(chain("a:2", 1_000, 5),),
        news=(chain("a:2", 1_000, 5, verification=Verification.FAILED),),
        source=ANGOR,
    ),
    "reorganised near the tip": Case(
        known=(chain("a:2", 1_000, 901), chain("b:2", 1_000, 5)),
        news=(gone(chain("a:2", 1_000, 901)),),
        source=ANGOR,
    ),
    "too deep to be reorganised": Case(
        known=(chain("a:2", 1_000, 900), chain("b:2", 1_000, 5)),
        news=(gone(chain("a:2", 1_000, 900)),),
        source=ANGOR,
        refused=("angor/received/well",),
    ),
    # each total by itself
    "a claim turns out to be a penalty": Case(
        known=(chain("s/0", 1_000, 5, Kind.CLAIM),),
        news=(chain("s/0", 1_000, 5, Kind.PENALTY),),
        source=ANGOR,
    ),
    "a spend vanishes": Case(
        known=(chain("s/0", 1_000, 5, Kind.CLAIM), chain("a:2", 1_000, 5)),
        news=(gone(chain("s/0", 1_000, 5, Kind.CLAIM)),),
        source=ANGOR,
        refused=("angor/spent/well",),
    ),
    "a refund vanishes although more came in": Case(
        known=(entry("a"), entry("r", 500, kind=Kind.REFUND)),
        news=(gone(entry("r")), entry("b", 9_000)),
        refused=("btcpay-pay/refunded/well",),
    ),
    # rows lost, emptiness, shape
    "no reason given": Case(
        known=(entry("a"), entry("b")),
        news=(gone(entry("b"), " "),),
        refused=("btcpay-pay/rows-lost/entry/b",),
    ),
    "empty where there was money": Case(
        known=(entry("p", status=Status.PENDING), project()),
        news=(gone(entry("p")),),
        refused=("btcpay-pay/empty/rows-of-money",),
    ),
    "empty where there were projects": Case(
        known=(project(),), news=(gone(project()),), refused=("btcpay-pay/empty/projects",)
    ),
    "in another's name": Case(
        known=(), news=(rate("2026-01-01"),), refused=("btcpay-pay/shape/EUR/2026-01-01",)
    ),
    "of a wrong type": Case(known=(), news=(project(title=7),), refused=("btcpay-pay/shape/well",)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_case(case: Case) -> None:
    verdict = judge(knowing(*case.known), case.news, source=case.source, tip_height=TIP)
    assert tuple(refusal.id for refusal in verdict.refused) == case.refused
    assert verdict.accepted == ()


def test_every_kind_belongs_to_a_total() -> None:
    assert TOTAL_OF.keys() == set(Kind)


def test_the_reason_tells_amounts() -> None:
    known = knowing(entry("a", 2_000_000), entry("b", 500_000))
    [refusal] = judge(known, [gone(entry("a"))], source=PAY).refused
    assert refusal.reason == (
        f"received of well would fall from 2{THIN}500 to 500 sat, 2{THIN}000 of it "
        "without a reorganised block, an exclusion or a pending row"
    )


def test_a_drop_is_accepted_only_with_a_reason_which_is_published() -> None:
    known, news = knowing(entry("a"), entry("b")), [gone(entry("b"))]
    name = "btcpay-pay/received/well"
    assert judge(known, news, source=PAY, accept={name: ""}).refused
    verdict = judge(known, news, source=PAY, accept={name: "paid to the wrong store"})
    assert verdict.refused == ()
    [finding] = verdict.accepted
    assert finding.id == f"accepted-drop/{name}"
    assert finding.place == "well"
    assert finding.reason.endswith("; accepted by the maintainer: paid to the wrong store")


def test_a_wrong_shape_cannot_be_accepted() -> None:
    refused = judge(Known(), [rate("x")], source=PAY, accept={"btcpay-pay/shape/EUR/x": "please"}).refused
    assert [refusal.id for refusal in refused] == ["btcpay-pay/shape/EUR/x"]


def test_falling_totals_may_be_allowed_by_the_configuration_but_emptiness_not() -> None:
    known = knowing(entry("a"), entry("b"))
    assert not judge(known, [gone(entry("b"))], source=PAY, forbid_total_drop=False).refused
    both = [gone(entry("a")), gone(entry("b"))]
    assert judge(known, both, source=PAY, forbid_total_drop=False).refused


class UnwalkedRecords(dict[Key, Record]):
    """A log that can be looked up in and not be walked through, as one of a whole network should not be."""

    def __iter__(self) -> Iterator[Key]:
        pytest.fail("the whole log was walked through to judge a part of a run")

    keys = values = items = __iter__  # type: ignore[assignment]


def test_a_part_of_a_run_is_judged_by_what_it_speaks_about_alone() -> None:
    known = Known(records=UnwalkedRecords(knowing(entry("a"), entry("b"), project()).records))
    part = (entry("a", 2_000), gone(entry("b")), excluded("b2", 1_000), entry("c"))
    assert judge(known, part, source=PAY).refused == ()
