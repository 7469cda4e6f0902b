"""The main job, done once for each seed."""

import json
from pathlib import Path

import pytest

from generator import report, store
from generator.config import parse
from generator.sandbox.world import World
from tests.support.made_once import made_once
from tests.support.proving import in_full, seeds
from tests.support.whole_job import Done, site_of, take, with_edition


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Do the job for a world of chance, and for a proof for one that stays and for ten."""
    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if "done" in {*metafunc.fixturenames} - named:
        found = (*in_full((), (1,)), *seeds(1, 10))
        metafunc.parametrize(
            "done", found, ids=[f"seed {seed}" for seed in found], indirect=True, scope="session"
        )


def do_job(seed: int, folder: Path) -> None:
    """Leave the log, the configuration and the truth of a world in a folder."""
    with World(seed=seed) as world:
        config_text = world.named_config_text()
        take(world, parse(config_text), folder / "log")
        (folder / "config.yaml").write_text(config_text)
        (folder / "truth.json").write_text(json.dumps(world.truth.figures()))


@pytest.fixture(scope="session")
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    seed = request.param
    folder = made_once(tmp_path_factory, f"job-{seed}", lambda begun: do_job(seed, begun))
    config_text = (folder / "config.yaml").read_text()
    config = parse(config_text)
    known = store.load(folder / "log")
    built = with_edition(report.build(known, config, demo=True))
    return Done(
        seed=seed,
        config=config,
        config_text=config_text,
        known=known,
        truth=json.loads((folder / "truth.json").read_text()),
        report=built,
        files=site_of(built, folder / "log"),
        log=folder / "log",
    )
