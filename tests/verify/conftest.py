"""One published site for all tests of this folder: a real log of a small world, rendered once."""

from collections.abc import Iterator

import pytest

from generator.cli.verify_process import installation as installed
from generator.sandbox.world import World
from generator.verify.published_site import Installation
from tests.support.made_once import made_once
from tests.verify.bench import Bench, bench
from tests.verify.original import Original, publish_into, published


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with World(seed=1) as running:
        yield running


@pytest.fixture(scope="session")
def installation() -> Installation:
    return installed()


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return published(made_once(tmp_path_factory, "verify-original", publish_into))


@pytest.fixture(scope="session")
def judge(original: Original, installation: Installation) -> Bench:
    return bench(original, installation)
