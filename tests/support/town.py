"""A town of the sandbox, read by the source, and what people say they did there."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from generator.config import BTCPayServer, Config, PrivacyConfig, ProjectConfig
from generator.ledger import Declaration, Entry, Kind, Status
from generator.report.place_owners import PlaceOwners
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import DeedKind, Deeds, Standing, Town, Version, build_town
from generator.sandbox.btcpay.keys import Key
from generator.snapshot import Asked, Finding, Known, Line, Outcome, Record, Run, fold, news
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay
from generator.sources.btcpay.webhook_deliveries import WebhookReceiver
from generator.sources.http import HttpLimits
from tests.support.limits import GENEROUS
from tests.support.trust import trust

NOW = datetime(2026, 3, 17, 12, tzinfo=UTC)
EXACT = PrivacyConfig(min_group=1)
STATUS = {
    Standing.CONFIRMED: Status.CONFIRMED,
    Standing.PENDING: Status.PENDING,
    Standing.REJECTED: Status.EXCLUDED,
}


@contextmanager
def world(
    seed: int, invoices: int = 300, **how: bool | str | Version
) -> Iterator[tuple[Town, Deeds, Sandbox]]:
    """Play a town and serve it."""
    deeds = Deeds()
    town = build_town(seed, invoices=invoices, now=int(NOW.timestamp()), deeds=deeds)
    with town.server(**how) as server:  # type: ignore[arg-type]
        yield town, deeds, server


def projects(town: Town) -> list[ProjectConfig]:
    return [
        ProjectConfig.model_validate(
            {"slug": campaign.slug, "btcpay": {"source": "pay", **dict([campaign.binding])}}
        )
        for campaign in town.campaigns
    ]


def bound(slug: str, **binding: str) -> ProjectConfig:
    return ProjectConfig.model_validate({"slug": slug, "btcpay": {"source": "pay", **binding}})


def configured(town: Town, server: Sandbox) -> BTCPayServer:
    return BTCPayServer.model_validate(
        {
            "id": "pay",
            "url": server.url,
            "token_env": "BTCPAY_TOKEN",
            "stores": town.stores,
            "include": ["invoices", "crowdfund", "payouts"],
        }
    )


@dataclass(frozen=True, kw_only=True)
class Stores:
    """The sources of a town, one a store, and which project each place belongs to."""

    sources: tuple[BTCPay, ...]
    owners: PlaceOwners

    @property
    def counts(self) -> Counter[str]:
        """What all of them counted."""
        return sum((source.tally.counts for source in self.sources), Counter[str]())

    def slug(self, record: Entry | Declaration | Finding) -> str:
        """Name the project that a record's place belongs to."""
        return self.owners.slug(record.place)


def stores_of(  # noqa: PLR0913 -- what sources are made of, by name
    server: BTCPayServer,
    report: list[ProjectConfig],
    *,
    client: httpx.AsyncClient,
    privacy: PrivacyConfig = EXACT,
    limits: HttpLimits = GENEROUS,
    page: int | None = None,
    receiver: WebhookReceiver | None = None,
) -> Stores:
    """Open a source for each store of a server."""
    sources = (
        BTCPay(
            server,
            store,
            projects=report,
            privacy=privacy,
            client=client,
            ids=KeyedIds(key=b"k" * 32),
            limits=limits,
            page=page,
            receiver=receiver,
        )
        for store in server.stores
    )
    owners = Config.model_validate(
        {
            "version": 1,
            "site": {"title": "Town"},
            "network": "regtest",
            "sources": {"btcpay": [server.model_dump()]},
            "projects": [project.model_dump() for project in report],
        }
    )
    return Stores(sources=tuple(sources), owners=PlaceOwners.of(owners))


async def collect(  # noqa: PLR0913 -- each test varies another part of a run
    town: Town,
    server: Sandbox,
    *,
    privacy: PrivacyConfig = EXACT,
    key: Key | None = None,
    known: Known | None = None,
    at: datetime = NOW,
    limits: HttpLimits = GENEROUS,
    full: bool = False,
    page: int | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    report: list[ProjectConfig] | None = None,
    receiver: WebhookReceiver | None = None,
) -> tuple[list[Record], Stores]:
    """Read a town as of a time; `transport` is another way to the server than a socket."""
    header = authorization((key or town.reader).text)
    async with httpx.AsyncClient(
        headers=header, trust_env=False, transport=transport, verify=trust()
    ) as client:
        stores = stores_of(
            configured(town, server),
            projects(town) if report is None else report,
            client=client,
            privacy=privacy,
            limits=limits,
            page=page,
            receiver=receiver,
        )
        records = [
            record
            for source in stores.sources
            async for record in source.collect(known or Known(), at=at, full=full)
        ]
        return records, stores


def entries_of(records: Iterable[Record]) -> list[Entry]:
    return [record for record in records if isinstance(record, Entry)]


def told(deeds: Deeds) -> Counter[tuple[str, ...]]:
    """Return what people say they did: by project, kind, status and day."""
    sums = Counter[tuple[str, ...]]()
    for deed in deeds:
        if deed.kind is not DeedKind.DECLARED:
            kind = Kind.PAYMENT if deed.kind is DeedKind.PAID else Kind.REFUND
            sums[deed.project, kind, STATUS[deed.standing], str(deed.at.date())] += deed.amount_msat
    return sums


def read(records: Iterable[Record], owners: PlaceOwners) -> Counter[tuple[str, ...]]:
    """Return what was read of projects; what no project is bound to is left out."""
    sums = Counter[tuple[str, ...]]()
    for entry in entries_of(records):
        if slug := owners.slug(entry.place):
            sums[slug, entry.kind, entry.status, str(entry.at.date())] += entry.amount_msat
    return sums


def logged(known: Known, records: list[Record], stores: Stores, at: datetime) -> Known:
    """Return what the log says after a run was appended to it."""
    run = f"{at:%Y%m%dT%H%M%SZ}-00000000"
    asked = tuple(
        Asked(
            source=source.name,
            outcome=Outcome.OK,
            counts=dict(source.tally.counts),
            reads=source.tally.reads,
        )
        for source in stores.sources
    )
    run_record = Run(id=run, source="runs", at=at, asked=asked)
    before = [Line(run=known.seen[key], record=record) for key, record in known.records.items()]
    runs = [Line(run=run.id, record=run) for run in known.runs]
    new = [Line(run=run, record=record) for record in (*news(known, records), run_record)]
    return fold([*before, *runs, *new])
