"""`sunlit migrate --rekey` against the sandbox's server: ids change, nothing else does."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from generator import atomic, store
from generator.cli import Exit, run
from generator.config import ID_KEY_ENV
from generator.errors import LogError
from generator.ledger import Entry, Kind
from generator.places import UNASSIGNED, btcpay_place, store_source
from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from generator.sandbox.btcpay.faults import Fault
from generator.snapshot import Finding, PromisedMoney, Withdrawn
from generator.snapshot.rekey import REASON, REKEYED, keyed, rekeyed
from generator.sources.btcpay.privacy import fingerprint
from tests.support import published
from tests.support.limits import ONCE

OLD, NEW = "the key that leaked", "the key that nobody knows"
NEW_ENV = "SUNLIT_ID_KEY_NEW"
NOW = 1_790_000_000


@pytest.fixture
def town() -> Town:
    return build_town(7, invoices=160, now=NOW, deeds=Deeds())


@pytest.fixture
def server(town: Town) -> Iterator[BTCPayServer]:
    with town.server() as started:
        yield started


def config_of(town: Town, server: BTCPayServer, privacy: str) -> str:
    projects = [
        {
            "slug": campaign.slug,
            "btcpay": {"source": "pay"}
            | ({"app": campaign.app.id} if campaign.app else {"store": campaign.store}),
        }
        for campaign in town.campaigns
    ]
    pay = {"id": "pay", "url": server.url, "token_env": "PAY_TOKEN", "stores": list(town.stores)}
    pay["include"] = ["invoices", "crowdfund", "payouts"]
    document = {
        "version": 1,
        "site": {"title": "Rekeyed"},
        "network": "main",
        "sources": {"btcpay": [pay], "rates": {"provider": "none"}},
        "projects": projects,
        "accepted": [
            {"place": place, "reason": "what the town's owners leave open"}
            for place in (
                *(btcpay_place(store, UNASSIGNED) for store in town.stores),
                *(campaign.slug for campaign in town.campaigns),
            )
        ],
    }
    return f'{json.dumps(document)[:-1]}, "privacy": {privacy}}}'


@pytest.fixture
def folder(
    town: Town,
    server: BTCPayServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Path:
    """Return a folder whose log was made with the old key."""
    rounded = getattr(request, "param", 0)
    privacy = json.dumps({"rows": "payment", "min_group": 1, "round_to_sats": rounded})
    (tmp_path / "config.yaml").write_text(config_of(town, server, privacy))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAY_TOKEN", town.reader.text)
    monkeypatch.setenv(ID_KEY_ENV, OLD)
    monkeypatch.setenv(NEW_ENV, NEW)
    monkeypatch.setattr("generator.sources.from_config.HttpLimits", lambda: ONCE)
    monkeypatch.setattr("generator.sources.rekeying.HttpLimits", lambda: ONCE)
    assert run(["snapshot"]) == Exit.DONE
    server.log.clear()
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    log = folder / "content/snapshots"
    return {str(path.relative_to(log)): path.read_bytes() for path in sorted(log.rglob("*.jsonl"))}


def entries(folder: Path) -> list[Entry]:
    return list(store.load(folder / "content/snapshots").of(Entry))


def bare(rows: list[Entry]) -> Counter[bytes]:
    return Counter(msgspec.json.encode(msgspec.structs.replace(entry, id="")) for entry in rows)


def figures(folder: Path) -> dict[str, object]:
    return {
        figure["id"]: figure["value"]
        for figure in published.figures(folder / "output")
        if not figure["id"].startswith(("all/days", "all/runs"))
    }


@pytest.mark.slow
@pytest.mark.parametrize("folder", [0, 1000], indirect=True, ids=["exact", "rounded"])
def test_every_row_gets_another_id_and_no_figure_changes(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["render"]) == Exit.DONE
    before, sums = entries(folder), figures(folder)
    files = tree(folder)
    capsys.readouterr()
    assert run(["migrate", "--rekey", "--dry-run"]) == Exit.DONE
    assert tree(folder) == files
    assert "Nothing was written" in capsys.readouterr().out
    assert run(["migrate", "--rekey"]) == Exit.DONE
    said = capsys.readouterr()
    after = entries(folder)
    print(said.out, said.err)
    assert len(after) == len(before) > 100
    assert not {entry.id for entry in before} & {entry.id for entry in after}
    assert bare(after) == bare(before)
    old, new = fingerprint(OLD.encode()), fingerprint(NEW.encode())
    moved = Counter(entry.source for entry in after)
    for source, count in moved.items():
        assert f"{source}: {count} rows get ids of key {new}, had ids of key {old}." in said.out
    # what was recorded stays: each file begins with what it was
    assert all(data.startswith(files[name]) for name, data in tree(folder).items() if name in files)
    # the next run goes on with the new key, and finds nothing new
    monkeypatch.setenv(ID_KEY_ENV, NEW)
    whole = tree(folder)
    assert run(["snapshot", "--full"]) == Exit.DONE
    assert entries(folder) == after
    assert [
        name for name, data in tree(folder).items() if data != whole[name] and not name.startswith("runs/")
    ] == []
    assert run(["render"]) == Exit.DONE
    assert figures(folder) == sums
    page = (folder / "output/index.html").read_text()
    assert all(f"{count} row(s) have ids of the key {new} now" in page for count in moved.values())
    changes = json.loads((folder / "output/data/changes.json").read_text())
    assert changes["restatements"] == []
    assert REASON not in page
    assert REASON in b"".join(tree(folder).values()).decode()
    # and the old key is refused before anybody is asked
    monkeypatch.setenv(ID_KEY_ENV, OLD)
    assert run(["snapshot"]) == Exit.WRONG_USE
    assert "not the key that made the ids in the log" in capsys.readouterr().err
    # once more has nothing to do
    monkeypatch.setenv(ID_KEY_ENV, OLD)
    whole = tree(folder)
    assert run(["migrate", "--rekey"]) == Exit.DONE
    assert "nothing is to be done" in capsys.readouterr().out
    assert tree(folder) == whole
    audits = [
        finding
        for finding in store.load(folder / "content/snapshots").of(Finding)
        if finding.check == REKEYED
    ]
    assert {audit.source: audit.subject for audit in audits} == dict.fromkeys(moved, f"{old}-{new}")


def test_what_is_private_stays_private(folder: Path, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert run(["migrate", "--rekey"]) == Exit.DONE
    said = capsys.readouterr()
    whole = said.out + said.err + b"".join(tree(folder).values()).decode()
    secrets = [OLD, NEW, town.reader.text, *town.stores]
    secrets += [payment.id for invoice in town.books.invoices for payment in invoice.payments]
    secrets += [invoice.id for invoice in town.books.invoices]
    assert [secret for secret in secrets if secret in whole] == []
    assert {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} == files


def test_a_wrong_old_key_is_refused_before_anybody_is_asked(
    folder: Path, server: BTCPayServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tree(folder)
    cases = [
        ("were made with a key of fingerprint", ID_KEY_ENV, "another key"),
        (f"environment variable {NEW_ENV} is not set", NEW_ENV, " "),
        ("holds the same key as", NEW_ENV, OLD),
    ]
    for says, name, value in cases:
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert run(["migrate", "--rekey"]) == Exit.WRONG_USE, says
        said = capsys.readouterr().err
        print(said.strip())
        assert says in said
    assert run(["migrate"]) == Exit.WRONG_USE
    assert "say what to migrate: --rekey" in capsys.readouterr().err
    assert server.log == []
    assert tree(folder) == files


def test_a_row_whose_invoice_is_gone_keeps_its_id_and_is_named(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {entry.id for entry in entries(folder)}
    paid = next(
        invoice
        for invoice in town.books.invoices
        if invoice.status == "Settled" and len(invoice.payments) == 1 and invoice.store == town.stores[0]
    )
    town.books.invoices.put(replace(paid, payments=()))  # purged from the server
    assert run(["migrate", "--rekey"]) == Exit.DONE
    said = capsys.readouterr()
    found = entries(folder)
    [kept] = [entry for entry in found if entry.id in before]
    assert len(found) == len(before)
    assert f"row {kept.id} of {kept.at:%Y-%m-%d} keeps its id" in said.err
    assert paid.id not in said.out + said.err
    [audit] = [
        finding
        for finding in store.load(folder / "content/snapshots").of(Finding)
        if finding.check == REKEYED and finding.source == kept.source
    ]
    assert "1 row(s) that the server no longer shows keep theirs" in audit.reason


def test_what_is_new_at_the_server_comes_along(folder: Path, town: Town) -> None:
    before = entries(folder)
    invoice = next(
        invoice
        for invoice in town.books.invoices
        if invoice.status == "Settled" and invoice.payments and invoice.store == town.stores[0]
    )
    extra = replace(invoice.payments[0], id="a-payment-of-today", amount_msat=7_000)
    town.books.invoices.put(replace(invoice, payments=(*invoice.payments, extra)))
    assert run(["migrate", "--rekey"]) == Exit.DONE
    after = entries(folder)
    assert len(after) == len(before) + 1
    assert sum(entry.amount_msat for entry in after) == sum(entry.amount_msat for entry in before) + 7_000


@pytest.mark.proof(2)
@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.HTML, Fault.TRUNCATED, Fault.UNAUTHORIZED])
def test_a_server_that_does_not_answer_changes_nothing(
    folder: Path, server: BTCPayServer, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    files = tree(folder)
    server.faults.add(fault, path="/invoices")
    assert run(["migrate", "--rekey"]) == Exit.NOTHING
    assert tree(folder) == files
    assert "the log is untouched" in capsys.readouterr().err


@pytest.mark.slow
def test_a_step_that_is_cut_off_can_be_done_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, files, written = entries(folder), tree(folder), []
    whole: Callable[[Path, bytes], None] = atomic.write_whole

    def cut(path: Path, data: bytes) -> None:
        if len(written) == limit:
            raise KeyboardInterrupt
        written.append(path)
        whole(path, data)

    for limit in (0, 1):  # before the rows are written, and between them and the run record
        written.clear()
        with monkeypatch.context() as patch:
            for writer in ("appending", "part_writer"):
                patch.setattr(f"generator.store.{writer}.write_whole", cut)
            assert run(["migrate", "--rekey"]) == Exit.INTERRUPTED
        assert len(written) == limit
        if not limit:
            assert tree(folder) == files
    assert bare(entries(folder)) == bare(before)
    capsys.readouterr()
    assert run(["migrate", "--rekey"]) == Exit.DONE
    assert "keeps its id" not in capsys.readouterr().err
    after = entries(folder)
    assert bare(after) == bare(before)
    assert not {entry.id for entry in before} & {entry.id for entry in after}
    monkeypatch.setenv(ID_KEY_ENV, NEW)
    assert run(["snapshot", "--full"]) == Exit.DONE
    assert entries(folder) == after


def test_refunds_that_are_gone_keep_their_ids_too(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {entry.id: entry.kind for entry in entries(folder)}
    town.books.payouts.clear()
    assert run(["migrate", "--rekey"]) == Exit.DONE
    sent = {name for name, kind in before.items() if kind in (Kind.REFUND, Kind.PAYOUT)}
    assert {entry.id for entry in entries(folder)} & before.keys() == sent
    said = capsys.readouterr().err
    more = sum(map(int, re.findall(r"(\d+) more rows keep", said)))
    assert said.count("keeps its id") + more == len(sent) > 0
    known = store.load(folder / "content/snapshots")
    assert known.of(PromisedMoney)


def test_a_fall_without_a_reason_is_settled_first(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    files = tree(folder)
    paid = next(
        invoice
        for invoice in town.books.invoices
        if invoice.status == "Settled" and invoice.payments and invoice.store == town.stores[0]
    )
    less = replace(paid.payments[0], amount_msat=1000)
    town.books.invoices.put(replace(paid, payments=(less, *paid.payments[1:])))
    assert run(["migrate", "--rekey"]) == Exit.WRONG_USE
    said = capsys.readouterr().err
    assert "would fall from" in said
    assert "settle this first with `sunlit snapshot --full`" in said
    assert tree(folder) == files


def test_rows_of_days_have_no_key(
    folder: Path, server: BTCPayServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "config.yaml").read_text()
    (folder / "config.yaml").write_text(re.sub(r'"rows": "payment"', '"rows": "day"', text))
    server.log.clear()
    assert run(["migrate", "--rekey"]) == Exit.DONE
    assert "No id is made with a key" in capsys.readouterr().out
    assert server.log == []


def test_withdrawals_name_the_reason_and_no_other_record_is_withdrawn(folder: Path) -> None:
    known = store.load(folder / "content/snapshots")
    sources = {entry.source for entry in known.of(Entry)}
    rows = {f"{row.key[0]}/{row.id}" for source in sources for row in keyed(known, source)}
    assert run(["migrate", "--rekey"]) == Exit.DONE
    later = store.load(folder / "content/snapshots")
    withdrawn = [
        line.record
        for chain in later.history.values()
        for line in chain
        if isinstance(line.record, Withdrawn)
    ]
    assert {withdrawal.id for withdrawal in withdrawn} == rows
    assert {withdrawal.reason for withdrawal in withdrawn} == {
        "the same row has another id, made with a new key"
    }


def test_two_rows_that_would_become_one_are_refused(folder: Path, town: Town) -> None:
    known = store.load(folder / "content/snapshots")
    source = store_source(town.stores[0])
    first, second, *_ = keyed(known, source)
    names = {first.id: "0" * 32, second.id: "0" * 32}
    with pytest.raises(LogError, match=r"rows would change with their ids \(1 lost, 0 new\)"):
        rekeyed(known, [], names, source=source, keys=("old", "new"))


@pytest.mark.slow
def test_a_lost_key_is_replaced_when_every_sum_stays(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["render"]) == Exit.DONE
    before, sums, files = entries(folder), figures(folder), tree(folder)
    monkeypatch.setenv(ID_KEY_ENV, NEW)
    monkeypatch.delenv(NEW_ENV)
    assert run(["snapshot"]) == Exit.WRONG_USE
    assert run(["migrate", "--rekey", "--old-key-lost", "--dry-run"]) == Exit.DONE
    assert tree(folder) == files
    assert run(["migrate", "--rekey", "--old-key-lost"]) == Exit.DONE
    assert "every sum is what it was" in capsys.readouterr().out
    after = entries(folder)
    assert bare(after) == bare(before)
    assert not {entry.id for entry in before} & {entry.id for entry in after}
    assert run(["snapshot", "--full"]) == Exit.DONE
    assert entries(folder) == after
    assert run(["render"]) == Exit.DONE
    assert figures(folder) == sums
    capsys.readouterr()
    assert run(["migrate", "--rekey", "--old-key-lost"]) == Exit.DONE
    assert "nothing is to be done" in capsys.readouterr().out


def test_a_lost_key_is_not_replaced_when_a_sum_is_another(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = next(
        invoice for invoice in town.books.invoices if invoice.status == "Settled" and invoice.payments
    )
    town.books.invoices.put(replace(paid, payments=()))
    files = tree(folder)
    monkeypatch.setenv(ID_KEY_ENV, NEW)
    assert run(["migrate", "--rekey", "--old-key-lost"]) == Exit.WRONG_USE
    assert "msat in the log and" in capsys.readouterr().err
    assert tree(folder) == files
