"""One small town for all tests of this folder that only look at it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from tests.sandbox.clock import NOW
from tests.support import openapi as documents
from tests.support.trust import trust


@pytest.fixture(scope="session")
def _village() -> tuple[Town, Deeds]:
    deeds = Deeds()
    return build_town(7, invoices=160, now=NOW, deeds=deeds), deeds


@pytest.fixture(scope="session")
def town(_village: tuple[Town, Deeds]) -> Town:
    return _village[0]


@pytest.fixture(scope="session")
def deeds(_village: tuple[Town, Deeds]) -> Deeds:
    return _village[1]


@pytest.fixture(scope="session")
def server(town: Town) -> Iterator[BTCPayServer]:
    with town.server(prefix="/btcpay") as started:
        yield started


@pytest.fixture
def client(server: BTCPayServer, town: Town) -> Iterator[httpx.Client]:
    """Return a client that sends the reader's key."""
    headers = {"Authorization": f"token {town.reader.text}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60, verify=trust()) as found:
        yield found


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    return documents.openapi()
