"""Batches that somebody changed between the two jobs: none enters the log, and the honest one does."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator import store
from generator.cli import Exit, run
from generator.cli.admission import admit
from generator.cli.site_folder import SiteFolder, load_site
from generator.errors import LogError
from generator.places import store_source
from generator.report.place_owners import PlaceOwners
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.snapshot import Asked, Known, Outcome, Record, VoidedRun, run_id
from generator.snapshot.batch import Batch, decode_batch, encode_batch, latest_by_key
from generator.verify.batch_check import batch_problems
from tests.support.angor_sandbox import nearby, one_project, source
from tests.support.small_store import FUND, NOW, STORE, SmallStore, config_text, take

PAY = store_source(STORE)
TODAY = datetime.now(UTC).replace(microsecond=0)
BOUND: dict[str, object] = {"well": {"source": "pay", "app": FUND}}
Json = dict[str, Any]


def chain_records() -> tuple[list[Record], int | None]:
    """Return what a run finds of one project of the chain, and the height that it saw."""
    world = one_project(0)

    async def asked() -> tuple[list[Record], int | None]:
        async with (
            serve_quirky(QuirkyRelay(events=list(world.events))) as relay,
            source(world, [nearby(world)], relay.url) as reading,
        ):
            records = [record async for record in reading.collect(Known(), at=world.now, full=False)]
        return records, reading.tally.tip_height

    return asyncio.run(asked())


@dataclass(frozen=True)
class Between:
    """A site with one run in its log, and an honest batch on its way to it."""

    site: SiteFolder
    batch: Batch

    def forged(self, forge: Callable[[Json, list[Json]], object]) -> bytes:
        """Return the honest batch after somebody changed heading or records, whole again."""
        heading, *rows = map(json.loads, encode_batch(self.batch).splitlines())
        forge(heading["batch"], rows)
        heading["lines"] = len(rows)
        return b"".join(json.dumps(row).encode() + b"\n" for row in (heading, *rows))


@pytest.fixture(scope="module")
def between(tmp_path_factory: pytest.TempPathFactory) -> Between:
    folder = tmp_path_factory.mktemp("between")
    sources = {
        "nostr": {"relays": ["ws://127.0.0.1:1"]},
        "indexers": ["http://127.0.0.1:1"],
        "rates": {"provider": "mempool"},
        "btcpay": [
            {"id": "pay", "url": "https://pay.example.org/pay", "token_env": "TOK", "stores": [STORE]}
        ],
    }
    text = config_text({}, BOUND, sources=sources, angor={"discover": "all"})
    (folder / "config.yaml").write_text(text)
    site = load_site(folder / "config.yaml")
    chain, height = chain_records()
    till, scratch = SmallStore(), folder / "scratch"
    till.fund()
    batches = []
    for hours, amount in ((30, "0.001"), (1, "0.002")):
        till.gift(amount, at=int((TODAY - timedelta(days=5)).timestamp()))
        at = TODAY - timedelta(hours=hours)
        _, found = take(scratch, {"pay": till}, BOUND, days=(at - NOW) / timedelta(days=1))
        batch = msgspec.structs.replace(
            found.batch,
            asked=(Asked(source="angor", outcome=Outcome.OK), *found.batch.asked),
            records=latest_by_key([*found.batch.records, *(chain if hours > 1 else ())]),
            tip_height=height,
            bound=PlaceOwners.of(site.config).digest,
        )
        batches.append(batch)
    store.append(site.log, batches[0], refresh_hours=24)
    return Between(site=site, batch=batches[1])


def row_of(rows: list[Json], kind: str, **fields: object) -> Json:
    """Return the first record of a type; its fields are set."""
    found: Json = next(row for row in rows if row["type"] == kind)
    found.update(fields)
    return found


def known_row(between: Between, kind: str, **fields: object) -> Json:
    """Return a record of the log, of a type, with some fields changed."""
    known = store.load(between.site.log)
    wanted = ("angor",) if kind not in ("binding", "attributed") else (PAY,)
    found = next(
        record for key, record in known.records.items() if key[0] == kind and record.source in wanted
    )
    row: Json = json.loads(msgspec.json.encode(found))
    return row | fields


def moved(heading: Json, at: datetime) -> None:
    heading.update(at=f"{at:%Y-%m-%dT%H:%M:%SZ}", run=run_id(at, "forged"))


def price(**fields: object) -> Json:
    day = f"{TODAY - timedelta(hours=1):%Y-%m-%d}"
    return {
        "type": "rate", "id": f"EUR/{day}", "source": "rates", "currency": "EUR", "day": day,
        "price": "60000", "provider": "somebody",
    } | fields  # fmt: skip


STRANGER = "btcpay-0123456789abcdef"
ELSEWHERE = "btcpay:0123456789abcdef/rest"
Forge = Callable[[Between, Json, list[Json]], object]


def withdraw_everything(between: Between, _: Json, rows: list[Json]) -> None:
    known = store.load(between.site.log)
    rows[:] = [
        {"type": "withdrawn", "id": f"{kind}/{name}", "source": source, "reason": "gone"}
        for kind, source, name in known.records
    ]


def claimed(between: Between, **fields: object) -> Json:
    return known_row(between, "entry") | fields


FORGERIES: dict[str, tuple[Forge, str]] = {
    "run: an id of another time": (lambda _b, h, _r: h.update(run=run_id(NOW, "x")), "does not follow"),
    "run: no id at all": (lambda _b, h, _r: h.update(run="../../x"), "does not follow"),
    "run: an id with a path behind it": (
        lambda _b, h, _r: h.update(run=h["run"] + "/../x"),
        "does not follow",
    ),
    "at: the year 2099": (lambda _b, h, _r: moved(h, datetime(2099, 1, 1, tzinfo=UTC)), "lies ahead"),
    "at: three hours ahead": (lambda _b, h, _r: moved(h, TODAY + timedelta(hours=3)), "lies ahead"),
    "at: years ago": (lambda _b, h, _r: moved(h, NOW - timedelta(days=900)), "days ago"),
    "at: without a zone": (lambda _b, h, _r: h.update(at="2026-01-01T00:00:00"), "not a batch"),
    "at: nine hours earlier by another zone": (
        lambda _b, h, _r: h.update(at=h["at"].replace("Z", "+09:00")),
        "does not follow",
    ),
    "network: another": (lambda _b, h, _r: h.update(network="main"), "config.yaml says regtest"),
    "demo: mixed with real money": (lambda _b, h, _r: h.update(demo=True), "of a demo"),
    "asked: a source of nobody": (
        lambda _b, h, _r: h["asked"].append({"source": STRANGER, "outcome": "ok"}),
        "not in the configuration",
    ),
    "asked: a source twice": (lambda _b, h, _r: h["asked"].append(h["asked"][0]), "asked 2 times"),
    "asked: a path": (lambda _b, h, _r: h["asked"].append({"source": "../x", "outcome": "ok"}), "../x"),
    "tip_height: not a number": (lambda _b, h, _r: h.update(tip_height="high"), "not a batch"),
    "records: a source that is configured nowhere": (
        lambda _b, _h, r: r.append(row_of(r, "entry") | {"source": STRANGER, "place": ELSEWHERE}),
        "not in the configuration",
    ),
    "records: a source called as a path": (
        lambda _b, _h, r: r.append(row_of(r, "entry") | {"source": "../../etc"}),
        "has a source named",
    ),
    "records: run records": (
        lambda _b, _h, r: r.append({"type": "run", "id": "x", "source": PAY, "at": "2026-01-01T00:00:00Z"}),
        "sunlit migrate",
    ),
    "records: a void of the honest run": (
        lambda b, _h, r: r.append(
            {"type": "voided_run", "id": store.load(b.site.log).runs[0].id, "source": PAY, "reason": "x"}
        ),
        "sunlit migrate",
    ),
    "records: a takedown": (
        lambda _b, _h, r: r.append({"type": "redaction", "id": "x", "source": PAY, "reason": "x"}),
        "sunlit migrate",
    ),
    "records: the same id twice": (lambda _b, _h, r: r.append(r[0]), "two things about one key"),
    "records: everything withdrawn": (withdraw_everything, "none would be left"),
    "records: withdrawn without a reason": (
        lambda b, _h, r: r.append(
            {
                "type": "withdrawn",
                "source": "angor",
                "reason": " ",
                "id": f"entry/{known_row(b, 'entry')['id']}",
            }
        ),
        "without a reason",
    ),
    "binding: to another project": (
        lambda b, _h, r: r.append(known_row(b, "binding", project="mine")),
        "the configuration says well",
    ),
    "bound: otherwise than configured": (lambda _b, h, _r: h.update(bound="ab" * 32), "bound otherwise"),
    "finding: a loss that nobody accepted": (
        lambda _b, _h, r: r.append(
            {
                "type": "finding",
                "id": "accepted-drop/angor/drop/x",
                "source": "angor",
                "check": "accepted-drop",
                "subject": "angor/drop/x",
                "result": "failed",
                "reason": "accepted by the maintainer: 1,000 BTC are safe",
            }
        ),
        "nobody accepted that",
    ),
    "transaction: taken back": (
        lambda b, _h, r: r.append(
            {
                "type": "withdrawn",
                "source": "angor",
                "reason": "its block was reorganised",
                "id": f"transaction/{known_row(b, 'transaction')['id']}",
            }
        ),
        "stands for ever",
    ),
    "rate: a price of 0": (lambda _b, _h, r: r.append(price(price="0")), ""),
    "rate: in a currency that is not configured": (
        lambda _b, _h, r: r.append(price(id=price()["id"].replace("EUR", "XAU"), currency="XAU")),
        "no currency of units.fiat",
    ),
    "rate: a price without end": (lambda _b, _h, r: r.append(price(price="1e999999")), ""),
    "entry: more than all bitcoin": (
        lambda _b, _h, r: row_of(r, "entry", amount_msat=21_000_001 * 10**11),
        "expected 1 to",
    ),
    "entry: an amount below zero": (lambda _b, _h, r: row_of(r, "entry", amount_msat=-1), "expected 1 to"),
    "entry: another amount than was decided": (
        lambda _b, _h, r: row_of(r, "entry", amount_msat=10**14),
        "store-places",
    ),
    "entry: a place of another store": (lambda _b, _h, r: row_of(r, "entry", place=ELSEWHERE), ""),
    "entry: proven without evidence": (
        lambda b, _h, r: r.append(claimed(b, id=f"{'ab' * 32}:2", evidence=[])),
        "no evidence gives this row",
    ),
    "entry: proven with another amount": (
        lambda b, _h, r: r.append(claimed(b, amount_msat=claimed(b)["amount_msat"] * 1000)),
        "evidence says",
    ),
    "entry: of a block that is not its own": (
        lambda b, _h, r: r.append(claimed(b, height=1)),
        "evidence says",
    ),
    "entry: of evidence that nobody has": (
        lambda b, _h, r: r.append(claimed(b, evidence=["cd" * 32])),
        "which is not published",
    ),
    "project: another founder's address": (
        lambda b, _h, r: r.append(known_row(b, "project", address="bcrt1qmine")),
        "evidence says",
    ),
    "project: read to its end, and unread in the census": (
        lambda b, _h, r: r.append(known_row(b, "announced", outcome="unread", cause="bytes", reason="x")),
        "census",
    ),
    "transaction: other bytes": (
        lambda b, _h, r: r.append(known_row(b, "transaction", hex="00" * 80)),
        "transaction",
    ),
    "header: without work": (lambda b, _h, r: r.append(known_row(b, "header", hex="00" * 80)), "header"),
    "branch: to another root": (
        lambda b, _h, r: r.append(known_row(b, "branch", hashes=["ef" * 32])),
        "branch",
    ),
    "event: changed words": (
        lambda b, _h, r: r.append(
            (row := known_row(b, "event")) | {"json": row["json"].replace('"content":"', '"content":"x')}
        ),
        "event",
    ),
    "finding: a check that did not hold": (
        lambda b, _h, r: r.append(known_row(b, "finding", result="failed", reason="x")),
        "published as failed",
    ),
    "attributed: more than the rows": (
        lambda b, _h, r: r.append(known_row(b, "attributed", amount_msat=1)),
        "",
    ),
}


def refusal(between: Between, path: Path) -> str:
    """Return why a batch may not be appended, empty where it may."""
    try:
        admit(between.site, store.read_batch(path), {})
    except LogError as error:
        return str(error)
    return ""


@pytest.mark.proof(15)
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_batch_is_refused(between: Between, name: str, tmp_path: Path) -> None:
    forge, said = FORGERIES[name]
    path = tmp_path / "batch.jsonl"
    path.write_bytes(between.forged(lambda heading, rows: forge(between, heading, rows)))
    before = {file: file.read_bytes() for file in between.site.log.rglob("*.jsonl")}
    told = refusal(between, path)
    print(f"{name}: {told[:300]}")
    assert told
    assert said in told
    assert {file: file.read_bytes() for file in between.site.log.rglob("*.jsonl")} == before


def test_the_first_run_of_main_tells_no_height_that_no_chain_has(between: Between) -> None:
    config = between.site.config.model_copy(update={"network": "main"})

    def told(tip_height: int) -> list[str]:
        first = msgspec.structs.replace(between.batch, network="main", tip_height=tip_height)
        return [text for text in batch_problems(first, Known(), config, now=TODAY) if "tip_height" in text]

    assert told(850_000) == []
    assert "no block was higher than" in told(10**9)[0]


def test_there_are_forgeries_enough() -> None:
    assert len(FORGERIES) >= 30


@pytest.mark.parametrize("name", ["500 MB", "nested", "cut off", "no batch"])
def test_a_file_that_is_no_batch_is_a_sentence(between: Between, name: str, tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    whole = encode_batch(between.batch)
    with path.open("wb") as file:
        if name == "500 MB":
            file.truncate(500 * 2**20)  # a hole: it takes no disk
        elif name == "nested":
            file.write(whole.replace(b'"records":[]', b'"records":' + b"[" * 100_000 + b"]" * 100_000, 1))
        elif name == "cut off":
            file.write(whole[: len(whole) // 2])
        else:
            file.write(b"\xff\x00 a picture")
    assert str(path) in refusal(between, path)


def test_the_honest_batch_enters_once_and_an_older_one_is_no_forgery(
    between: Between, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "batch.jsonl"
    store.write_batch(path, between.batch)
    monkeypatch.chdir(between.site.root)
    assert refusal(between, path) == ""
    late = tmp_path / "late.jsonl"
    late.write_bytes(between.forged(lambda heading, _rows: moved(heading, TODAY - timedelta(hours=40))))
    assert refusal(between, late) == "", "a run that was slower"
    assert run(["append", str(path)]) == Exit.DONE
    log = {file: file.read_bytes() for file in between.site.log.rglob("*.jsonl")}
    assert run(["append", str(path)]) == Exit.DONE
    assert {file: file.read_bytes() for file in between.site.log.rglob("*.jsonl")} == log
    told = between.forged(lambda heading, rows: (heading["asked"].pop(), rows.append(price())))
    path.write_bytes(told)
    assert "with other answers" in refusal(between, path)
    assert run(["append", str(path)]) == Exit.WRONG_USE
    assert {file: file.read_bytes() for file in between.site.log.rglob("*.jsonl")} == log
    decode_batch("batch", told)
    assert not store.load(between.site.log).of(VoidedRun)


def test_a_log_of_another_kind_is_named_by_its_own_folder(between: Between) -> None:
    demo = msgspec.structs.replace(between.batch, demo=True)
    with pytest.raises(LogError, match=f"^{between.site.log} records money on"):
        store.with_batch(between.site.log, demo, refresh_hours=24)
