"""The main job, done once for each seed."""

import json
from pathlib import Path

import pytest

from generator import report, store
from generator.config import Config, parse
from generator.sandbox.world import World
from tests.support.made_once import files_in, made_once, put_files
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
    """Leave the log, the configuration, the truth and the site of a world in a folder."""
    with World(seed=seed) as world:
        config_text = world.named_config_text()
        config = parse(config_text)
        take(world, config, folder / "log")
        (folder / "config.yaml").write_text(config_text)
        (folder / "truth.json").write_text(json.dumps(world.truth.figures()))
    put_files(folder / "site", site_of(report_on(folder, config), folder / "log"))


def report_on(folder: Path, config: Config) -> report.Report:
    """Return the report of a log, with an edition."""
    return with_edition(report.build(store.load(folder / "log"), config, demo=True))


@pytest.fixture(scope="session")
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    seed = request.param
    folder = made_once(tmp_path_factory, f"job-{seed}", lambda begun: do_job(seed, begun))
    config_text = (folder / "config.yaml").read_text()
    config = parse(config_text)
    return Done(
        seed=seed,
        config=config,
        config_text=config_text,
        known=store.load(folder / "log"),
        truth=json.loads((folder / "truth.json").read_text()),
        report=report_on(folder, config),
        files=files_in(folder / "site"),
        log=folder / "log",
    )
