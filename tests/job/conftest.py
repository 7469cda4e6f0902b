"""The main job over real connections, once for each seed: world → log → report → pages."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import pages, report, store
from generator.cli.build import content_of
from generator.config import Config, parse
from generator.report import Report
from generator.sandbox.world import World
from generator.snapshot import Known, run_id
from generator.snapshot.batch import Batch
from generator.sources.collect import Wish, collect
from generator.sources.from_config import opened

#: None is a seed that is new in each run; tests print it.
SEEDS = (1, 2, None)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one run of the whole job left behind."""

    seed: int
    config: Config
    batch: Batch
    known: Known
    truth: Mapping[str, int | str | None]
    report: Report
    files: Mapping[str, bytes]
    log: Path


def take(world: World, config: Config, log: Path, *, salt: str = "job") -> Batch:
    """Ask the world's servers and append what they say."""

    async def asked() -> Batch:
        async with opened(config, world.env(), hosts=world.hosts()) as sources:
            wish = Wish(run=run_id(world.now, salt), at=world.now, network=config.network, demo=True)
            found = await collect(sources.first, store.load(log), wish, then=sources.then)
        assert found.refused == ()
        return found.batch

    batch = asyncio.run(asked())
    store.append(log, batch, refresh_hours=config.publish.refresh_hours)
    return batch


def site_of(built: Report, log: Path) -> dict[str, bytes]:
    """Render a report with the repository's own templates and pages."""
    return pages.render(built, content_of(Path(__file__).parents[2], log))


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"seed {seed or 'of chance'}")
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    seed = request.param or random.SystemRandom().randrange(3, 10**6)
    log = tmp_path_factory.mktemp(f"log-{seed}")
    with World(seed=seed) as world:
        config = parse(world.named_config_text())
        batch = take(world, config, log)
        truth = world.truth.figures()
    known = store.load(log)
    built = report.build(known, config, demo=True)
    return Done(
        seed=seed,
        config=config,
        batch=batch,
        known=known,
        truth=truth,
        report=built,
        files=site_of(built, log),
        log=log,
    )
