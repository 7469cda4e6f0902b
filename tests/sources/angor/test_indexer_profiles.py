"""Every profile of a public indexer: the same log, or the reason; docs/indexers.md has the table."""

from itertools import permutations

import pytest

from generator.sandbox.indexer import PROFILES
from generator.sandbox.indexer_names import IndexerName
from tests.support.indexer_profiles import PAGE, SAME, UNSAID, handed_over, row, situations

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
}


def test_every_name_has_a_profile() -> None:
    assert list(PROFILES) == [*IndexerName]


@pytest.mark.parametrize("name", situations())
def test_the_table_says_what_becomes_of_a_run(name: str) -> None:
    seen = row(name)
    print(seen)
    assert seen in PAGE.read_text(), "run `make profiles`"
    _, _, alone, beside, _ = (part.strip() for part in seen.split("|"))
    assert (alone == SAME) == (name in WHOLE)
    assert UNSAID not in (alone, beside)
    assert not beside.startswith(("not read", "no project"))


@pytest.mark.proof(6)
@pytest.mark.parametrize("after", [0, 5, 40])
@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(WHOLE), 2)))
def test_the_second_takes_over_from_one_that_dies(first: str, second: str, after: int) -> None:
    seen = handed_over(first, second, after=after)
    print(f"{first} dies after {after} requests, {second} goes on: {seen.text}")
    assert seen.text == SAME
