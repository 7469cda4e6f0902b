"""Every published number equals what the actors of the sandbox noted when they acted."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from generator import ledger, report
from generator.ledger import MOVES, Kind
from generator.report.figures import goal
from tests.support import published
from tests.support.proving import drawn, in_full
from tests.support.whole_job import Done

pytestmark = pytest.mark.proof


def differences(
    truth: Mapping[str, int | str | None], figures: Mapping[str, int | str | None]
) -> list[tuple[str, object, object]]:
    """Return each cell where the two sides differ; a figure on one side only differs too."""
    missing = "(absent)"
    return [
        (name, truth.get(name, missing), figures.get(name, missing))
        for name in sorted(truth.keys() | figures.keys())
        if truth.get(name, missing) != figures.get(name, missing)
    ]


def values(built: report.Report) -> dict[str, int | str | None]:
    return {figure.id: figure.value for figure in (*built.all_figures(), *built.today.values())}


def test_every_cell_of_the_truth_is_published_and_nothing_else(done: Done) -> None:
    figures = {figure["id"]: figure["value"] for figure in published.figures(done.files)}
    print(f"seed {done.seed}: compared {len(done.truth)} cells of truth with {len(figures)} figures")
    assert len(done.truth) >= 200
    assert differences(done.truth, figures) == []


def test_the_world_has_every_kind_of_movement(done: Done) -> None:
    kinds = Counter(entry.kind for project in done.report.projects for entry in project.entries)
    at_stores = Counter(entry.kind for account in done.report.stores for entry in account.entries)
    print(f"seed {done.seed}: entries by kind {dict(kinds)}, of no project {dict(at_stores)}")
    assert set(kinds) >= set(Kind) - {Kind.UNCLASSIFIED, Kind.PAYOUT}
    assert set(at_stores) >= {Kind.PAYMENT, Kind.PAYOUT}, (
        "payouts of a store with several projects are its own"
    )


def test_the_csv_summed_by_kind_equals_the_figures(done: Done) -> None:
    rows = list(published.ledger_rows(done.files))
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        sums[row["project"], row["kind"], row["status"]] += int(row["amount_msat"])
    compared = 0
    for project in done.report.projects:
        for name, kinds in {
            "raised": ("payment", "investment"),
            "refunded": ("refund",),
            "claimed": ("claim",),
            "penalty": ("penalty",),
            "released": ("release",),
            "recovered": ("recovery",),
            "unclassified": ("unclassified",),
            "fee": ("fee",),
        }.items():
            assert done.truth[f"{project.slug}/{name}"] == sum(
                sums[project.slug, kind, "confirmed"] for kind in kinds
            )
            compared += 1
        pending = sum(sums[project.slug, kind, "pending"] for kind in ("payment", "investment"))
        assert done.truth[f"{project.slug}/pending"] == pending
        compared += 1
    print(f"seed {done.seed}: {len(rows)} rows, {compared} sums compared")


MOVED = [kind for kind in Kind if kind is not Kind.UNCLASSIFIED]
SWAPS = [pair for pair in combinations(MOVED, 2) if MOVES[pair[0]] != MOVES[pair[1]]]


@pytest.mark.proof(1)
def test_swapping_two_rules_turns_the_comparison_red(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, other in drawn(SWAPS, in_full(8, len(SWAPS)), "swaps of a job"):
        path, other_path = MOVES[kind], MOVES[other]
        with monkeypatch.context() as patch:
            patch.setitem(ledger.MOVES, kind, other_path)
            patch.setitem(ledger.MOVES, other, path)
            found = differences(done.truth, values(report.build(done.known, done.config, demo=True)))
            print(f"swapped {kind} and {other}: {len(found)} cells differ")
            assert found, (kind, other)
    assert differences(done.truth, values(report.build(done.known, done.config, demo=True))) == []


def test_another_rounding_turns_the_comparison_red(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_up(share: Fraction) -> str:
        return f"{Decimal(round(share * 10_000 + Fraction(1, 2))) / 100:.2f}"

    monkeypatch.setattr(goal, "percent_text", half_up)
    found = differences(done.truth, values(report.build(done.known, done.config, demo=True)))
    print(f"rounded up instead of down: {len(found)} cells differ")
    assert {name.partition("/")[2] for name, _, _ in found} == {"progress"}
