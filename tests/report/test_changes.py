"""What changed this week: moved money, edited terms, restated rows, new projects."""

from typing import TYPE_CHECKING

import msgspec

from generator.ledger import Status
from generator.pages.news_words import sentence
from generator.report import build
from generator.snapshot import Binding, Goal, Line, Record, Withdrawn, fold
from generator.wording import plain
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village


def told(village: "Village", *observed: tuple[int, Record]) -> list[tuple[str, str, str]]:
    """Return id, day and text of the changes; each record comes with the number of its run."""
    lines = [Line(run=run.id, record=run) for run in village.runs]
    lines += [village.line(village.runs[number].id, record) for number, record in observed]
    report = build(fold(lines), village.config(), demo=False)
    return [
        (
            change.id,
            f"{change.at:%Y-%m-%d}",
            plain(sentence(change.news) if change.news else change.text or ""),
        )
        for change in report.changes
    ]


def test_money_of_the_last_seven_days(village: "Village") -> None:
    village.run("2025-03-09")
    records: list[Record] = [
        village.says("well", "angor"),
        village.says("well", SHOP),
        village.entry("well", "payment", 1, "2025-03-02T00:00"),  # seven days ago, no longer
        village.entry("well", "payment", 1, "2025-03-03", count=3),
        village.entry("well", "investment", 1, "2025-03-04", id="t:2"),
        village.entry("well", "investment", 1, "2025-03-04", id="t:3"),
        village.entry("well", "payment", 1, "2025-03-04", status="pending"),
        village.entry("well", "claim", 1, "2025-03-05", id="c/0"),
        village.entry("well", "claim", 1, "2025-03-05", id="c/1"),
        village.entry("well", "recovery", 1, "2025-03-06", id="r/0", status="pending"),
        village.entry("well", "unclassified", 1, "2025-03-07", id="u/0"),
        village.entry("elsewhere", "claim", 1, "2025-03-05"),
    ]
    assert told(village, *((0, record) for record in records)) == [
        (
            "unclassified/well/2025-03-07",
            "2025-03-07",
            "Stage outputs of 1\u202fsat were spent by a script that fits no known rule.",
        ),
        (
            "claim/well/2025-03-05",
            "2025-03-05",
            "The founder claimed 2\u202fsats from stages that had opened.",
        ),
        ("contributions/well/2025-03-04", "2025-03-04", "4 contributions arrived."),
    ]


def test_edited_terms_are_told_by_the_run_that_saw_them(village: "Village") -> None:
    for day in ("2025-03-01", "2025-03-05", "2025-03-09"):
        village.run(day)
    first = village.says("well", "angor", title="Well", goal=Goal(amount_msat=1000))
    second = msgspec.structs.replace(first, goal=Goal(amount_msat=2000))
    third = msgspec.structs.replace(second, title="The well", tagline="not a term")
    assert told(village, (0, first), (1, second), (2, third)) == [
        (
            "terms/well/angor/title/20250309T000000Z-00000000",
            "2025-03-09",
            "The terms were changed: title.",
        ),
        (
            "terms/well/angor/goal/20250305T000000Z-00000000",
            "2025-03-05",
            "The goal was changed from 1\u202fsat to 2\u202fsats.",
        ),
    ]


def test_restated_rows_are_told_with_their_reason(village: "Village") -> None:
    for day in ("2025-02-01", "2025-03-05", "2025-03-06", "2025-03-09"):
        village.run(day)
    said = village.says("bread", SHOP)
    one, two, three = (village.entry("bread", "payment", 9, "2025-01-07") for _ in range(3))
    pending = village.entry("bread", "payment", 9, "2025-01-07", status="pending")
    confirmed = msgspec.structs.replace(pending, status=Status.CONFIRMED, amount_msat=9999)
    gone = [Withdrawn(id=f"entry/{entry.id}", source=SHOP, reason="joined") for entry in (one, two)]
    smaller = msgspec.structs.replace(three, amount_msat=5)
    observed: list[tuple[int, Record]] = [(0, record) for record in (said, one, two, three, pending)]
    observed += [
        (1, gone[0]),
        (1, gone[1]),
        (1, confirmed),
        (2, smaller),
        (3, smaller.excluded("marked invalid")),
    ]
    assert [
        (name.split("/")[0], day, text.partition(": ")[2]) for name, day, text in told(village, *observed)
    ] == [
        ("restated", "2025-03-09", "marked invalid."),
        ("restated", "2025-03-06", "its amount became smaller."),
        ("restated", "2025-03-05", "joined."),
    ]


def test_a_project_seen_later_is_new(village: "Village") -> None:
    village.run("2025-03-01")
    village.run("2025-03-08")
    old, new = village.says("well", "angor"), village.says("bread", SHOP)
    again = village.says("well", SHOP)
    assert told(village, (0, old), (1, new), (1, again)) == [
        ("project/bread", "2025-03-08", "New in this report.")
    ]


def test_a_place_that_moves_to_another_project_is_told_on_both_pages(village: "Village") -> None:
    village.run("2025-01-10")
    village.run("2025-01-11")
    said = village.says("bread", SHOP)
    before, after = (Binding(id="btcpay:x/rest", source=SHOP, project=slug) for slug in ("well", "bread"))
    found = [change for change in told(village, (0, said), (0, before), (1, after)) if "binding" in change[0]]
    assert [(name.split("/")[1], day, text) for name, day, text in found] == [
        ("bread", "2025-01-11", "Money of one place counts here now; it counted for well before."),
        ("well", "2025-01-11", "Money of one place counts for bread now."),
    ]
