"""An Esplora-compatible server over the sandbox's chain, with quirks and faults on demand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from generator.sandbox.btcpay.faults import Fault, Faults
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer.index import Index
from generator.sandbox.indexer.quirks import PREFIXES, Quirks
from generator.sandbox.indexer.routes import ROUTES, Question, historical_price
from generator.sandbox.listening import stoppable

_FOR_EVER: Final = 3600.0
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(slots=True, kw_only=True)
class Indexer:
    """One server: what it serves, how it misbehaves, what it was asked."""

    world: ChainWorld
    quirks: Quirks = field(default_factory=Quirks)
    faults: Faults = field(default_factory=Faults)
    asked: list[str] = field(default_factory=list)  #: ``GET /path?query``, in order
    url: str = ""  #: base address while it is served, without ``/api``
    stop: Callable[[], None] = lambda: None  #: closes its port for good, while it is served
    _index: Index | None = None
    _seen: tuple[int, int, int] = (0, 0, 0)

    @property
    def index(self) -> Index:
        """What the server knows; read again when the chain or the lag has changed."""
        chain = self.world.chain
        seen = (len(chain.blocks), len(chain.mempool), self.quirks.lag_blocks)
        if self._index is None or seen != self._seen:
            self._index, self._seen = Index.of(chain, lag_blocks=self.quirks.lag_blocks), seen
        return self._index

    def application(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            Route(prefix + path, self._endpoint(answer, prefix))
            for prefix in PREFIXES
            for path, answer in ROUTES.items()
        ]
        prices = Route("/api/v1/historical-price", self._endpoint(historical_price, None))
        return Starlette(routes=[prices, *routes])

    def _endpoint(
        self, answer: Callable[[Question], object], prefix: str | None
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            query = f"?{request.url.query}" if request.url.query else ""
            self.asked.append(f"{request.method} {request.url.path}{query}")
            if (odd := await self._odd(prefix)) is not None:
                return odd
            plan = self.faults.striking(request.url.path)
            response = await self.faults.answer(plan) if plan else None
            response = response or self._answer(answer, request)
            if plan and plan.fault is Fault.TRUNCATED:
                half = bytes(response.body)[: len(response.body) // 2]
                response = Response(half, response.status_code, media_type=response.media_type)
            return response

        return endpoint

    async def _odd(self, prefix: str | None) -> Response | None:
        """Return what a quirk of the server as a whole makes of a request, None where there is none."""
        quirks, number = self.quirks, len(self.asked)
        if quirks.dies_after is not None and number > quirks.dies_after:
            self.stop()
            await asyncio.sleep(_FOR_EVER)
        limited = quirks.limited_every and number % quirks.limited_every == 0
        if limited and self.asked.count(self.asked[-1]) == 1:
            return PlainTextResponse("Too many requests", 429, {"Retry-After": quirks.retry_after})
        if prefix is not None and prefix not in quirks.prefixes:
            return PlainTextResponse("Not found", 404)
        return None

    def _answer(self, answer: Callable[[Question], object], request: Request) -> Response:
        question = Question(
            index=self.index,
            quirks=self.quirks,
            prices=self.world.prices,
            path=request.path_params,
            query=request.query_params,
        )
        try:
            found = answer(question)
        except HTTPException as error:
            return PlainTextResponse(error.detail, error.status_code)
        if isinstance(found, str):
            return PlainTextResponse(f'"{found}"' if self.quirks.quoted else found)
        return Response(_ENCODER.encode(found), media_type="application/json")


@contextmanager
def serve_indexer(world: ChainWorld, *, quirks: Quirks | None = None) -> Iterator[Indexer]:
    """Serve a world's chain on loopback while the block runs; `Indexer.url` is the base address."""
    indexer = Indexer(world=world, quirks=quirks or Quirks())
    with stoppable(indexer.application(), name="indexer") as (indexer.url, indexer.stop):
        yield indexer
