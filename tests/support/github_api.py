"""GitHub's API on loopback: a repository whose answers are built from GitHub's own description of them.

A request that the description does not know, or knows otherwise, is kept in `GitHub.strange`, and `github`
fails for it. Rights, limits and refusals are those of a token.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from generator.sandbox.listening import listening
from tests.support.github_document import Json, Operation, operation
from tests.support.github_repository import LIMITED, GitHub, Refused
from tests.support.github_routes import ANSWERS, NEEDS, Ask


async def _answer(hub: GitHub, request: Request) -> Response:
    """Answer one request."""
    hub.asked.append((request.method, request.url.path))
    body = await request.body()
    try:
        status, content, headers = _answered(hub, request, json.loads(body) if body else None)
    except Refused as refused:
        said = {"message": refused.message, "documentation_url": "https://docs.github.com/rest"}
        status, content, headers = refused.status, said, refused.headers
    return JSONResponse(content, status, headers) if content is not None else Response(None, status, headers)


def _answered(hub: GitHub, request: Request, body: object) -> tuple[int, object, dict[str, str]]:
    method, path = request.method, request.url.path
    known = operation(method, path)
    if known is None:
        hub.strange.append(f"{method} {path}")
        raise Refused(404, "Not Found")
    _allow(hub, request, known)
    if wrong := known.wrong(request.url.query, body):
        hub.strange.append(wrong)
        raise Refused(422, f"Validation Failed: {wrong}")
    told: Json = body if isinstance(body, dict) else {}
    ask = Ask(words=path.split("/"), told=told, query=parse_qs(request.url.query))
    status, changes = ANSWERS[f"{method} {known.path}"](hub, ask)
    headers: dict[str, str] = {}
    if isinstance(changes, list):
        changes, headers = _page(request, changes)
    return status, known.answer(status, changes), headers


def _allow(hub: GitHub, request: Request, known: Operation) -> None:
    """Raise what this token, or what is planned, is refused with."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("token ")
    name = f"{known.method} {known.path}"
    if token and token not in hub.tokens:
        raise Refused(401, "Bad credentials")
    if not token and (name in NEEDS or hub.repository.get("private")):
        raise Refused(401, "Requires authentication") if name in NEEDS else Refused(404, "Not Found")
    short = f"{known.method} {'/' + '/'.join(request.url.path.split('/')[4:])}"
    for plan in hub.planned:
        if plan.times and short.startswith(plan.start):
            plan.times -= 1
            raise plan.refusal
    if token and (need := NEEDS.get(name)) and need not in hub.tokens[token]:
        raise Refused(403, "Resource not accessible by integration")
    if hub.most_writes is not None and len(hub.written) > hub.most_writes:
        raise LIMITED


def _page(request: Request, rows: list[Json]) -> tuple[list[Json], dict[str, str]]:
    number, size = (int(request.query_params.get(*given)) for given in (("page", "1"), ("per_page", "30")))
    end = number * size
    if end >= len(rows):
        return rows[end - size :], {}
    more = request.url.include_query_params(page=number + 1)
    return rows[end - size : end], {"Link": f'<{more}>; rel="next"'}


@contextmanager
def github(hub: GitHub | None = None) -> Iterator[GitHub]:
    """Serve a repository while the block runs; its address is `GitHub.url`. Nothing strange may be asked."""
    hub = hub or GitHub()
    app = Starlette(
        routes=[Route("/{path:path}", partial(_answer, hub), methods=["GET", "POST", "PATCH", "PUT"])]
    )
    with listening(app, name="github") as url:
        hub.url = url
        yield hub
    assert not hub.strange, hub.strange
