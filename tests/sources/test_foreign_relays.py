"""Relays that others wrote agree with our reader on discovery, paging and limits.

Nothing installs them for us: `SUNLIT_PYTHON_RELAY` names the program of the PyPI package `nostr-relay`
(1.14, in an environment of its own), `SUNLIT_NODE_RELAY` the folder of node_modules with
`@nostr-relay/core`, `@nostr-relay/event-repository-sqlite`, `@nostr-relay/validator` and `ws`.
"""

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from generator.protocol.nostr import Event, Filter, sign
from generator.sources.relays import Ending, RelayLimits, Relays, read_relay
from tests.support.trust import trust

pytestmark = [pytest.mark.anyio, pytest.mark.remote]
VARIABLES = {"python": "SUNLIT_PYTHON_RELAY", "node": "SUNLIT_NODE_RELAY"}
PROJECTS = Filter(kinds=(3030,))
SECRETS = [bytes([number]) * 32 for number in (7, 8, 9)]
LISTER = bytes([10]) * 32
PATIENT_S = 90


@cache
def events() -> list[Event]:
    """Return three founders' projects, two to a second, and a profile each."""
    return [
        *(
            sign(SECRETS[number % 3], kind=3030, content=str(number), created_at=1_700_000_000 + number // 2)
            for number in range(1_100)
        ),
        *(sign(secret, kind=0, content="{}", created_at=1_700_000_000) for secret in SECRETS),
    ]


@cache
def large() -> list[Event]:
    """Return what moderators and founders may write; with 7,000 tags one says "too many SQL variables"."""
    return [
        sign(LISTER, kind=10001, content="", created_at=5, tags=[["p", f"{at:064x}"] for at in range(5_000)]),
        sign(LISTER, kind=0, content="x" * 400_000, created_at=6),
    ]


def announced() -> set[str]:
    return {event.id for event in events() if event.kind == 3030}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=VARIABLES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a relay with all events while the tests of it last; skip where it is not installed."""
    variable = VARIABLES[request.param]
    if not (installed := os.environ.get(variable)):
        pytest.skip(f"{variable} does not say where the relay of {request.param} is installed")
    folder = tmp_path_factory.mktemp(request.param)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    make = _python_command if request.param == "python" else _node_command
    with subprocess.Popen(
        make(installed, folder, port),
        cwd=folder,
        env=os.environ | {"HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            address = f"ws://127.0.0.1:{port}"
            asyncio.run(_publish(address))
            yield address
        finally:
            running.terminate()


def _python_command(program: str, folder: Path, port: int) -> list[str]:
    """Raise what the relay refuses by default: long texts and events older than a year."""
    settings = {
        "storage": {
            "sqlalchemy.url": "sqlite+aiosqlite:///relay.sqlite3",
            "validators": ["nostr_relay.validators.is_signed"],
        },
        "gunicorn": {"bind": f"127.0.0.1:{port}", "workers": 1, "reload": False},
        "verification": {"nip05_verification": "disabled"},
        "max_event_size": 2**20,
        "oldest_event": 10**9,
    }
    (folder / "relay.yaml").write_text(json.dumps(settings))
    return [program, "-c", "relay.yaml", "serve"]


def _node_command(modules: str, _folder: Path, port: int) -> list[str]:
    return ["node", str(Path(__file__).with_name("foreign_relay.mjs")), modules, str(port)]


async def _publish(address: str) -> None:
    async with asyncio.timeout(PATIENT_S):
        async with await _opened(address) as connection:
            for event in (*events(), *large()):
                await connection.send(json.dumps(["EVENT", event.to_obj()]))
                while (answer := json.loads(await connection.recv()))[0] == "AUTH":
                    pass
                assert answer[::2][:2] == ["OK", True], answer


async def _opened(address: str) -> ClientConnection:
    while True:
        try:
            return await connect(address)
        except OSError:
            await asyncio.sleep(0.2)


async def test_every_announcement_is_discovered(url: str) -> None:
    async with httpx.AsyncClient(verify=trust()) as client:
        relays = Relays(urls=[url], client=client)
        found = await relays.read([PROJECTS])
    assert found.keys() == announced()
    assert relays.endings == {url: "complete"}


@pytest.mark.parametrize("page", [50, 500, 2_000])
async def test_a_page_of_any_size_leads_to_the_same_end(url: str, page: int) -> None:
    """2,000 is more than one of them gives: it clamps in silence."""
    reading = await read_relay(url, [PROJECTS], RelayLimits(page=page))
    assert (reading.ending, set(reading.events)) == (Ending.COMPLETE, announced())
    assert not reading.counts["forged"] + reading.counts["foreign"] + reading.counts["malformed"]


async def test_ids_and_authors_are_answered_as_asked(url: str) -> None:
    by_ids = tuple(event.id for event in events()[:100])
    by_author = events()[-1].pubkey
    expected = {*by_ids, *(event.id for event in events() if _by(event, by_author))}
    wanted = [Filter(ids=by_ids), Filter(kinds=(0,), authors=(by_author,)), Filter(authors=(by_author,))]
    reading = await read_relay(url, wanted, RelayLimits())
    assert (reading.ending, set(reading.events)) == (Ending.COMPLETE, expected)


def _by(event: Event, author: str) -> bool:
    return event.pubkey == author


async def test_large_lists_and_profiles_are_read(url: str) -> None:
    reading = await read_relay(url, [Filter(authors=(large()[0].pubkey,))], RelayLimits())
    assert (reading.outcome, reading.events) == ("complete", {event.id: event for event in large()})


async def test_what_no_relay_has_is_complete_and_empty(url: str) -> None:
    reading = await read_relay(url, [Filter(kinds=(3031,)), Filter(ids=("0" * 64,))], RelayLimits())
    assert (reading.ending, reading.events) == (Ending.COMPLETE, {})


async def test_more_questions_than_open_subscriptions_are_answered(url: str) -> None:
    """One of them allows 32 open at a time: ours are closed as they end."""
    wanted = [Filter(ids=(event.id,)) for event in events()[:80]]
    reading = await read_relay(url, wanted, RelayLimits())
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 80)
