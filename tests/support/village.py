"""A small village of projects for the report's tests: every amount is chosen, none is computed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from generator.config import Config
from generator.ledger import Declaration, Entry, Kind, OtherMoney, Status
from generator.places import store_source
from generator.report import Report, build
from generator.report.trace.explain import explain
from generator.snapshot import Asked, Line, Outcome, Project, Record, Run, fold
from tests.support.located import located

R = TypeVar("R", Entry, Declaration, OtherMoney, Project)

WELL = "angor1qw9chzut3w9chzut3w9chzut3w9chzut39nd44k"
SHOP = store_source("S1")  #: the name of the source that reads the village's store


def moment(text: str) -> datetime:
    """Return an aware UTC time for ``2025-03-01`` or ``2025-03-01T12:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Village:
    """Collects records, then reports on them as of the last run."""

    records: list[Record] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def entry(self, project: str, kind: str, sat: int, at: str, **fields: object) -> Entry:
        number = self.numbers[kind] = self.numbers.get(kind, 0) + 1
        spending = kind not in ("payment", "refund", "investment", "fee")
        plain = Entry(
            id=f"{kind}{number}" + ("/0" if spending else ":0"),
            source=SHOP if kind in ("payment", "refund") else "angor",
            place=project,
            kind=Kind(kind),
            amount_msat=sat * 1000,
            at=self.moment(at),
            status=Status.CONFIRMED,
        )
        status = Status(str(fields.pop("status", "confirmed")))
        return self._keep(msgspec.structs.replace(plain, status=status, **fields))

    def says(self, project: str, source: str, **fields: object) -> Project:
        plain = Project(id=project, source=source, kind="invest" if source == "angor" else "store")
        return self._keep(msgspec.structs.replace(plain, **fields))

    def declares(self, project: str, amount: str, currency: str, day: str, **fields: object) -> Declaration:
        plain = Declaration(
            id=f"{project}/{day}/{currency}",
            source=SHOP,
            place=project,
            amount=Decimal(amount),
            currency=currency,
            day=day,
        )
        return self._keep(msgspec.structs.replace(plain, **fields))

    def other(self, project: str, amount: str, coin: str, rail: str, **fields: object) -> OtherMoney:
        plain = OtherMoney(
            id=f"{project}/2025-01/{coin}/{rail}/{fields.get('status', Status.CONFIRMED)}",
            source=SHOP,
            place=project,
            created_month="2025-01",
            coin=coin,
            rail=rail,
            status=Status.CONFIRMED,
            amount=Decimal(amount),
            count=1,
        )
        return self._keep(msgspec.structs.replace(plain, **fields))

    def _keep(self, record: R) -> R:
        self.records.append(record)
        return record

    @staticmethod
    def moment(text: str) -> datetime:
        return moment(text)

    def run(self, at: str, **outcomes: str) -> Run:
        """Record a run; a source is asked with ``angor="ok"``; BTCPay's is written ``shop="ok"``."""
        names = {"shop": SHOP}
        asked = tuple(
            Asked(source=names.get(name, name), outcome=Outcome(outcome))
            for name, outcome in (outcomes or {"angor": "ok", "shop": "ok"}).items()
        )
        when = moment(at)
        made = Run(
            id=f"{when:%Y%m%dT%H%M%SZ}-00000000",
            source="runs",
            at=when,
            asked=asked,
            network="regtest",
            snapshot="5" * 64,
            tip_height=120,
        )
        self.runs.append(made)
        return made

    def config(self) -> Config:
        document: dict[str, object] = {
            "version": 1,
            "site": {"title": "Village funds"},
            "network": "regtest",
            "sources": {
                "btcpay": [
                    {
                        "id": "shop",
                        "url": "https://pay.example.org/shop",
                        "token_env": "BTCPAY_TOKEN",
                        "stores": ["S1"],
                        "include": ["invoices", "crowdfund", "payouts"],
                    }
                ],
                "nostr": {"relays": ["wss://relay.example.org"]},
                "indexers": ["https://indexer.example.org", "https://indexer.example.com"],
            },
            "projects": [
                {"slug": "well", "angor": WELL, "btcpay": {"source": "shop", "app": "A1"}},
                {"slug": "bread", "btcpay": {"source": "shop", "store": "S1"}},
            ],
        }
        return Config.model_validate(document | self.settings)

    def lines(self) -> list[Line]:
        run = self.runs[0].id if self.runs else "20250101T000000Z-00000000"
        return [self.line(run, record) for record in [*self.records, *self.runs]]

    def line(self, run: str, record: Record) -> Line:
        """Return a line of the log: the place of a project's money stands where its slug stood."""
        return Line(run=run, record=located(record, self.config()))

    def report(self) -> Report:
        return self.report_of(self.lines())

    def report_of(self, lines: list[Line]) -> Report:
        """Report on some lines, such as those of several runs."""
        return build(fold(lines), self.config(), demo=False)

    def values(self) -> dict[str, int | str | None]:
        report = self.report()
        return {figure.id: figure.value for figure in (*report.all_figures(), *report.today.values())}


def reported(village: Village, *observed: tuple[int, Record]) -> Report:
    """Return the report of records that come with the number of their run; run n has snapshot ``nnn…``."""
    runs = [msgspec.structs.replace(run, snapshot=f"{n}" * 64) for n, run in enumerate(village.runs)]
    lines = [Line(run=run.id, record=run) for run in runs]
    lines += [village.line(runs[number].id, record) for number, record in observed]
    return build(fold(lines), village.config(), demo=False)


def explained(report: Report, name: str) -> str:
    """Return the explanation of a figure that the report has."""
    figure = report.figure(name)
    assert figure is not None
    return explain(report, figure)
