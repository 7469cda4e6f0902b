"""Donors stay private: a token planted in each text a BTCPay server may send never gets out."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator import report, store
from generator.cli import Exit, run
from generator.config import Config, parse
from generator.sandbox.btcpay.books import Shelf
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.btcpay.texts import _LENGTH as LENGTH
from generator.sandbox.world import World
from tests.support.openapi import beside, filled, schemas
from tests.support.records import PAY
from tests.support.whole_job import of_people, site_of, take

LEAST_PLANTED = 150


@pytest.fixture(scope="module")
def planted() -> Iterator[World]:
    """Return a world whose BTCPay server says a token wherever any schema of BTCPay's has a text."""
    with World(seed=3, plant=True) as world:
        world.btcpay.dress = dress(world)
        yield world


def dress(world: World) -> Callable[[object], object]:
    """Return what adds every string field of every schema to the first object of each answer."""
    every, texts = schemas(), world.btcpay.texts

    def say(name: str) -> str:
        return texts.text(f"openapi.{name}", "", "")

    objects = {name: filled(every, name, say) for name in every}
    loose = {
        key: value
        for found in objects.values()
        if isinstance(found, dict)
        for key, value in found.items()
        if isinstance(value, str)
    }
    for key in ("paymentMethod", "cryptoCode", "paymentMethodAmount"):  # what 1.x calls a rail and a coin
        loose.pop(key, None)
    extra = {**loose, **{f"plugin{name}": value for name, value in objects.items()}}
    return lambda document: beside(document, extra)


def test_every_string_of_every_schema_is_planted(planted: World) -> None:
    every = schemas()
    named = {token.field.removeprefix("openapi.") for token in planted.btcpay.tokens}
    expected = set[str]()
    for name in every:
        filled(every, name, lambda field: expected.add(field) or field)  # type: ignore[func-returns-value]
    assert expected <= named
    fields = sum(token.field.startswith("openapi.") for token in planted.btcpay.tokens)
    print(f"{fields} string fields of {len(every)} schemas are planted")
    assert fields >= 900


@pytest.fixture(scope="module")
def recorded(planted: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a configuration and a first snapshot; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "config.yaml").write_text(of_people(planted.config_text()))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in planted.env().items():
            patch.setenv(name, value)
        patch.chdir(folder)
        assert run(["snapshot"]) == Exit.DONE
    return folder


def leaked(world: World, texts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (where, field) of each token that was not published on purpose."""
    secret = {token.value: token.field for token in world.btcpay.tokens if not token.published}
    assert len(secret) >= LEAST_PLANTED
    print(f"{len(secret)} planted tokens looked for")
    return [(where, secret[found]) for where, text in texts for found in windows(text) if found in secret]


def windows(text: str) -> Iterator[str]:
    """Yield each piece of a text that is long enough for a token and could be one."""
    for run_of_letters in re.findall(rf"[0-9A-Za-z]{{{LENGTH},}}", text):
        for start in range(len(run_of_letters) - LENGTH + 1):
            yield run_of_letters[start : start + LENGTH]


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes().decode("utf-8", "replace")


def test_no_token_reaches_log_site_or_quarantine(planted: World, tmp_path: Path) -> None:
    config = parse(of_people(planted.named_config_text()))
    batch = take(planted, config, tmp_path / "log")
    built = report.build(store.load(tmp_path / "log"), config, demo=True)
    site = site_of(built, tmp_path / "log")
    store.quarantine(tmp_path / "quarantine", batch.run, PAY, batch.records)  # as the gate would
    assert leaked(planted, texts_of(tmp_path / "quarantine")) == []
    assert leaked(planted, texts_of(tmp_path / "log")) == []
    assert leaked(planted, ((path, data.decode("utf-8", "replace")) for path, data in site.items())) == []
    assert leaked(planted, ((asked.source, str(asked)) for asked in batch.asked)) == []
    shown = "".join(data.decode("utf-8", "replace") for data in site.values())
    published = [token for token in planted.btcpay.tokens if token.published]
    assert any(token.value in shown for token in published)  # the search can find what is there


@pytest.mark.slow
@pytest.mark.proof(2)
@pytest.mark.parametrize("fault", [None, Fault.FORBIDDEN, Fault.TRUNCATED, Fault.HTML, Fault.UNAUTHORIZED])
def test_no_token_reaches_messages(
    planted: World,
    recorded: Path,
    fault: Fault | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name, value in planted.env().items():
        monkeypatch.setenv(name, value)
    if fault is not None:
        planted.btcpay.faults.add(fault, path="/invoices")
    try:
        expected = {Exit.DONE} if fault is None else {Exit.PARTLY}
        assert run(["build", "--full", "--summary", "summary.md"]) in expected
    finally:
        planted.btcpay.faults.heal()
    assert run(["privacy-report"]) == run(["privacy-report", "--json"]) == Exit.DONE
    said = capsys.readouterr()
    secrets = list(planted.env().values())
    texts = [("stdout", said.out), ("stderr", said.err), *texts_of(tmp_path)]
    assert leaked(planted, iter(texts)) == []
    assert [where for where, text in texts for secret in secrets if secret in text] == []
    ids = ids_of(parse((tmp_path / "config.yaml").read_text()))
    written = [(where, text) for where, text in texts if where not in ("stdout", "stderr", "config.yaml")]
    assert [where for where, text in written for private_id in ids if private_id in text] == []


def ids_of(config: Config) -> list[str]:
    """Return the ids of all stores and apps that a configuration names."""
    bindings = [binding for project in config.projects for binding in project.bindings]
    apps = [binding.app or binding.pos or binding.payment_request for binding in bindings]
    found = [*(store for server in config.sources.btcpay for store in server.stores), *filter(None, apps)]
    assert len(found) > 2
    return found


def test_no_token_reaches_the_quarantine_of_a_refused_run(
    planted: World,
    recorded: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The gate itself refuses: payments became a thousandth of what they were, without a reason."""
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name, value in planted.env().items():
        monkeypatch.setenv(name, value)
    books = planted.btcpay.books
    less = [
        replace(
            invoice, payments=tuple(replace(paid, amount_msat=1000, fee_msat=0) for paid in invoice.payments)
        )
        for invoice in books.invoices
    ]
    monkeypatch.setattr(books, "invoices", Shelf(less))
    assert run(["snapshot", "--full"]) == Exit.PARTLY
    said = capsys.readouterr()
    assert "the plausibility gate refused this run's observations" in said.err
    refused = list((tmp_path / ".sunlit/quarantine").rglob("*"))
    assert sum(path.stat().st_size for path in refused if path.is_file()) > 10_000
    texts = [("stdout", said.out), ("stderr", said.err), *texts_of(tmp_path)]
    assert leaked(planted, iter(texts)) == []
