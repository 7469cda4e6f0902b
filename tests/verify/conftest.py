"""One published site for all tests of this folder: a real log of a small world, rendered once."""

from collections.abc import Iterator

import pytest

from generator import report, store
from generator.cli.commands.verify import installation as installed
from generator.config import parse
from generator.publish import complete
from generator.sandbox.world import World
from generator.verify import Installation, SiteCopy
from tests.support.whole_job import site_of, take
from tests.verify.original import Original

#: Enough for every kind of row: claims, penalties, unknown spends, pending money, BTCPay, declarations.
SLUGS = ("solar-roof", "makers-hall")


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with World(seed=1) as running:
        yield running


@pytest.fixture(scope="session")
def installation() -> Installation:
    return installed()


@pytest.fixture(scope="session")
def original(world: World, tmp_path_factory: pytest.TempPathFactory) -> Original:
    log = tmp_path_factory.mktemp("log")
    whole = parse(world.named_config_text())
    kept = tuple(project for project in whole.projects if project.slug in SLUGS)
    config = whole.model_copy(update={"projects": kept})
    take(world, config, log)
    built = report.build(store.load(log), config, demo=True)
    files = complete(site_of(built, log), built)
    return Original(config=config, log=log, copy=SiteCopy(subject="site", files=files, listed=True))
