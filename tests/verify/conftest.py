"""One published site for all tests of this folder: a real log of a small world, rendered once."""

from collections.abc import Iterator

import pytest

from generator.cli.verify_process import installation as installed
from generator.sandbox.world import World
from generator.verify import Installation
from tests.verify.bench import Bench, bench
from tests.verify.original import Original, publish


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with World(seed=1) as running:
        yield running


@pytest.fixture(scope="session")
def installation() -> Installation:
    return installed()


@pytest.fixture(scope="session")
def original(world: World, tmp_path_factory: pytest.TempPathFactory) -> Original:
    return publish(world, tmp_path_factory.mktemp("log"))


@pytest.fixture(scope="session")
def judge(original: Original, installation: Installation) -> Bench:
    return bench(original, installation)
