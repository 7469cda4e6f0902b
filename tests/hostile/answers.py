"""Answers of servers that want to stop whoever asks, given to `sunlit snapshot` and `sunlit verify`.

Each server is real and on loopback: it reads a request and writes bytes, of which some never end.
"""

import gzip
import json
import socket
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.hostile.bench import Give, HostileInput

Answer = Callable[[socket.socket, str], None]
_CHUNK: Final = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
_STORE: Final = "9meYcPwN998D2MhGh1aeXhY9bXBg4wPqLnjBJUvoakAS"


def _head(*headers: str, status: str = "200 OK") -> bytes:
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, "Connection: close")
    return "\r\n".join((*lines, "", "")).encode()


def says(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """Return an answer of a body whose length is told."""

    def answer(to: socket.socket, path: str) -> None:
        del path
        to.sendall(_head(*headers, f"Content-Length: {len(body)}", status=status) + body)

    return answer


def _raw(answered: bytes) -> Answer:
    def answer(to: socket.socket, path: str) -> None:
        del path
        to.sendall(answered)

    return answer


def _endless(start: bytes, again: bytes) -> Answer:
    def answer(to: socket.socket, path: str) -> None:
        del path
        to.sendall(start)
        while True:
            to.sendall(again)

    return answer


def _drip(to: socket.socket, path: str) -> None:
    """Send a letter whenever somebody who waits would nearly have gone."""
    del path
    to.sendall(_head("Content-Length: 100000"))
    over = threading.Event()
    while not over.wait(0.5):
        to.sendall(b" ")


def _silent(to: socket.socket, path: str) -> None:
    del path
    to.settimeout(600)
    to.recv(1)


def _around(to: socket.socket, path: str) -> None:
    to.sendall(_head(f"Location: {path}x", "Content-Length: 0", status="302 Found"))


def _short(to: socket.socket, path: str) -> None:
    del path
    to.sendall(_head("Content-Length: 1000") + b"[]")


def _bomb(mib: int) -> bytes:
    """Return gzip that unfolds to blanks; one full block is written again and again, so it is made soon."""
    writer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, block = (writer.compress(b" " * 2**20) + writer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + block * mib


GZIP: Final = "Content-Encoding: gzip"
ANSWERS: Final[Mapping[str, Answer]] = {
    "nested 100,000 deep": says(b"[" * 100_000),
    "objects nested deep": says(b'{"a":' * 100_000),
    "NaN": says(b'[{"id":"a","amount":NaN}]'),
    "Infinity": says(b'[{"id":"a","amount":-Infinity}]'),
    "minus nothing": says(b"-0"),
    "an exponent without end": says(b'[{"id":"a","status":"Settled","amount":1e99999999999}]'),
    "a million digits": says(b'[{"id":"a","createdTime":' + b"9" * 10**6 + b"}]"),
    "an id of 10 MB": says(b'[{"id":"' + b"a" * 10**7 + b'","status":"Settled"}]'),
    "second 10^18": says(
        b'[{"id":"a","status":"New","additionalStatus":"None","createdTime":' + b"1" + b"0" * 18 + b"}]"
    ),
    "no UTF-8": says(b'[{"id":"\xff\xfe"}]'),
    "a lone surrogate": says(rb'[{"id":"\ud800"}]'),
    "a byte order mark": says(b"\xef\xbb\xbf[]x"),
    "NUL": says(b"[\0]"),
    "nothing": says(b""),
    "a web page": says(b"<html><body>Please log in</body></html>"),
    "a body without end": _endless(_head("Transfer-Encoding: chunked"), _CHUNK),
    "a body without length or end": _endless(_head(), b" " * 2**16),
    "a body that drips": _drip,
    "silence": _silent,
    "less than its length": _short,
    "a length below nothing": says(b"[]", "Content-Length: -1"),
    "redirects in a circle": _around,
    "a redirect to this machine": says(b"", "Location: http://127.0.0.1:9/", status="302 Found"),
    "a redirect to a file": says(b"", "Location: file:///etc/passwd", status="302 Found"),
    "headers without end": _endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 4000 + b"\r\n"),
    "100,000 headers": says(b"[]", *(f"X-{n}: a" for n in range(100_000))),
    "a header of 10 MB": says(b"[]", "X-A: " + "a" * 10**7),
    "a gzip bomb of 1 GB": says(_bomb(1024), GZIP),
    "a gzip bomb in a gzip bomb": says(gzip.compress(_bomb(1024)), "Content-Encoding: gzip, gzip"),
    "gzip that is none": says(b"[]", GZIP),
    "an unknown coding": says(b"[]", "Content-Encoding: rot13"),
    "no HTTP": _raw(b"\x16\x03\x01 hello\r\n\r\n"),
    "a hang-up": _raw(b""),
    "a status of 999": says(b"[]", status="999 Odd"),
}


#: No answer to HTTP's eyes: the site was not looked at, which is another end than that it is none.
UNHEARD: Final = frozenset(
    {
        *(
            "a body that drips",
            "silence",
            "less than its length",
            "a length below nothing",
            "no HTTP",
            "a hang-up",
        ),
        *("headers without end", "100,000 headers", "a header of 10 MB"),
    }
)
#: Whoever asks waits minutes: a proof alone has the time.
WAITS: Final = frozenset({"a body that drips", "silence"})
#: More than is read of a file of a site, or packed otherwise than was asked for.
BEYOND: Final = frozenset(
    {
        *("a body without end", "a body without length or end", "an unknown coding", "gzip that is none"),
        *("a gzip bomb of 1 GB", "a gzip bomb in a gzip bomb"),
    }
)
#: A record that cannot be read is one record: the others are taken.
TAKEN: Final = frozenset({"an exponent without end", "a million digits", "an id of 10 MB"})


class _Handler(socketserver.BaseRequestHandler):
    answer: Answer

    def handle(self) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            read = self.request.recv(65536)
            if not read:
                return
            request += read
        path = request.split(b" ", 2)[1].decode("ascii", "replace")
        with suppress(OSError):  # whoever asked has gone
            type(self).answer(self.request, path)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve one answer to whatever is asked, and return where."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def configured(url: str) -> Give:
    """Return what writes a configuration that reads a store of a server, and no log."""
    document = {
        "version": 1,
        "site": {"title": "Hostile"},
        "network": "regtest",
        "sources": {
            "btcpay": [{"id": "pay", "url": url, "token_env": "PAY_TOKEN", "stores": [_STORE]}],
            "rates": {"provider": "none"},
        },
        "projects": [{"slug": "well", "btcpay": {"source": "pay", "app": "4NpDR2kvTMEWHkVVLYbhkyzhLbHy"}}],
    }

    def give(folder: Path) -> None:
        (folder / "config.yaml").write_text(json.dumps(document))
        for log in (folder / "content/snapshots").rglob("*.jsonl"):
            log.unlink()

    return give


def asked(name: str, url: str, kind: str) -> HostileInput:
    """Return the row for an answer that a server gives to `snapshot` or to `verify`."""
    if kind == "site":
        heard = Exit.MISMATCH if name in BEYOND else Exit.WRONG_USE
        code = Exit.INCOMPLETE if name in UNHEARD else heard
        command, words = ("verify", url), "127.0.0.1"
    else:
        code = Exit.DONE if name in TAKEN else Exit.NOTHING
        command, words = ("snapshot",), "BTCPay 127.0.0.1"
    return HostileInput(
        name=f"answer to {command[0]}: {name}", give=configured(url), command=command, code=code, says=words
    )
