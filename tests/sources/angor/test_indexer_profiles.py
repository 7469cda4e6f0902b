"""Every profile of a public indexer: the same log, or the reason; docs/indexers.md has the table."""

import pytest

from generator.cli.commands.sandbox import INDEXERS
from generator.sandbox.indexer import PROFILES
from tests.support.indexer_profiles import PAGE, SAME, UNSAID, row, situations

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


def test_the_command_plays_every_profile() -> None:
    assert tuple(PROFILES) == INDEXERS


@pytest.mark.parametrize("name", situations())
def test_the_table_says_what_becomes_of_a_run(name: str) -> None:
    seen = row(name)
    print(seen)
    assert seen in PAGE.read_text(), "run `make profiles`"
    _, _, alone, beside, _ = (part.strip() for part in seen.split("|"))
    assert alone.startswith(SAME) == (name in WHOLE)
    assert UNSAID not in (alone, beside)
    assert not beside.startswith(("not read", "no project"))
