"""An Esplora-compatible server over the sandbox's chain, with quirks and faults on demand."""

import asyncio
import socket
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
from generator.sandbox.indexer.bucket import Bucket
from generator.sandbox.indexer.index import Index
from generator.sandbox.indexer.price_routes import historical_price
from generator.sandbox.indexer.question import Question
from generator.sandbox.indexer.quirks import PREFIXES, ErrorBody, Quirks, RefusedAnswer
from generator.sandbox.indexer.routes import ROUTES
from generator.sandbox.listening import stoppable

_FOR_EVER: Final = 3600.0
_JSON: Final = "application/json"
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
    latency_scale: float = 0.0  #: of the quirks' latency: 0 answers at once, 1 as slowly as the real one
    _bucket: Bucket = field(default_factory=Bucket)
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
            Route(prefix + path, self._endpoint(answer, path, prefix))
            for prefix in PREFIXES
            for path, answer in ROUTES.items()
        ]
        beside = {"/api/v1/historical-price": historical_price, "/api/v1/backend-info": _backend_info}
        return Starlette(
            routes=[
                *(Route(path, self._endpoint(answer, path, None)) for path, answer in beside.items()),
                *routes,
            ]
        )

    def _endpoint(
        self, answer: Callable[[Question], object], path: str, prefix: str | None
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            query = f"?{request.url.query}" if request.url.query else ""
            self.asked.append(f"{request.method} {request.url.path}{query}")
            if (odd := await self._odd(path, prefix)) is not None:
                return odd
            plan = self.faults.striking(request.url.path)
            response = await self.faults.answer(plan) if plan else None
            response = response or self._answer(answer, request)
            if plan and plan.fault is Fault.TRUNCATED:
                half = bytes(response.body)[: len(response.body) // 2]
                response = Response(half, response.status_code, media_type=response.media_type)
            return response

        return endpoint

    async def _odd(self, path: str, prefix: str | None) -> Response | None:
        """Return what a quirk of the server as a whole makes of a request, None where there is none."""
        quirks, number = self.quirks, len(self.asked)
        if quirks.dies_after is not None and number > quirks.dies_after:
            self.stop()
            await asyncio.sleep(_FOR_EVER)
        if quirks.latency_s and self.latency_scale:
            await asyncio.sleep(quirks.latency_s * self.latency_scale)
        if quirks.answers_all is not None:
            return _refused(quirks.answers_all)
        if quirks.quota and self._bucket.refuses(quirks.quota, asyncio.get_running_loop().time()):
            return _refused(quirks.quota.answer, retry_after=quirks.quota.retry_after)
        limited = quirks.limited_every and number % quirks.limited_every == 0
        if limited and self.asked.count(self.asked[-1]) == 1:
            return PlainTextResponse("Too many requests", 429, {"Retry-After": quirks.retry_after})
        if (prefix is not None and prefix not in quirks.prefixes) or not quirks.has(path):
            return PlainTextResponse("Not found", 404)
        return None

    def _answer(self, answer: Callable[[Question], object], request: Request) -> Response:
        question = Question(
            index=self.index,
            quirks=self.quirks,
            prices=self.world.prices,
            path=request.path_params,
            query=request.query_params,
            again=self.asked.count(self.asked[-1]) > 1,
        )
        accept = request.headers.get("accept", "*/*")
        try:
            found = answer(question)
        except HTTPException as error:
            return _error(self.quirks.errors, error, accept)
        body = found if isinstance(found, str) else _ENCODER.encode(found).decode()
        if self.quirks.json_in_json and _JSON in accept:
            return Response(_ENCODER.encode(body), media_type=_JSON)
        if isinstance(found, str):
            page = self.quirks.html_hashes and "height" in question.path
            text = f'"{body}"' if self.quirks.quoted else body
            return Response(text, media_type="text/html" if page else "text/plain")
        return Response(body, media_type=_JSON)


def _backend_info(asked: Question) -> object:
    """Return what mempool says stands behind it; other servers have no such route."""
    if not asked.quirks.backend:
        raise HTTPException(404, "Not found")
    return {"backend": asked.quirks.backend, "version": "3.3.1"}


def _refused(refusal: RefusedAnswer, retry_after: str = "") -> Response:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return Response(refusal.body, refusal.status, headers, refusal.media_type)


def _error(style: ErrorBody, error: HTTPException, accept: str) -> Response:
    """Word an error as a family of servers does (public-servers.md 1.1)."""
    if style is ErrorBody.PROBLEM:
        title = {"title": error.detail, "status": error.status_code, "detail": "   at Blockcore.Indexer …"}
        return Response(_ENCODER.encode(title), error.status_code, media_type="application/problem+json")
    if style is ErrorBody.JSON and (_JSON in accept or "*/*" in accept):
        return Response(_ENCODER.encode({"error": error.detail}), error.status_code, media_type=_JSON)
    return PlainTextResponse(error.detail, error.status_code)


@contextmanager
def serve_indexer(
    world: ChainWorld, *, quirks: Quirks | None = None, latency_scale: float = 0.0
) -> Iterator[Indexer]:
    """Serve a world's chain on loopback while the block runs; `Indexer.url` is the base address."""
    indexer = Indexer(world=world, quirks=quirks or Quirks(), latency_scale=latency_scale)
    if indexer.quirks.closed:
        with socket.create_server(("127.0.0.1", 0)) as freed:
            indexer.url = f"http://127.0.0.1:{freed.getsockname()[1]}"
        yield indexer
        return
    with stoppable(indexer.application(), name="indexer") as (indexer.url, indexer.stop):
        yield indexer
