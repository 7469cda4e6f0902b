"""A Greenfield server over HTTP, in a thread of its own, on a port the system chooses."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.chance import chance
from generator.sandbox.btcpay.courier import Courier
from generator.sandbox.btcpay.documents import Desk
from generator.sandbox.btcpay.faults import Fault, Faults
from generator.sandbox.btcpay.keys import Key, token_of
from generator.sandbox.btcpay.routes import ANY_KEY, ANYONE, ROUTES, Answer, Forbidden, Missing, Question
from generator.sandbox.btcpay.search import BadQuery, BrokenQuery
from generator.sandbox.btcpay.texts import Texts, Token
from generator.sandbox.btcpay.till import Till
from generator.sandbox.btcpay.trade import TRADE
from generator.sandbox.btcpay.versions import Version
from generator.sandbox.btcpay.webhooks import Webhooks
from generator.sandbox.listening import listening

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class _Unknown(Exception):
    """A request without a key, or with one that the server does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line of the request log; no header is ever kept."""

    method: str
    path: str
    query: str
    status: int


@dataclass(slots=True, kw_only=True)
class BTCPayServer:
    """Serves `books` to the holders of `keys`; use it as a context manager.

    `prefix` is a path such as ``/btcpay``, `version` makes it an older server,
    `dress` changes each answer before it is sent, `shown` names the crowdfunds whose texts a report may show.
    `clock` gives Unix seconds for what happens while it runs (the books' own by default), `reach` makes the
    client that tells a webhook.
    """

    books: Books
    keys: tuple[Key, ...]
    texts: Texts
    prefix: str = ""
    version: Version = Version.CURRENT
    shown: frozenset[str] = frozenset()
    port: int = 0  #: 0: any that is free
    faults: Faults = field(default_factory=Faults)
    dress: Callable[[object], object] | None = None
    log: list[Asked] = field(default_factory=list)
    clock: Callable[[], int] | None = None
    reach: Callable[[], httpx.AsyncClient] = httpx.AsyncClient
    webhooks: Webhooks = field(default_factory=Webhooks)
    till: Till = field(init=False)
    _running: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Open the till."""
        dice, now = chance(self.texts.seed, "btcpay/till"), self.clock or (lambda: self.books.now)
        courier = Courier(webhooks=self.webhooks, dice=dice, now=now, reach=self.reach)
        self.till = Till(
            books=self.books, courier=courier, dice=dice, texts=self.texts, base=lambda: self.url
        )

    @property
    def url(self) -> str:
        """Return the base address, with the path prefix; before it listens, one that could be."""
        return f"http://127.0.0.1:{self.port or 80}{self.prefix}"

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return every token served so far (with `Texts.plant`)."""
        return self.texts.tokens

    def __enter__(self) -> Self:
        page = self.texts.text("fault.page", "", "Service Unavailable")
        self.faults.html = f"<html><body>{page}</body></html>"
        with ExitStack() as stack:
            address = stack.enter_context(listening(self.application(), port=self.port, name="btcpay"))
            self._running = stack.pop_all()
        self.port = int(address.rpartition(":")[2])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def application(self) -> Starlette:
        """Return what is served, for whoever wants to ask it without a socket."""
        every = {("GET", path): (right, answer) for path, (right, answer) in ROUTES.items()} | TRADE
        routes = [
            Route(
                f"{self.prefix}/api/v1{path}",
                self._endpoint(self.version.right(right), answer),
                methods=[method],
            )
            for (method, path), (right, answer) in every.items()
        ]
        return Starlette(routes=routes, exception_handlers={404: _bare, 405: _bare})

    def _endpoint(self, right: str, answer: Answer) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            plan = self.faults.striking(request.url.path)
            response = await self.faults.answer(plan) if plan else None
            response = response or self._answer(right, answer, request, await request.body())
            if plan and plan.fault is Fault.TRUNCATED:
                response = _json(response.status_code, raw=bytes(response.body)[: len(response.body) // 2])
            url = request.url
            self.log.append(
                Asked(method=request.method, path=url.path, query=url.query, status=response.status_code)
            )
            return response

        return endpoint

    def _answer(self, right: str, answer: Answer, request: Request, body: bytes) -> Response:
        try:
            document = self._ask(right, answer, request, body)
            return _json(200, self.dress(document) if self.dress else document)
        except _Unknown as error:
            return _json(401, {"code": "unauthenticated", "message": str(error)})
        except Forbidden as error:
            return _json(403, _forbidden(error.right))
        except Missing as error:
            return _json(404, {"code": error.code, "message": error.message})
        except BadQuery as error:
            return _json(422, [{"path": place, "message": message} for place, message in error.problems])
        except BrokenQuery:
            return Response(status_code=500)

    def _ask(self, right: str, answer: Answer, request: Request, body: bytes) -> object:
        key = self._key_of(request.headers.get("authorization"), needed=right != ANYONE)
        store = request.path_params.get("store", "")
        if right not in (ANYONE, ANY_KEY) and not (
            store in self.books.stores and key is not None and key.may(right, store)
        ):
            raise Forbidden(right)
        return answer(
            Question(
                books=self.books,
                desk=Desk(base=self.url, texts=self.texts),
                key=key,
                path=request.path_params,
                pairs=request.query_params.multi_items(),
                shown=self.shown,
                version=self.version,
                till=self.till,
                body=body,
            )
        )

    def _key_of(self, header: str | None, *, needed: bool) -> Key | None:
        text = token_of(header or "")
        found = next((key for key in self.keys if key.text == text), None)
        if found is None and needed:
            reason = "Authentication is required for accessing this endpoint"
            raise _Unknown("ApiKey authentication failed: Unknown API Key" if text else reason)
        return found


async def _bare(request: Request, error: Exception) -> Response:
    """Answer an unknown route as BTCPay does for anyone but a browser: a status and nothing else."""
    del request
    return Response(status_code=getattr(error, "status_code", 404))


def _json(status: int, document: object = None, *, raw: bytes | None = None) -> Response:
    content = _ENCODER.encode(document) if raw is None else raw
    return Response(content, status, media_type="application/json")


def _forbidden(right: str) -> dict[str, str]:
    advice = (
        f'Insufficient API Permissions. Please use an API key with permission "{right}". '
        "You can create an API key in your account's settings / Api Keys."
    )
    return {"missingPermission": right, "code": "missing-permission", "message": advice}
