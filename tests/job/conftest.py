"""The main job, done once for each seed."""

import pytest

from generator import report, store
from generator.config import parse
from generator.sandbox.world import World
from tests.support.proving import in_full, seeds
from tests.support.whole_job import Done, site_of, take


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Do the job for a world of chance, and for a proof for one that stays and for ten."""
    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if "done" in {*metafunc.fixturenames} - named:
        found = (*in_full((), (1,)), *seeds(1, 10))
        metafunc.parametrize(
            "done", found, ids=[f"seed {seed}" for seed in found], indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    seed = request.param
    log = tmp_path_factory.mktemp(f"log-{seed}")
    with World(seed=seed) as world:
        config_text = world.named_config_text()
        config = parse(config_text)
        batch = take(world, config, log)
        truth = world.truth.figures()
    known = store.load(log)
    built = report.build(known, config, demo=True)
    return Done(
        seed=seed,
        config=config,
        config_text=config_text,
        batch=batch,
        known=known,
        truth=truth,
        report=built,
        files=site_of(built, log),
        log=log,
    )
