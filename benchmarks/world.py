"""A site folder by seed: the configuration and log of so many projects and entries after two years of runs.

    python -m benchmarks.world make FOLDER PROJECTS ENTRIES
    python -m benchmarks.world pay FOLDER

A fifth of the projects are crowdfunds of BTCPay stores, the others are discovered on the network.
Few have much and many have little. Two things real sites have are lacking, because keys and blocks would
have to be made: no evidence lies behind what the log calls proven, which `sunlit verify` says (5),
and nothing was ever corrected.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from benchmarks.crowd import AS_OF, DAY, START, investment, project_record
from generator import store
from generator.config import parse
from generator.ledger import AtReceipt, Entry, Kind, Status
from generator.places import ANGOR, RATES, RUNS, btcpay_place, part_of_store, store_source
from generator.report.place_owners import PlaceOwners
from generator.snapshot import (
    Announced,
    Asked,
    Binding,
    Census,
    FileState,
    Finding,
    Goal,
    Heading,
    Line,
    Outcome,
    Project,
    Rate,
    Record,
    Result,
    Run,
    encode,
    run_id,
    snapshot_id,
)
from generator.snapshot.batch import Batch
from generator.snapshot.log_file import PART_LIMIT, LogFile
from generator.snapshot.store_records import Attributed

#: Every which project is a crowdfund, and how many of them share a store.
CROWDFUND_EACH, FUNDS_OF_STORE = 5, 50
RAILS: Final = ("BTC-CHAIN", "BTC-LN")
HOW: Final = "by order page and term"
HOW_ID: Final = HOW.replace(" ", "-")
GROUPS: Final = ("on_time", "late", "over")
LOG: Final = "content/snapshots"
CONFIG: Final = """\
version: 1
site: {{title: A world of {count} projects, base_url: "https://sunlit.example/"}}
network: main
units: {{fiat: [EUR]}}
angor: {{discover: all}}
sources:
  btcpay: [{{id: pay, url: "https://pay.example.org", token_env: KEY, stores: [{stores}]}}]
  nostr: {{relays: ["wss://relay.example.org"]}}
  indexers: ["https://indexer.example.org"]
  rates: {{provider: mempool}}
projects:
{projects}
privacy: {{rows: day, min_group: 1}}
"""


@dataclass(frozen=True, slots=True)
class Observed:
    """One record and the day whose run saw it."""

    day: datetime
    record: Record


def make(folder: Path, projects: int, entries: int, seed: int = 1) -> None:
    """Write `config.yaml` and a log; `entries` is met exactly."""
    chance = Random(seed)  # noqa: S311 -- invented amounts
    folder.mkdir(parents=True, exist_ok=True)
    text = config_text(projects)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    weights = [chance.random() ** 4 if chance.random() < 0.7 else 0 for _ in range(projects)]
    weights[0] = 1  # a crowdfund, with money in the smallest world too
    shares = _shares(weights, entries)
    seen = (
        observed
        for number, share in enumerate(shares)
        for observed in (_crowdfund if number % CROWDFUND_EACH == 0 else _angor)(number, share, chance)
    )
    _write(folder / LOG, seen, PlaceOwners.of(parse(text)).digest)


def config_text(projects: int) -> str:
    """Return the configuration of a world."""
    funds = range(0, projects, CROWDFUND_EACH)
    rows = [f"  - {{slug: fund-{n}, btcpay: {{source: pay, app: A{n}}}}}" for n in funds]
    stores = sorted({_store(number) for number in funds})
    return CONFIG.format(
        count=projects, stores=", ".join(f"S{number}" for number in stores), projects="\n".join(rows)
    )


def pay(folder: Path) -> None:
    """Append one payment as the next run would, an hour later: the row of its day grows."""
    log = folder / LOG
    last = store.snapshots(log)[-1].run
    at = last.at + timedelta(hours=1)
    paid = _payment(0, at.replace(hour=0, minute=0), "partial", (at - START) // timedelta(hours=1) * 1000)
    batch = Batch(
        run=run_id(at, "pay"),
        at=at,
        network="main",
        asked=last.asked,
        records=(paid,),
        tip_height=last.tip_height,
        bound=last.bound,
    )
    if not store.append(log, batch, refresh_hours=24):
        sys.exit("the payment changed nothing")


def _shares(weights: list[float], entries: int) -> list[int]:
    total = sum(weights)
    shares = [int(entries * weight / total) for weight in weights]
    shares[0] += entries - sum(shares)
    return shares


def _store(number: int) -> int:
    return number // CROWDFUND_EACH // FUNDS_OF_STORE


def _place(number: int) -> str:
    return btcpay_place(f"S{_store(number)}", part_of_store("crowdfund", f"A{number}"))


def _crowdfund(number: int, entries: int, chance: Random) -> Iterator[Observed]:
    """Yield a crowdfund of BTCPay: its record, day rows, and how its money was attributed."""
    place, source = _place(number), store_source(f"S{_store(number)}")
    began = START + timedelta(days=chance.randrange(100))
    goal = Goal(amount_msat=max(1, entries) * chance.randrange(5, 50) * 10**7)
    title = f"The village's well number {number}"
    yield Observed(
        began, Project(id=place, source=source, kind="crowdfund", title=title, goal=goal, starts_at=began)
    )
    yield Observed(began, Binding(id=place, source=source, project=f"fund-{number}"))
    days = (AS_OF - began) // DAY - 1
    cells = [(day, group) for day in range(days) for group in GROUPS]
    chosen = sorted(chance.sample(cells, min(entries, len(cells))))
    sums: defaultdict[str, list[int]] = defaultdict(list)
    for turn in range(entries):  # more than its days: a second rail
        day, group = chosen[turn % len(chosen)]
        paid = _payment(
            number,
            (began + day * DAY).replace(hour=0),
            group,
            chance.randrange(10**6, 10**8),
            turn // len(chosen),
        )
        sums[paid.created_month].append(paid.amount_msat)
        yield Observed(paid.at, paid)
    for month, amounts in sums.items():
        yield Observed(
            AS_OF - DAY,
            Attributed(
                id=f"{place}/{month}/{HOW_ID}",
                source=source,
                place=place,
                created_month=month,
                how=HOW,
                count=len(amounts),
                amount_msat=sum(amounts),
            ),
        )


def _payment(number: int, at: datetime, group: str, amount_msat: int, rail: int = 0) -> Entry:
    place, month = _place(number), f"{at:%Y-%m}"
    name = RAILS[rail] if rail < len(RAILS) else f"BTC-{rail}"
    value = (Decimal(amount_msat) / 10**11 * 60_000).quantize(Decimal("0.01")) or Decimal("0.01")
    return Entry(
        id=f"{place.partition('/')[2]}/{at:%Y-%m-%d}/{name}/{group}/{month}",
        source=store_source(f"S{_store(number)}"),
        place=place,
        kind=Kind.PAYMENT,
        amount_msat=amount_msat,
        at=at,
        status=Status.CONFIRMED,
        count=1,
        rail=name,
        group=group,
        created_month=month,
        at_receipt=(AtReceipt(currency="EUR", amount_msat=amount_msat, value=value),),
    )


def _angor(number: int, entries: int, chance: Random) -> Iterator[Observed]:
    """Yield a project of the network: census, terms, findings, then investments until the rows are there."""
    began = START + timedelta(days=chance.randrange(500), hours=chance.randrange(24))
    opens = [began + timedelta(days=60 + 30 * stage) for stage in range(1, 5)]
    project = project_record(number, began, opens)
    yield Observed(began, Announced(id=project.id, source=ANGOR, outcome=Census.READ, since=began))
    yield Observed(began, project)
    for check in ("event-signature", "event-author", "founder-key-address", "founding-commitment"):
        finding = Finding(
            id=f"{check}/{project.event_id}",
            source=ANGOR,
            place=project.id,
            check=check,
            subject=project.event_id,
            result=Result.OK,
        )
        yield Observed(began, finding)
    rows = (
        entry
        for turn in range(entries)
        for entry in investment(f"{number:08x}{turn:04x}", project.id, chance, (began, opens))
    )
    yield from (Observed(entry.at, entry) for entry in islice(rows, entries))


def _rates() -> Iterator[Observed]:
    for day in range((AS_OF - START) // DAY):
        at = START + day * DAY
        name = f"{at:%Y-%m-%d}"
        price = Decimal(50_000 + day * 37 % 20_000)
        record = Rate(
            id=f"EUR/{name}",
            source=RATES,
            currency="EUR",
            day=name,
            price=price,
            provider="indexer.example.org",
            at=at,
        )
        yield Observed(at, record)


class LogWriter:
    """Files of a log, by source and month, and the state of each for run records."""

    def __init__(self) -> None:
        self.files: dict[str, bytearray] = {}
        self._digests: dict[str, Any] = {}
        self._before: dict[str, FileState] = {}  #: as the last run record has them

    def add(self, source: str, at: datetime, rows: Iterable[bytes]) -> None:
        """Add lines to the files of a source and a month."""
        file = LogFile.last(self.files, source, f"{at:%Y-%m}")
        for row in rows:
            if len(self.files.get(file.path, b"")) + len(row) > PART_LIMIT:
                file = file.next
            if file.path not in self.files:
                heading = encode(Heading.of(file))
                self.files[file.path], self._digests[file.path] = bytearray(heading), sha256(heading)
            self.files[file.path] += row
            self._digests[file.path].update(row)

    def close_run(self, run: Run) -> None:
        """Add a run record that vouches for what changed since the one before."""
        states = dict(self._before)
        for path, data in self.files.items():
            if len(data) != (states[path].length if path in states else 0):
                states[path] = FileState(path=path, length=len(data), sha256=self._digests[path].hexdigest())
        changed = tuple(states[path] for path in sorted(states) if states[path] != self._before.get(path))
        sealed = msgspec.structs.replace(run, files=changed, snapshot=snapshot_id(states.values()))
        self._before = states
        self.add(RUNS, run.at, [encode(Line(run=run.id, record=sealed))])


def _write(log: Path, seen: Iterable[Observed], bound: str) -> None:
    """Write the log as one run a day left it."""
    by_day: defaultdict[int, defaultdict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    names = set()
    last = (AS_OF - START) // DAY - 1
    for observed in chain(_rates(), seen):
        day, source = min(max(0, (observed.day - START) // DAY), last), observed.record.source
        names.add(source)
        by_day[day][source].append(encode(Line(run=_run_of(day), record=observed.record)))
    asked = tuple(Asked(source=name, outcome=Outcome.OK) for name in sorted(names))
    writer = LogWriter()
    for day in range(last + 1):
        at = _run_at(day)
        for source, rows in sorted(by_day.pop(day, {}).items()):
            writer.add(source, at, rows)
        writer.close_run(
            Run(
                id=_run_of(day),
                source=RUNS,
                at=at,
                asked=asked,
                network="main",
                tip_height=950_000,
                bound=bound,
            )
        )
    for path, data in writer.files.items():
        (log / path).parent.mkdir(parents=True, exist_ok=True)
        (log / path).write_bytes(data)


def _run_at(day: int) -> datetime:
    return START + (day + 1) * DAY + timedelta(hours=6)


def _run_of(day: int) -> str:
    return run_id(_run_at(day), "world")


def main() -> None:
    """Make a world, or add a payment to one."""
    match sys.argv[1:]:
        case ["make", folder, projects, entries]:
            make(Path(folder), int(projects), int(entries))
        case ["pay", folder]:
            pay(Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
