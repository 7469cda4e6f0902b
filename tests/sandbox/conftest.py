"""One small town for all tests of this folder that only look at it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town

NOW = 1_790_000_000  #: 2026-09-21T13:33:20Z


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
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=20) as found:
        yield found


@pytest.fixture(scope="session")
def openapi(shared: Path) -> dict[str, Any]:
    """Return BTCPay's OpenAPI document."""
    found: dict[str, Any] = json.loads((shared / "data/btcpay/openapi.json").read_text(encoding="utf-8"))
    return found
