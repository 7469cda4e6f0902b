"""A reorganised block of a real chain is told as a restatement: from what, to what, and why."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from generator import report, store
from generator.config import parse
from generator.ledger import Entry, Kind
from generator.places import angor_place
from generator.sandbox.chain import Chain
from generator.sandbox.world import World
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.wording import plain
from tests.support.whole_job import site_of, take

SLUG = "makers-hall"


def forget(chain: Chain, txid: str, height: int) -> None:
    """Mine the blocks from a height on again without one transaction, and one more."""
    lost = chain.blocks[height:]
    del chain.blocks[height:]
    for block in lost:
        kept = [tx for tx in block.transactions[1:] if tx.txid != txid]
        chain.mempool = kept
        chain._fees_sat |= {tx.txid: 0 for tx in kept}
        chain.mine(block.header.time + 1)
    chain.mempool = []
    chain.mine(chain.blocks[-1].header.time + 600)


@pytest.mark.slow
def test_a_reorganisation_restates_the_month_it_reaches(tmp_path: Path) -> None:
    with World(seed=1) as world:
        whole = parse(world.named_config_text())
        config = whole.model_copy(
            update={"projects": tuple(project for project in whole.projects if project.slug == SLUG)}
        )
        take(world, config, tmp_path)
        then = store.load(tmp_path)
        place = angor_place(config.projects[0].angor or "")
        last = max(
            (entry for entry in then.of(Entry) if entry.kind is Kind.INVESTMENT and entry.place == place),
            key=lambda entry: (entry.height or 0, entry.id),
        )
        txid, month = last.id.partition(":")[0], f"{last.at:%Y-%m}"
        forget(world.chain.chain, txid, last.height or 0)
        world.chain = replace(world.chain, now=world.now + timedelta(days=1))
        take(world, config, tmp_path, salt="after")
    built = report.build(store.load(tmp_path), config, demo=True)
    [project] = built.projects
    rows = [
        entry for entry in then.of(Entry) if entry.id.startswith(f"{txid}:") and entry.kind is Kind.INVESTMENT
    ]
    lost = sum(entry.amount_msat for entry in rows)
    [raised] = [restatement for restatement in project.restatements if restatement.sum == "raised"]
    before, after = raised.before.value, raised.after.value
    reasons = tuple(map(plain, raised.reasons))
    print(f"{month}: raised restated from {before} to {after} msat: {', '.join(reasons)}")
    assert isinstance(before, int)
    assert lost > 0
    assert (raised.month, after) == (month, before - lost)
    assert reasons == (f"{len(rows)} rows: no longer in the chain: block {last.height} was reorganised",)
    assert raised.rows == tuple(sorted(entry.id for entry in rows))
    assert {restatement.sum for restatement in project.restatements} == {"raised", "fee"}
    html = site_of(built, tmp_path)[f"p/{SLUG}/changes/index.html"].decode()
    found = audit(html, KnownNumbers.of(built))
    assert found.problems == []
    assert f'data-figure="{raised.before.name}"' in html
    assert f"block {last.height} was reorganised" in html
