"""`sunlit explain`: from a figure to its rows, their evidence and the snapshot."""

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.ledger import AtReceipt
from generator.money import THIN
from generator.snapshot import Goal
from tests.support.village import SHOP, explained

if TYPE_CHECKING:
    from tests.support.village import Village

ORIGIN = f"└─ snapshot {'5' * 64}, network regtest, as of 2025-02-10T12:00:00Z\n"


def test_the_tree_of_a_stage_figure(full: "Village") -> None:
    assert explained(full.report(), "well/stage_locked@2025-04-01").replace(THIN, "_") == (
        """\
well/stage_locked@2025-04-01 = 4 sat (reported)
├─ stage_funded minus stage_claimed minus stage_left of 2025-04-01.
├─ well/stage_funded@2025-04-01 = 84 sat (reported)
│  ├─ Stage outputs funded that open on 2025-04-01 UTC.
│  └─ entries:investment:confirmed:opens=2025-04-01: 3 rows, 84 sat
│     ├─ inv1:3 | 2025-01-06T10:00:00Z | 4 sat | block 100 | reported by angor
│     ├─ inv2:3 | 2025-01-07T23:59:00Z | 16 sat | block 100 | reported by angor
│     └─ inv3:3 | 2025-01-20T00:00:00Z | 64 sat | block 100 | reported by angor
├─ well/stage_claimed@2025-04-01 = 0 sat
│  ├─ Of the stage outputs that open on 2025-04-01 UTC, what the founder claimed.
│  └─ entries:claim:confirmed:opens=2025-04-01: 0 rows, 0 sat
├─ well/stage_left@2025-04-01 = 80 sat (reported)
│  ├─ Of the stage outputs that open on 2025-04-01 UTC, what went to penalty, recovery or unclassified.
│  ├─ entries:penalty:confirmed:opens=2025-04-01: 1 row, 16 sat
│  │  └─ penalty2/0 | 2025-03-03T00:00:00Z | 16 sat | spends inv2:3 | block 100 | reported by angor
│  ├─ entries:recovery:confirmed:opens=2025-04-01: 0 rows, 0 sat
│  └─ entries:unclassified:confirmed:opens=2025-04-01: 1 row, 64 sat
│     └─ unclassified1/0 | 2025-03-22T00:00:00Z | 64 sat | spends inv3:3 | block 100 | reported by angor
"""
        + ORIGIN
    )


def test_every_figure_can_be_explained(full: "Village") -> None:
    report = full.report()
    for figure in report.all_figures():
        text = explained(report, figure.id)
        assert text.startswith(f"{figure.id} = ")
        assert text.endswith(ORIGIN)
        assert text.count("\n") >= 3 or figure.name == "goal"


def test_goal_evidence_values_and_declarations_are_named(village: "Village") -> None:
    worth = (AtReceipt(currency="EUR", amount_msat=5000, value=Decimal("4.5")),)
    village.says("bread", SHOP, goal=Goal(value=Decimal(9), currency="EUR"), complete=False)
    village.says("well", "angor", goal=Goal(amount_msat=9000), event_id="ee")
    village.entry("bread", "payment", 5, "2025-01-07", at_receipt=worth, count=2)
    village.entry("well", "investment", 5, "2025-01-07", evidence=("aa", "bb"), height=7, block="cc")
    village.declares("bread", "40.10", "EUR", "2025-01-07", count=2)
    village.run("2025-02-10T12:00")
    report = village.report()
    progress = explained(report, "bread/progress").replace(THIN, "_")
    assert progress.startswith("bread/progress = at least 50.00 % (reported)\n")
    assert "payment1:0 | 2025-01-07T00:00:00Z | 5 sat | 2 payments | EUR_4.50 at receipt | " in progress
    assert "bread/goal = 9 EUR\n" in progress
    assert f"└─ named by the source {SHOP}\n" in progress
    assert "├─ named by the source angor, Nostr event ee\n" in explained(report, "well/goal")
    assert "| block 7 cc | reported by angor | evidence aa, bb\n" in explained(report, "well/raised")
    declared = explained(report, "all/declared@EUR")
    assert f"bread/2025-01-07/EUR | 2025-01-07 | 40.10 EUR | 2 | declared on {SHOP}" in declared
    assert declared.startswith("all/declared@EUR = at least 40.1 EUR\n")
    assert explained(report, "well/refunded").startswith("well/refunded = unknown\n")


def test_rows_of_one_transaction_say_their_evidence_once(village: "Village") -> None:
    village.says("well", "angor")
    txid, block = "ab" * 32, "cd" * 32
    proof = (txid, f"{txid}@{block}", block)
    for vout in (2, 3):
        village.entry(
            "well",
            "investment",
            vout,
            "2025-01-07",
            id=f"{txid}:{vout}",
            evidence=proof,
            height=7,
            block=block,
        )
    village.run("2025-02-10T12:00")
    text = explained(village.report(), "well/raised").replace(THIN, "_")
    assert (
        f"""\
├─ entries:investment:confirmed: 2 rows, 5 sat
│  └─ transaction {txid} | 2025-01-07T00:00:00Z | 2 rows, 5 sat | block 7 {block} | reported by angor \
| evidence: its bytes, its Merkle branch and this block's header
│     ├─ output 2 | 2 sat
│     └─ output 3 | 3 sat
"""
        in text
    )
