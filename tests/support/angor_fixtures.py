"""The synthetic projects of the vectors as fixtures, for each folder that asks the source about them."""

import pytest

from tests.support.esplora import Project, project
from tests.support.vectors import angor_vectors


@pytest.fixture
def invest() -> Project:
    return project(angor_vectors()["synthetic_fixtures"][0])


@pytest.fixture
def subscribe() -> Project:
    return project(angor_vectors()["synthetic_fixtures"][1])
