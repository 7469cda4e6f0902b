"""What must hold in every world: drawn by hypothesis, really signed and mined, read by the real source.

`make prove` draws twenty times as many.
"""

from collections import Counter
from collections.abc import Collection

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from generator.ledger import Account, Entry, balances
from generator.places import angor_place
from generator.protocol.proof.founding import is_founding
from generator.sandbox.acts import ActKind, ActStatus
from generator.snapshot import Announced, Census, Known, Project, Run
from tests.worlds.playing import Played, play
from tests.worlds.plots import WORLDS, World
from tests.worlds.reading import Value, read, values

#: A world costs a hundred times what other examples cost; shrinking one takes minutes, so only `many` does.
_FULL = settings().max_examples
FEW = settings(
    max_examples=max(1, _FULL // 10),
    phases=[phase for phase in Phase if _FULL > 100 or phase not in {Phase.shrink, Phase.explain}],
)


def standing(known: Known) -> dict[tuple[str, str, str], object]:
    """Return all that stands but the runs themselves."""
    return {key: record for key, record in known.records.items() if not isinstance(record, Run)}


def money(known: Known) -> list[Entry]:
    """Return every entry without the block it is in: a stranger's transaction gives a block another hash."""
    found = [
        msgspec.structs.replace(entry, block="", evidence=(), height=entry.height and 1)
        for entry in known.of(Entry)
    ]
    return sorted(found, key=lambda entry: entry.id)


def terms(known: Known) -> list[Project]:
    """Return every project without what a stranger's payment to its address changes: its count."""
    return [msgspec.structs.replace(project, address_txs=None) for project in known.of(Project)]


def provable(played: Played, unproven: Collection[int]) -> int:
    """Return what was invested, deep enough, where it and the founding are in blocks that are shown."""
    shown = {txid for txid, height in played.heights.items() if height not in unproven}
    return sum(
        act.amount_msat
        for act in played.acts
        if act.kind is ActKind.INVESTMENT
        and played.is_deep(act.txid)
        and {act.txid, played.foundings[act.identifier]} <= shown
    )


def undecided(played: Played, unproven: Collection[int]) -> set[str]:
    """Return the places whose earliest founding nobody shows, though a later one is shown.

    Until it is shown nobody can tell which one counts, so that the project is unread.
    """
    found = set()
    for project in played.world.projects:
        heights = [
            block.height
            for block in played.world.chain.blocks
            for transaction in block.transactions
            if is_founding(project.identifier, "regtest", transaction.outputs)
        ]
        if heights and heights[0] in unproven and not set(heights) <= set(unproven):
            found.add(angor_place(project.identifier))
    return found


def different(one: dict[str, Value], other: dict[str, Value]) -> list[tuple[str, object, object]]:
    return [
        (name, one.get(name, "absent"), other.get(name, "absent"))
        for name in sorted(one.keys() | other.keys())
        if one.get(name, "absent") != other.get(name, "absent")
    ]


@FEW
@given(WORLDS)
def test_balances_sum_to_zero_and_figures_are_what_actors_noted(drawn: World) -> None:
    played = play(drawn)
    known = read(played)
    entries, figures = known.of(Entry), values(known)
    by_account = balances(entries)
    assert sum(by_account.values()) == 0
    assert figures["all/locked"] == by_account[Account.LOCKED]
    assert figures["all/in_penalty"] == by_account[Account.PENALTY]
    assert len(entries) == len(played.acts)
    truth, told = (
        {name: value for name, value in some.items() if "BTCPAY" not in name}
        for some in (played.truth.figures(), figures)
    )
    assert different(truth, told) == []
    kinds = Counter(f"{act.kind}{'?' * (act.status is ActStatus.PENDING)}" for act in played.acts)
    print(f"{len(entries)} entries, {len(truth)} figures compared with what actors noted: {dict(kinds)}")


@FEW
@given(WORLDS, st.integers(2, 5), st.integers(0, 4))
def test_proven_is_what_can_be_shown_and_never_more_than_raised(drawn: World, step: int, first: int) -> None:
    played = play(drawn)
    unproven = range(first % step, played.world.chain.height + 1, step)
    known = read(played, unproven=unproven)
    all_shown, some_shown = values(read(played)), values(known)
    raised, proven, told = all_shown["all/raised"], some_shown["all/proven"], some_shown["all/raised"]
    assert isinstance(raised, int)
    assert all_shown["all/proven"] == raised
    lost = undecided(played, unproven)
    assert {line.id for line in known.of(Announced) if line.outcome is Census.UNREAD} == lost
    if lost and told is None:  # of nobody else is anything known
        assert proven is None
        assert provable(played, unproven) == 0
        return
    assert isinstance(proven, int)
    assert isinstance(told, int)
    assert told == raised or (lost and told < raised)
    assert proven == provable(played, unproven)
    assert proven <= raised
    assert some_shown["all/reported_chain"] == told - proven
    slugs = [
        project.identifier for project in played.world.projects if angor_place(project.identifier) not in lost
    ]
    parts = [(some_shown[f"{slug}/proven"], some_shown[f"{slug}/raised"]) for slug in slugs]
    assert all(isinstance(p, int) and isinstance(r, int) and 0 <= p <= r for p, r in parts)
    print(f"every block shown: {raised} msat proven; all but each {step}th: {proven} of {raised}")


@pytest.mark.slow
@FEW
@given(WORLDS)
def test_what_strangers_do_changes_nothing(drawn: World) -> None:
    alone, meddled = play(drawn, meddled=False), play(drawn)
    quiet, loud = read(alone), read(meddled)
    assert meddled.junk >= len(drawn.plots)
    assert [act.id for act in meddled.acts] == [act.id for act in alone.acts]
    assert money(loud) == money(quiet)
    assert terms(loud) == terms(quiet)
    assert different(values(loud), values(quiet)) == []
    print(f"{meddled.junk} acts of strangers beside {len(money(loud))} entries change none of them")


@FEW
@given(WORLDS, st.integers(0, 2**16))
def test_the_order_of_answers_changes_nothing(drawn: World, disorder: int) -> None:
    played = play(drawn)
    ordered, shuffled = standing(read(played)), standing(read(played, disorder=disorder))
    assert shuffled == ordered
    print(f"{len(ordered)} records are the same in any order")


@pytest.mark.slow
@FEW
@given(WORLDS, st.lists(st.integers(1, 400), min_size=1, max_size=2))
def test_runs_that_follow_the_chain_equal_one_full_run(drawn: World, lags: list[int]) -> None:
    played = play(drawn)
    height = played.world.chain.height
    backs = sorted({lag % height for lag in lags} - {0}, reverse=True)
    grown, whole = read(played, lags=[*backs, 0]), read(played, full=True)
    assert standing(grown) == standing(whole)
    assert different(values(grown), values(whole)) == []
    print(f"runs at {[height - lag for lag in backs]} of {height} blocks: {len(standing(grown))} records")
