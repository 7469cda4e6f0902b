"""Coroutine tests marked `anyio` run on asyncio, the only event loop Sunlit uses."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Name the event loop for anyio's pytest plugin."""
    return "asyncio"
