"""One published site for all tests of this folder: a real log of a small world, rendered once."""

from collections.abc import Iterator

import pytest

from generator.cli.verify_process import installation as installed
from generator.sandbox.world import World
from generator.verify.known_numbers import KnownNumbers
from generator.verify.published_site import Installation, PublishedSite
from tests.verify.bench import Bench, bench
from tests.verify.original import Original, published


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with World(seed=1) as running:
        yield running


@pytest.fixture(scope="session")
def installation() -> Installation:
    return installed()


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return published(tmp_path_factory, seed=1)


@pytest.fixture(scope="session")
def judge(original: Original, installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench(original, installation, lambda: published(tmp_path_factory, seed=2))


@pytest.fixture(scope="session")
def site(original: Original, installation: Installation) -> PublishedSite:
    return PublishedSite.read(original.copy, installation)


@pytest.fixture(scope="session")
def known(site: PublishedSite) -> KnownNumbers:
    return KnownNumbers.of(site.report)
