"""The synthetic projects of the reference as fixtures."""

import json
from pathlib import Path

import pytest

from tests.support.esplora import Json, Project, project


@pytest.fixture(scope="session")
def vectors(shared: Path) -> Json:
    loaded: Json = json.loads((shared / "data" / "angor-vectors.json").read_text())
    return loaded


@pytest.fixture
def invest(vectors: Json) -> Project:
    return project(vectors["synthetic_fixtures"][0])


@pytest.fixture
def subscribe(vectors: Json) -> Project:
    return project(vectors["synthetic_fixtures"][1])
