"""An Esplora-compatible server over the sandbox's chain, with quirks and faults on demand."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from generator.sandbox.btcpay.faults import Fault, Faults
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer.index import Index
from generator.sandbox.indexer.routes import ROUTES, Bad, Missing, Question, Quirks, historical_price
from generator.sandbox.listening import listening

#: A self-hosted mempool serves both.
PREFIXES: Final = ("/api", "/api/v1")
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(slots=True, kw_only=True)
class Indexer:
    """One server: what it serves, how it misbehaves, what it was asked."""

    world: ChainWorld
    quirks: Quirks = field(default_factory=Quirks)
    faults: Faults = field(default_factory=Faults)
    asked: list[str] = field(default_factory=list)  #: ``GET /path?query``, in order
    url: str = ""  #: base address while it is served, without ``/api``
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
        paths = {prefix + path: answer for prefix in PREFIXES for path, answer in ROUTES.items()}
        paths["/api/v1/historical-price"] = historical_price
        return Starlette(routes=[Route(path, self._endpoint(answer)) for path, answer in paths.items()])

    def _endpoint(self, answer: Callable[[Question], object]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            query = f"?{request.url.query}" if request.url.query else ""
            self.asked.append(f"{request.method} {request.url.path}{query}")
            plan = self.faults.striking(request.url.path)
            response = await self.faults.answer(plan) if plan else None
            response = response or self._answer(answer, request)
            if plan and plan.fault is Fault.TRUNCATED:
                half = bytes(response.body)[: len(response.body) // 2]
                response = Response(half, response.status_code, media_type=response.media_type)
            return response

        return endpoint

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
        except Missing as error:
            return PlainTextResponse(str(error), 404)
        except Bad as error:
            return PlainTextResponse(str(error), 400)
        if isinstance(found, str):
            return PlainTextResponse(found)
        return Response(_ENCODER.encode(found), media_type="application/json")


@contextmanager
def serve_indexer(world: ChainWorld, *, port: int = 0, quirks: Quirks | None = None) -> Iterator[Indexer]:
    """Serve a world's chain on loopback while the block runs; `Indexer.url` is the base address."""
    indexer = Indexer(world=world, quirks=quirks or Quirks())
    with listening(indexer.application(), port=port, name="indexer") as indexer.url:
        yield indexer
