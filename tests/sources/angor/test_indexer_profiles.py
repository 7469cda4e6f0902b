"""Every profile of an indexer, alone and in pairs: the same log, or the reason, as docs/indexers.md says."""

from itertools import product

import pytest

from generator.sandbox.indexer import PROFILES
from generator.sandbox.indexer_names import IndexerName
from tests.support.indexer_profiles import LIFE, PAGE, SAME, SITUATIONS, UNSAID, cell, handed_over, row

#: What a server alone can honestly give all of.
WHOLE = {
    "mempool-fulcrum",
    "mempool-fulcrum-old",
    "mempool-electrumx",
    "mempool-electrs",
    "mempool-space",
    "blockstream",
    "esplora-stock",
    "prices-fresh",
    "prices-signet",
    "mempool-fulcrum, heights one off",
}
#: What tells less and says so nowhere: where two do it, nobody can know.
BLIND = {"mempool-fulcrum, history beyond its cap", "mempool-fulcrum, list that breaks off"}


def test_every_name_has_a_profile() -> None:
    assert list(PROFILES) == [*IndexerName]


@pytest.mark.proof(6)
@pytest.mark.parametrize("name", SITUATIONS)
def test_the_table_says_what_becomes_of_a_run(name: str) -> None:
    seen = row(name)
    print(seen)
    assert seen in PAGE.read_text(), "run `make profiles`"
    _, _, alone, beside, _ = (part.strip() for part in seen.split("|"))
    assert (alone == SAME) == (name in WHOLE)
    assert UNSAID not in (alone, beside)
    assert not beside.startswith(("not read", "no project"))


@pytest.mark.proof(6)
@pytest.mark.parametrize("after", [5, LIFE, 40])
@pytest.mark.parametrize(("first", "second"), list(product(SITUATIONS, repeat=2)))
def test_the_second_takes_over_from_one_that_dies(first: str, second: str, after: int) -> None:
    seen = handed_over(first, second, after=after)
    print(f"{first} dies after {after} requests, {second} goes on: {seen.text}")
    if {first, second} <= WHOLE:
        assert seen.text == SAME
    assert seen.mark != "!" or {first, second} <= BLIND
    if after == LIFE:
        assert seen.mark == cell(first, second), "run `make profiles`"
