"""A small BTCPay server on loopback, which may be down, and knows one key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.sandbox.listening import listening
from tests.support.small_store import SmallStore

KEY = "k" * 40


@dataclass(kw_only=True)
class Server:
    """A store behind an address."""

    till: SmallStore = field(default_factory=SmallStore)
    url: str = ""
    key: str = KEY
    is_down: bool = False

    async def answer(self, request: Request) -> Response:
        if self.is_down:
            return Response("Bad Gateway", 502)
        if request.headers.get("authorization") != f"token {self.key}":
            return Response('{"code": "unauthenticated", "message": "no"}', 401)
        found = self.till.answer(httpx.Request(request.method, str(request.url)))
        return Response(found.content, found.status_code, media_type="application/json")


@contextmanager
def serving() -> Iterator[Server]:
    """Serve a store of one crowdfund and one gift while the block runs."""
    server = Server()
    server.till.fund()
    app = Starlette(routes=[Route("/{path:path}", server.answer)])
    with listening(app, name="btcpay") as url:
        server.url = url
        yield server
