"""A BTCPay server of few invoices, and the whole way from its answers to figures, in one process."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from generator import report, store
from generator.config import Config, parse
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Attributed, Finding, Outcome, run_id
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay
from generator.sources.collect import Collected, RunRequest, collect
from generator.sources.unlisted_store import unlisted_stores
from generator.wording import plain
from tests.support.limits import ONCE

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
HOME = "https://pay.example.org"
STORE, SECOND = "StoreAAAAAAAAAAAAAAAAAAAA", "StoreBBBBBBBBBBBBBBBBBBBB"
FUND, OTHER_FUND = "4NpDR2kvTMEWHkVVLYbhkyzhLbHy", "3FTUP1eFrdJcru8gmrMuK5XgFpvu"
TILL, BILL = "2fRB6WX9QybQdoPTLg83HHoVWgvn", "3hQtLk7CbZFQTHJeM6tXqPKw4iRN"
TERM, TILL_TERM = f"crowdfund-app_{FUND}", f"pos-app_{TILL}"
Json = dict[str, Any]
GONE = {"code": "app-not-found", "message": "The app with specified ID was not found"}
NO_REQUEST = {"code": "payment-request-not-found", "message": "The payment request was not found"}
REFUSED = {"code": "missing-permission", "missingPermission": "btcpay.store.canviewinvoices", "message": "no"}


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def ago(days: float) -> int:
    return seconds(NOW - timedelta(days=days))


def payment(value: str, rail: str = "BTC-CHAIN", coin: str = "BTC", **fields: object) -> Json:
    return {"rail": rail, "coin": coin, "value": value, "status": "Settled", "fee": "0", **fields}


@dataclass
class SmallStore:
    """What a server holds; `answers` bends single answers, by a pattern of the path."""

    invoices: dict[str, list[Json]] = field(default_factory=lambda: {STORE: []})
    funds: dict[str, Json] = field(default_factory=dict)
    tills: dict[str, str] = field(default_factory=lambda: {TILL: STORE})
    requests: set[str] = field(default_factory=lambda: {BILL})
    pulls: list[Json] = field(default_factory=list)
    payouts: list[Json] = field(default_factory=list)
    bent: dict[str, Callable[[httpx.Request], httpx.Response | None]] = field(default_factory=dict)
    made: int = 0

    def fund(self, app: str = FUND, at: str = STORE, **settings: object) -> None:
        self.funds[app] = {
            "id": app, "storeId": at, "title": app, "targetCurrency": "EUR", "targetAmount": 1000,
            "startDate": ago(90), "resetEvery": "Never", "resetEveryAmount": 1,
        } | settings  # fmt: skip

    def paid(
        self,
        *payments: str | Json,
        at: int | None = None,
        page: str = "",
        terms: tuple[str, ...] = (),
        metadata: Json | None = None,
        place: str = STORE,
        **fields: object,
    ) -> str:
        """Add an invoice; a payment by its value is one on chain."""
        self.made += 1
        created, number = at or ago(10), f"Zq7Lk3mN8pR5tV2xY4bC{self.made:02}".replace("0", "z")
        methods: dict[str, Json] = {}
        for given in payments:
            paid = payment(given) if isinstance(given, str) else dict(given)
            rail, coin = paid.pop("rail"), paid.pop("coin")
            row = {"id": f"{number}-{len(methods)}", "receivedDate": created, "destination": "x"} | paid
            method = {"paymentMethodId": rail, "currency": coin, "rate": "50000", "payments": []}
            methods.setdefault(rail, method)["payments"].append(row)
        self.invoices[place].append(
            {
                "id": number, "storeId": place, "currency": "EUR", "amount": "50", "status": "Settled",
                "additionalStatus": "None", "createdTime": created, "expirationTime": created + 900,
                "monitoringExpiration": created + 90_000, "archived": False, "terms": terms,
                "metadata": {"orderId": "o", **({"orderUrl": page} if page else {}), **(metadata or {})},
                "checkout": {"paymentMethods": [*methods] or ["BTC-CHAIN"]},
                "paymentMethods": [*methods.values()],
            }
            | fields
        )  # fmt: skip
        return number

    def gift(self, *payments: str | Json, app: str = FUND, **fields: Any) -> str:  # noqa: ANN401 -- as `paid`
        """Add an invoice that the page of a crowdfund of today made."""
        return self.paid(
            *payments, page=f"{HOME}/apps/{app}/crowdfund", terms=(f"crowdfund-app_{app}",), **fields
        )

    def payout(self, name: str | None, amount: str = "0.001", **fields: object) -> None:
        """Add a completed payout, of a pull payment called `name`; fields with ``pull_`` are of that."""
        number, of_pull = len(self.payouts) + len(self.pulls), {}
        for key in [key for key in fields if key.startswith("pull_")]:
            of_pull[key.removeprefix("pull_")] = fields.pop(key)
        if name is not None:
            self.pulls.append(
                {"id": f"pp{number}", "name": name, "currency": "BTC", "amount": amount, "archived": False}
                | {"startsAt": ago(6)}
                | of_pull
            )
        self.payouts.append(
            {
                "id": f"po{number}", "date": ago(5), "state": "Completed", "payoutMethodId": "BTC-CHAIN",
                "originalAmount": amount, "originalCurrency": "BTC", "payoutAmount": amount,
                "payoutCurrency": "BTC", "paymentProof": {"id": "x"}, "metadata": {},
                "pullPaymentId": f"pp{number}" if name is not None else None,
            }
            | fields
        )  # fmt: skip

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        for pattern, bend in self.bent.items():
            if re.search(pattern, path) and (answer := bend(request)):
                return answer
        if app := re.fullmatch(r"/apps/crowdfund/(\w+)", path):
            found = self.funds.get(app[1])
            return httpx.Response(200, json=found) if found else httpx.Response(404, json=GONE)
        if app := re.fullmatch(r"/apps/pos/(\w+)", path):
            at = self.tills.get(app[1])
            till = {"id": app[1], "storeId": at, "appName": "Till", "appType": "PointOfSale"}
            return httpx.Response(200, json=till) if at else httpx.Response(404, json=GONE)
        named = re.fullmatch(r"/stores/(\w+)/?(.*)", path)
        if not named:
            return httpx.Response(200, json={"version": "2.4.1"})
        return self._of_store(named, request)

    def _of_store(self, named: re.Match[str], request: httpx.Request) -> httpx.Response:
        lists: Json = {"pull-payments": self.pulls, "payouts": self.payouts, "": {"id": named[1]}}
        if named[2] == "invoices":
            return httpx.Response(200, json=self._page(named[1], request.url.params))
        if named[2] in lists:
            return httpx.Response(200, json=lists[named[2]])
        if named[2].startswith("payment-requests/"):
            found = named[2].partition("/")[2] in self.requests
            return httpx.Response(200, json={}) if found else httpx.Response(404, json=NO_REQUEST)
        for invoice in self.invoices[named[1]]:
            if named[2] == f"invoices/{invoice['id']}":
                return httpx.Response(200, json=invoice)
        return httpx.Response(404, json={"code": "invoice-not-found", "message": "no"})

    def _page(self, place: str, wanted: httpx.QueryParams) -> list[Json]:
        text, order = wanted.get("textSearch", ""), wanted.get("orderId")
        since, until = int(wanted.get("startDate", 0)), int(wanted.get("endDate", 2**40))
        rows = sorted(self.invoices[place], key=lambda row: -row["createdTime"])
        rows = [row for row in rows if since <= row["createdTime"] <= until]
        rows = [row for row in rows if not text or any(term.startswith(text) for term in row["terms"])]
        rows = [row for row in rows if order in (None, row["metadata"]["orderId"])]
        skip = int(wanted.get("skip", 0))
        return rows[skip : skip + int(wanted.get("take", 50))]


@dataclass(frozen=True)
class Seen:
    """A report, as a row of the reference speaks about it."""

    figures: dict[str, tuple[object, str]]  #: amounts in satoshis
    said: str  #: every finding and note, a line each, digits not grouped
    hows: dict[str, int]  #: how many payments count by which tie
    outcomes: dict[str, Outcome]


def config_text(servers: dict[str, Json], projects: dict[str, object], **more: object) -> str:
    """Write a configuration; of a server only what differs from the usual."""
    listed = [
        {"id": name, "url": f"{HOME}/{name}", "token_env": "TOK", "stores": [STORE],
         "include": ["invoices", "crowdfund", "payouts"]} | fields
        for name, fields in servers.items()
    ]  # fmt: skip
    return json.dumps(
        {
            "version": 1, "site": {"title": "Rows"}, "network": "regtest", "units": {"fiat": ["EUR"]},
            "sources": {"btcpay": listed}, "privacy": {"rows": "day", "min_group": 1},
            "projects": [{"slug": slug, "btcpay": binding} for slug, binding in projects.items()],
        }
        | more
    )  # fmt: skip


def take(  # noqa: PLR0913 -- each test varies another part of a run
    log: Path,
    servers: dict[str, SmallStore],
    projects: dict[str, object],
    *,
    days: float = 0,
    full: bool = False,
    accept: Mapping[str, str] | None = None,
    privacy: Json | None = None,
    **settings: Json,
) -> tuple[Config, Collected]:
    """Read all open servers and append to the log; `settings` are of servers, by name."""
    entries = {name: settings.get(name, {"stores": [*small.invoices]}) for name, small in servers.items()}
    more = {"privacy": privacy} if privacy else {}
    config = parse(config_text(entries | settings, projects, **more))
    ids = {urlsplit(server.url).path.strip("/"): server.id for server in config.sources.btcpay}
    at = NOW + timedelta(days=days)

    async def asked() -> Collected:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            sources: list[BTCPay] = []
            listed = config.sources.open_btcpay
            for server, place in [(entry, place) for entry in listed for place in entry.stores]:
                made = BTCPay(
                    server,
                    place,
                    projects=config.projects,
                    privacy=config.privacy,
                    client=client,
                    ids=KeyedIds(key=b"k" * 32) if privacy else None,
                    limits=ONCE,
                    earlier=tuple(sources),
                )
                sources.append(made)
            wish = RunRequest(
                run=run_id(at, "rows"),
                at=at,
                network=config.network,
                full=full,
                project_of=PlaceOwners.of(config).slug,
                bound=PlaceOwners.of(config).digest,
                accept=accept or {},
            )
            known = store.load(log)
            return await collect([*sources, *unlisted_stores(config, known)], known, wish)

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.split("/")[1]
        url = request.url.copy_with(path=request.url.path.removeprefix(f"/{name}"))
        return servers[ids[name]].answer(httpx.Request("GET", url))

    found = asyncio.run(asked())
    store.append(log, found.batch, refresh_hours=0)
    return config, found


def look(
    log: Path,
    servers: dict[str, SmallStore],
    projects: dict[str, object],
    **how: Any,  # noqa: ANN401 -- as `take`
) -> Seen:
    """Read all open servers, append to the log, and build the report; see `take`."""
    config, found = take(log, servers, projects, **how)
    assert found.refused == ()
    known = store.load(log)
    built = report.build(known, config, demo=False)
    notes = [plain(note.text) for part in (built, *built.projects) for note in part.notes]
    hows: dict[str, int] = {}
    for record in known.of(Attributed):
        hows[record.how] = hows.get(record.how, 0) + record.count
    return Seen(
        figures={
            figure.id: (
                figure.value // 1000
                if isinstance(figure.value, int) and figure.unit == "msat"
                else figure.value,
                str(figure.bound),
            )
            for figure in (*built.all_figures(), *built.today.values())
        },
        said="\n".join([*(finding.reason for finding in known.of(Finding)), *notes]).replace("\u202f", ""),
        hows=hows,
        outcomes={asked.source: asked.outcome for asked in found.batch.asked},
    )
