"""Who sends nothing, half of it or nonsense to `sunlit hook serve` shuts nobody out and fills nothing."""

import asyncio
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from starlette.requests import Request

from generator.cli.site_folder import SiteFolder
from generator.hook import Delivery, Receiver, Repetition, Trigger, application
from generator.hook.connections import BoundedServer
from generator.hook.dispatch import build_here
from generator.hook.receiver import MOST_BYTES, MOST_HELD
from tests.hook.receiver import SECRET, body_of, sign
from tests.support.proving import in_full

#: What each connection of a crowd sends, and then nothing, or one more byte now and then.
SENT = {
    "nothing": b"",
    "half a head": b"POST /btcpay HTTP/1.1\r\nhost: hook.test\r\nx-",
    "half a body": b"POST /btcpay HTTP/1.1\r\nhost: hook.test\r\ncontent-length: 9000000\r\n\r\n"
    + b"x" * 60_000,
    "no HTTP": b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n",
    "an endless head": b"POST /btcpay HTTP/1.1\r\nhost: hook.test\r\nx-long: " + b"x" * 60_000,
}
#: The usual bound of a shell; the crowd of a proof is larger.
FILES = 1_024
#: Fewer than one turn of the event loop takes.
FEW_FILES = 48


@dataclass
class Served:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def peak_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def served(site: SiteFolder, files: int) -> Iterator[Served]:
    """Run the command in a process with as few files as a shell gives it."""
    log = site.root / "log.txt"
    command = [sys.executable, "-m", "generator.cli", "hook", "serve", "--address", "127.0.0.1:0"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=site.root, stderr=file, stdout=file)
    try:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
        while b"/btcpay" not in log.read_bytes():
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        port = int(log.read_text().partition("127.0.0.1:")[2].partition("/")[0])
        while not _answers(port):
            assert process.poll() is None, log.read_text()
        yield Served(process, port, log)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success
    time.sleep(0.02)
    return False


@pytest.fixture
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def crowd(port: int, size: int) -> Iterator[list[socket.socket]]:
    """Hold connections open that each sent one of the kinds in turn."""
    kinds = list(SENT.values())
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        for number in range(size):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            connection.settimeout(0)
            with suppress(OSError):
                connection.send(kinds[number % len(kinds)])
            sockets.append(connection)
        yield sockets


@contextmanager
def flood(port: int, standing: list[socket.socket]) -> Iterator[None]:
    """Connect, ask and hang up again and again while the block runs, and send a byte on what stands."""
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.is_set():
            with suppress(OSError), crowd(port, 50):
                for connection in standing:
                    with suppress(OSError):
                        connection.send(b"x")
            with suppress(OSError, HTTPException):
                for _ in range(10):
                    posted(port, b"{}", "sha256=0")

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def delivered(port: int, number: int) -> float:
    """Deliver a signed event; return the seconds until it was taken."""
    body, begun = body_of(number), time.monotonic()
    assert posted(port, body, sign(body)) == (200, b"taken")
    return time.monotonic() - begun


def posted(port: int, body: bytes, signature: str) -> tuple[int, bytes]:
    """Post over a connection of its own; return status and body."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/btcpay", body, {"BTCPay-Sig": signature})
        answer = connection.getresponse()
        return answer.status, answer.read()


def ended(hook: Served) -> float:
    """Tell a receiver to stop; return the seconds until it did."""
    begun = time.monotonic()
    hook.process.send_signal(signal.SIGTERM)
    hook.process.wait(60)
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize(("files", "patience_s"), [(FILES, in_full(10.0, 1.0)), (FEW_FILES, 30.0)])
def test_a_crowd_shuts_no_delivery_out(site: SiteFolder, files: int, patience_s: float) -> None:
    size, count = in_full((500, 5), (2_000, 100))
    with served(site, files) as hook:
        with crowd(hook.port, size) as standing, flood(hook.port, standing):
            took = [delivered(hook.port, number) for number in range(count)]
        with crowd(hook.port, 200):
            took.append(delivered(hook.port, count))
            peak, stop_s = hook.peak_mib(), ended(hook)
        log = hook.log.read_text()
    print(
        f"{size} connections, {len(took)} signed deliveries: slowest {max(took):.3f} s, "
        f"memory {peak:.0f} MiB, log {len(log)} bytes, ended {stop_s:.1f} s after SIGTERM; log:\n{log}"
    )
    assert max(took) < patience_s
    assert peak < 256
    assert len(log) < 4_000
    assert "Traceback" not in log
    assert "connections at once: the oldest without a request was closed" in log
    assert "more times)" in log
    assert stop_s < 10


async def nothing() -> None:
    """Ask for no rebuild."""


#: What a connection sends, in parts of which each but the last is answered.
TOO_LATE = {
    "nothing": [b""],
    "half a head": [b"POST /btcpay HTTP/1.1\r\nhost: hook.test\r\nx-"],
    "half a body": [b"POST /btcpay HTTP/1.1\r\nhost: hook.test\r\ncontent-length: 90\r\n\r\n{"],
    "half a second head": [b"GET /healthz HTTP/1.1\r\nhost: hook.test\r\n\r\n", b"GET /healthz"],
}


@pytest.mark.parametrize("parts", TOO_LATE.values(), ids=TOO_LATE)
def test_what_does_not_come_whole_in_time_is_closed(parts: list[bytes]) -> None:
    """A byte now and then gives no new time; the test ends when the server hangs up."""
    said: list[str] = []

    async def wait() -> None:
        say = Repetition(said.append)
        receiver = Receiver(
            secret=b"s",
            stores=frozenset(),
            remember=lambda _: True,
            trigger=Trigger(dispatch=nothing, debounce_s=0),
            now=time.monotonic,
        )
        server = BoundedServer(application(receiver), say, request_s=0.3)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            running = asyncio.ensure_future(server.serve([listener]))
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            for part in parts[:-1]:
                writer.write(part)
                assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
            writer.write(parts[-1])
            with suppress(ConnectionError):
                while parts[-1] and not (reader.at_eof() or reader.exception()):  # ended, or reset
                    writer.write(b"x")
                    await asyncio.sleep(0.02)
                assert await reader.read() == b""
            writer.close()
            server.should_exit = True
            await running

    asyncio.run(wait())
    assert said == ["no whole request within 0.3 s: the connection was closed"]


@pytest.mark.anyio
async def test_what_comes_again_is_counted() -> None:
    said: list[str] = []
    say = Repetition(said.append, every_s=60)
    for _ in range(1_100):
        say("nothing came")
    assert said == ["nothing came"]
    await asyncio.sleep(61)
    assert said[1:] == ["nothing came (1,099 more times)"]
    for number in range(1_000):
        say(f"problem {number}")
    say.close()
    assert len(said) < 60, "no more kinds than a person reads"


@pytest.mark.anyio
async def test_half_sent_bodies_hold_no_more_together_than_their_bound() -> None:
    """A signed delivery among them is taken all the same, without a look at it."""
    came: list[Delivery] = []
    is_over, held = asyncio.Event(), asyncio.Semaphore(0)
    receiver = Receiver(
        secret=SECRET.encode(),
        stores=frozenset(),
        remember=lambda delivery: came.append(delivery) is None,
        trigger=Trigger(dispatch=nothing, debounce_s=0),
        now=time.monotonic,
        say=lambda _: None,
    )

    def request(parts: list[bytes], signature: str, *, waits: bool) -> Request:
        left = list(parts)

        async def receive() -> dict[str, object]:
            if left:
                return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or waits}
            held.release()
            await is_over.wait()
            return {"type": "http.disconnect"}

        headers = [(b"btcpay-sig", signature.encode())]
        return Request({"type": "http", "method": "POST", "headers": headers}, receive)

    count = 2 * MOST_HELD // MOST_BYTES
    halves = [
        asyncio.ensure_future(receiver.receive(request([b"x" * MOST_BYTES], "", waits=True)))
        for _ in range(count)
    ]
    for _ in range(count):
        await held.acquire()
    assert receiver._held == MOST_HELD
    answer = await receiver.receive(request([body_of(1)], sign(body_of(1)), waits=False))
    assert (answer.body, [delivery.store for delivery in came]) == (b"taken", [""])
    is_over.set()
    assert {half.status_code for half in await asyncio.gather(*halves)} == {408}
    assert receiver._held == 0


@pytest.mark.anyio
@pytest.mark.parametrize("is_obedient", [True, False])
async def test_a_build_ends_with_the_receiver(monkeypatch: pytest.MonkeyPatch, *, is_obedient: bool) -> None:
    told, ended = asyncio.Event(), asyncio.Event()

    def terminate() -> None:
        told.set()
        if is_obedient:
            ended.set()

    async def start(*_: str) -> object:
        return SimpleNamespace(wait=ended.wait, terminate=terminate)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    trigger = Trigger(dispatch=partial(build_here, Path("config.yaml"), full=False), debounce_s=120)
    trigger.offer()
    await asyncio.sleep(1)
    begun = asyncio.get_running_loop().time()
    await trigger.close()
    assert told.is_set()
    assert asyncio.get_running_loop().time() - begun < 8
