"""A receiver of webhooks with a stand-in for GitHub, in one process whose clock a test moves."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.cli.hook_section import hook_secrets, hook_section
from generator.cli.site_folder import SiteFolder
from generator.cli.terminal import Terminal
from generator.cli.webhook_receiver import receiver_of
from generator.hook import Dispatcher, application

SECRET, TOKEN, STORE = (
    "s3cret-of-the-webhook",
    "token-of-github",
    "9meYcPwN998D2MhGh1aeXhY9bXBg4wPqLnjBJUvoakAS",
)
CONFIG = f"""\
version: 1
site: {{title: Hooked, base_url: "https://example.org/hooked/"}}
network: main
sources:
  btcpay: [{{id: pay, url: "https://pay.example.org", token_env: PAY_TOKEN, stores: [{STORE}]}}]
projects: [{{slug: well, btcpay: {{source: pay, store: {STORE}}}}}]
hook:
  server: pay
  secret_env: HOOK_SECRET
  repository: someone/report
  token_env: HOOK_TOKEN
  debounce_s: 120
  api: API
"""


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def body_of(number: int, **fields: object) -> bytes:
    event = {
        "deliveryId": f"delivery-{number}",
        "webhookId": "hook-1",
        "originalDeliveryId": f"delivery-{number}",
        "isRedelivery": False,
        "type": "InvoiceSettled",
        "timestamp": 1_782_901_310 + number,
        "storeId": STORE,
        "invoiceId": f"invoice-{number}",
        "metadata": {"buyerEmail": "donor@example.org"},
    }
    return json.dumps(event | fields).encode()


@dataclass
class GitHub:
    """A local server that speaks the part of GitHub's API that a dispatch needs."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)  #: before it works

    def app(self) -> Starlette:
        async def dispatches(request: Request) -> Response:
            if self.answers:
                return self.answers.pop(0)
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return Response('{"message":"Bad credentials"}', 401)
            if request.path_params.get("repo") != "report":
                return Response('{"message":"Not Found"}', 404)
            self.times.append(asyncio.get_running_loop().time())
            self.asked.append((request.url.path, await request.json()))
            return Response(status_code=204)

        return Starlette(
            routes=[
                Route("/repos/{owner}/{repo}/dispatches", dispatches, methods=["POST"]),
                Route(
                    "/repos/{owner}/{repo}/actions/workflows/{file}/dispatches", dispatches, methods=["POST"]
                ),
            ]
        )


def outward(github: GitHub) -> httpx.AsyncClient:
    """Return a client that reaches GitHub's stand-in in this process, whose clock a test moves."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=github.app()))


@asynccontextmanager
async def hooked(site: SiteFolder, github: GitHub, **changed: object) -> AsyncIterator[httpx.AsyncClient]:
    """Run the receiver with a stand-in for GitHub; give a client for deliveries."""
    async with outward(github) as api:
        hook = hook_section(site).model_copy(update=changed)
        values = hook_secrets(site, hook, {"HOOK_SECRET": SECRET, "HOOK_TOKEN": TOKEN})
        dispatcher = Dispatcher(hook=hook, token=values["HOOK_TOKEN"], client=api)
        receiver = receiver_of(site, hook, values["HOOK_SECRET"], dispatcher, Terminal())
        receiver.now = asyncio.get_running_loop().time
        app = application(receiver)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://hook.test") as client,
        ):
            yield client


async def deliver(client: httpx.AsyncClient, body: bytes, header: str | None = None) -> httpx.Response:
    signature = sign(body) if header is None else header
    return await client.post("/btcpay", content=body, headers={"BTCPay-Sig": signature})
