"""A run's own clock is held against its servers': of one that differs it says so, of ours it refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from generator import store
from generator.cli import Exit, run
from generator.config import parse
from generator.config.source_settings import IndexerServer
from generator.errors import ClockError
from generator.places import store_source
from generator.report import build
from generator.snapshot import Asked, Finding, HeaderRecord, Known, Outcome, Record
from generator.snapshot.clock import median_ahead
from generator.sources.clock_check import with_clocks
from generator.sources.http.server_clocks import ServerClocks
from generator.text_format import day_text
from generator.verify.batch_check import log_results
from generator.wording import plain
from tests.support.records import NOON, batch
from tests.support.small_store import FUND, STORE, SmallStore, config_text

HOUR = timedelta(hours=1)
PAY = store_source(STORE)
CONFIG = parse(config_text({"pay": {}}, {"well": {"source": "pay", "app": FUND}}))


@pytest.mark.parametrize(
    ("clocks", "median"),
    [
        ([], 0),
        ([9], 0),
        ([9, 0], 0),
        ([9, -9], 0),
        ([9, 8], 8),
        ([-9, -8], -8),
        ([9, 8, 0], 8),
        ([9, 0, 0], 0),
        ([0, 0, -9], 0),
        ([9, 8, 7, -9], 7),
    ],
)
def test_of_two_clocks_in_the_middle_the_nearer_one_counts(clocks: list[int], median: int) -> None:
    assert median_ahead(hours * HOUR for hours in clocks) == median * HOUR


def heard(*dates: str) -> dict[str, timedelta]:
    """Return how far ahead a server is that answers with these dates."""
    answers = iter(dates)

    async def asked() -> dict[str, timedelta]:
        clocks = ServerClocks(NOON)
        transport = httpx.MockTransport(lambda _: httpx.Response(200, headers={"Date": next(answers)}))
        async with httpx.AsyncClient(transport=transport, event_hooks={"response": [clocks.hear]}) as client:
            for _ in dates:
                await client.get("https://a.example.org/")
        return clocks.ahead

    return asyncio.run(asked())


def test_the_latest_answer_of_a_server_counts_because_a_cache_s_is_old() -> None:
    old, now = (format_datetime(NOON + hours * HOUR, usegmt=True) for hours in (-9, 0))
    found = heard(old, now, old)["a.example.org"]
    assert abs(found) < timedelta(minutes=1)


def test_a_date_that_cannot_be_read_says_nothing() -> None:
    assert heard("yesterday", "", "Thu, 99 Jan 2026 99:00:00 GMT") == {}


def header(at: datetime) -> HeaderRecord:
    raw = bytes(68) + int(at.timestamp()).to_bytes(4, "little") + bytes(8)
    return HeaderRecord(id="00", source="angor", height=1, hex=raw.hex())


@pytest.mark.parametrize(
    ("ahead", "block", "refused"),
    [
        ({"a.example.org": 5, "b.example.net": 5}, None, "5 h 0 min behind the others' (example.net"),
        ({"a.example.org": -5, "b.example.net": -5}, None, "5 h 0 min ahead of the others'"),
        ({"a.example.org": 5, "b.example.org": 5}, None, ""),  # one operator
        ({"a.example.org": 5}, 5, "(example.org, the newest block)"),
        ({"a.example.org": 0}, 5, ""),
        ({"a.example.org": -5}, -5, ""),  # a block may lag
        ({"a.example.org": 5, "b.example.net": 0, "c.example.com": 0}, None, ""),
        ({"a.example.org": 1.9, "b.example.net": 1.9}, None, ""),
    ],
)  # fmt: skip
def test_our_clock_is_refused_when_most_say_so(
    ahead: dict[str, float], block: float | None, refused: str
) -> None:
    seen = batch(*([] if block is None else [header(NOON + block * HOUR)]))
    heard = {host: hours * HOUR for host, hours in ahead.items()}
    if not refused:
        with_clocks(seen, heard, NOON, CONFIG, Known())
        return
    with pytest.raises(ClockError) as error:
        with_clocks(seen, heard, NOON, CONFIG, Known())
    assert refused in str(error.value)
    assert "set it right and run again" in str(error.value)


ANGOR_TOO = CONFIG.model_copy(
    update={
        "sources": CONFIG.sources.model_copy(
            update={"indexers": (IndexerServer(url="https://a.example.org/api"),)}
        )
    }
)


def told(ahead: dict[str, float], known: Known | None = None) -> tuple[Record, ...]:
    asked = (
        Asked(source="angor", outcome=Outcome.OK),
        Asked(source=PAY, outcome=Outcome.OK),
        Asked(source="rates", outcome=Outcome.UNAVAILABLE),
    )
    seen = with_clocks(
        batch(asked=asked), {host: h * HOUR for host, h in ahead.items()}, NOON, ANGOR_TOO, known or Known()
    )
    assert seen.asked == asked
    return seen.records


def test_one_server_that_differs_is_a_finding_until_it_agrees(tmp_path: Path) -> None:
    others = {"b.example.net": 0.0, "c.example.com": 0.0}
    first, second = told({"a.example.org": -5.1, "pay.example.org": 2.6, **others})
    assert isinstance(first, Finding)
    assert isinstance(second, Finding)
    assert (first.source, first.id, first.subject) == ("angor", "server-clock/a.example.org", "a.example.org")
    assert first.reason.startswith("its clock is about 5 hours behind ours")
    assert (second.source, second.id) == (PAY, "server-clock/pay.example.org")
    log = tmp_path / "log"
    seen = batch(first, second, asked=(Asked(source=PAY, outcome=Outcome.OK),), network=CONFIG.network)
    store.append(log, seen, refresh_hours=24)
    known = store.load(log)
    assert told({"a.example.org": -5.2, "pay.example.org": 2.6, **others}, known) == (), "no news"
    assert told(others, known) == (), "who does not answer says nothing of its clock"
    assert [record.id for record in told({"a.example.org": 0, "pay.example.org": 1.9, **others}, known)] == [
        "finding/server-clock/a.example.org",
        "finding/server-clock/pay.example.org",
    ]
    note = next(
        note for note in build(known, CONFIG, demo=False).notes if note.id.startswith("server-clock/btcpay")
    )
    assert note.day == NOON.date()
    assert "pay.example.org: its clock is about 3 hours ahead of ours" in plain(note.text)
    assert f", since {day_text(NOON.date())}." in plain(note.text)
    files = {path.relative_to(log).as_posix(): path.read_bytes() for path in log.rglob("*.jsonl")}
    assert [check.name for check in log_results(files, CONFIG) if check.problems] == []


@pytest.mark.parametrize("away", [-5, 5])
def test_a_run_with_a_wrong_clock_leaves_nothing(
    away: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = SmallStore(invoices={STORE: []})
    small.fund()
    clock = [datetime.now(UTC) + away * HOUR]

    def answer(request: httpx.Request) -> httpx.Response:
        response = small.answer(request)
        response.headers["Date"] = format_datetime(clock[0], usegmt=True)
        return response

    monkeypatch.setattr("generator.sources.clients.transport", lambda *_: httpx.MockTransport(answer))
    servers = {
        "pay": {"url": "https://pay.example.org"},
        "second": {"url": "https://pay.example.net", "stores": ["StoreBBBBBBBBBBBBBBBBBBBB"]},
    }
    text = config_text(servers, {"well": {"source": "pay", "app": FUND}}, units={"fiat": []})
    (tmp_path / "config.yaml").write_text(text)
    small.invoices["StoreBBBBBBBBBBBBBBBBBBBB"] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOK", "a token")
    for words in (["snapshot"], ["snapshot", "--batch", "news.jsonl"], ["build"]):
        assert run(words) == Exit.WRONG_USE
        assert "this machine's clock is" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.jsonl"))
    clock[0] = datetime.now(UTC)
    assert run(["snapshot"]) in (Exit.DONE, Exit.PARTLY)
    assert store.load(tmp_path / "content/snapshots").runs
