"""Tests that ask public servers run only when they are asked for: `SUNLIT_LIVE=1`."""

import os

import pytest

LIVE = "SUNLIT_LIVE"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `live`: nobody's server is asked by a usual run, and none of it is a skip."""
    if os.environ.get(LIVE) == "1":
        return
    left = [item for item in items if item.get_closest_marker("live")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
