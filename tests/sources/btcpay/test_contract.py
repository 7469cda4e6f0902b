"""Sunlit against a real server, for who names one: it only reads, and says what it found."""

import os
from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest

from generator.config import BTCPayServer, PrivacyConfig
from generator.ledger import Entry
from generator.snapshot import Known, Project
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.source import BTCPay
from tests.support.town import bound

pytestmark = pytest.mark.anyio
NAMES = ("SUNLIT_BTCPAY_URL", "SUNLIT_BTCPAY_KEY", "SUNLIT_BTCPAY_STORE")
HERE = [os.environ.get(name, "") for name in NAMES]


@pytest.mark.remote
@pytest.mark.skipif(not all(HERE), reason=f"names no server: {', '.join(NAMES)}")
async def test_a_whole_store_of_a_real_server_is_read_completely_and_twice_the_same() -> None:
    url, key, store = HERE
    server = BTCPayServer.model_validate(
        {"id": "real", "url": url, "token_env": "SUNLIT_BTCPAY_KEY", "stores": [store]}
    )
    at = datetime.now(UTC)
    runs = []
    for page in (200, 7):
        async with httpx.AsyncClient(headers=authorization(key)) as client:
            source = BTCPay(
                server,
                store,
                projects=[bound("all", store=store)],
                privacy=PrivacyConfig(min_group=1),
                client=client,
                page=page,
            )
            runs.append([record async for record in source.collect(Known(), at=at, full=True)])
            print(dict(sorted(source.tally.counts.items())))
    [project] = [record for record in runs[0] if isinstance(record, Project)]
    assert project.complete
    sums = Counter[str]()
    for entry in runs[0]:
        if isinstance(entry, Entry):
            sums[f"{entry.kind} {entry.status}"] += entry.amount_msat
    print(dict(sums))
    assert runs[0] == runs[1], "pages of another size tell the same"
