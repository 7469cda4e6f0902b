"""The main job, done once for each seed."""

import random

import pytest

from generator import report, store
from generator.config import parse
from generator.sandbox.world import World
from tests.support.whole_job import SEEDS, Done, site_of, take


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
