"""The command line as a person or a job meets it: every exit code, and what it says."""

import errno
import json
import os
import re
import resource
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest

from generator import store
from generator.cli import Exit, run
from generator.inputs import default_templates
from generator.ledger import Entry
from generator.sandbox.world import KEY_ENV, World
from generator.sources import from_config as opening
from tests.support import published
from tests.support.limits import ONCE
from tests.support.whole_job import of_people


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(seed=5, invoices=60) as running:
        yield running


def config_text(world: World) -> str:
    return of_people(world.config_text(), "solar-roof")


@pytest.fixture
def site(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a config.yaml for the world, entered, with the secrets set."""
    (tmp_path / "config.yaml").write_text(config_text(world))
    for name, value in world.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def first_build(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one build was made; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("first-build")
    (folder / "config.yaml").write_text(config_text(world))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in world.env().items():
            patch.setenv(name, value)
        patch.chdir(folder)
        assert run(["build"]) == Exit.DONE
    return folder


@pytest.fixture
def built(site: Path, first_build: Path) -> Path:
    """Return a folder like `site` in which one build was made before."""
    shutil.copytree(first_build, site, dirs_exist_ok=True)
    return site


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_build_publishes_and_a_second_run_changes_nothing(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, site = tree(built / "content/snapshots"), tree(built / "output")
    assert len(site) > 20
    assert run(["build"]) == Exit.DONE
    assert tree(built / "content/snapshots") == log
    assert tree(built / "output") == site
    said = capsys.readouterr()
    assert "output/index.html" in said.out
    assert "nothing new" in said.err


def test_rendering_needs_neither_network_nor_secrets(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = tree(built / "output")
    shutil.rmtree(built / "output")
    monkeypatch.delenv(KEY_ENV)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("render touched the network"))
    assert run(["render"]) == Exit.DONE
    assert tree(built / "output") == published
    assert run(["build", "--offline", "--output", "elsewhere"]) == Exit.DONE
    assert tree(built / "elsewhere") == published


def test_a_batch_travels_between_two_jobs(site: Path) -> None:
    assert run(["snapshot", "--batch", "news.jsonl"]) == Exit.DONE
    assert not (site / "content").exists()
    assert run(["append", "news.jsonl"]) == Exit.DONE
    log = tree(site / "content/snapshots")
    assert run(["append", "news.jsonl"]) == Exit.DONE
    assert tree(site / "content/snapshots") == log


def test_a_broken_config_stops_before_the_network(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (site / "config.yaml").read_text()
    (site / "config.yaml").write_text(text.replace("network: regtest", "network: regtst\ncolour: red"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was touched"))
    for command in ("build", "snapshot", "render", "check"):
        assert run([command]) == Exit.WRONG_USE
        said = capsys.readouterr()
        assert "config.yaml:5:1: network is 'regtst', did you mean 'regtest'?" in said.out + said.err
        assert "config.yaml:6:1: unknown key 'colour'" in said.out + said.err
    assert not (site / "output").exists()


def test_a_missing_secret_names_the_variable(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_ENV)
    assert run(["build"]) == Exit.WRONG_USE
    said = capsys.readouterr().err
    assert KEY_ENV in said
    assert "API keys" in said
    assert not (site / "output").exists()


def dead(text: str) -> str:
    """Let every address of a config lead to a port of its own where nobody listens."""
    ports = count(1)
    return re.sub(r"127\.0\.0\.1:\d+", lambda _: f"127.0.0.1:{next(ports)}", text)


@pytest.mark.slow
def test_no_source_and_no_log_publishes_nothing(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    (site / "config.yaml").write_text(dead((site / "config.yaml").read_text()))
    (site / "output").mkdir()
    (site / "output" / "index.html").write_text("the last good page")
    assert run(["build"]) == Exit.NOTHING
    assert tree(site / "output") == {"index.html": b"the last good page"}
    said = capsys.readouterr().err
    assert "no source answered and nothing was recorded before" in said
    assert said.count("not one address answers: this machine seems to be offline") == 1
    assert run(["doctor"]) == Exit.WRONG_USE
    said = capsys.readouterr().out
    assert said.count("machine: its network: not one address answers") == 1
    assert said.index("not one address answers") < said.index("cannot connect"), "before what it explains"


def test_a_run_of_a_machine_without_a_network_says_so(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    (built / "config.yaml").write_text(dead((built / "config.yaml").read_text()))
    assert run(["build"]) == Exit.PARTLY
    assert "Warning: not one address answers: this machine seems to be offline" in capsys.readouterr().err


def test_a_source_that_fails_keeps_its_data_and_the_page_says_its_age(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = built
    before = figures(site)
    impatient(monkeypatch)
    text = (site / "config.yaml").read_text()
    (site / "config.yaml").write_text(re.sub(r"http://127\.0\.0\.1:\d+/btcpay", "http://127.0.0.1:9", text))
    capsys.readouterr()
    assert run(["build", "--summary", "summary.md"]) == Exit.PARTLY
    said = capsys.readouterr().err
    assert "did not answer" in said
    assert "its numbers are 0 hours old" in said
    after = figures(site)
    assert after["garden/raised"] == before["garden/raised"] is not None
    assert "| unavailable |" in (site / "summary.md").read_text()
    page = (site / "output/index.html").read_text()
    assert "Did not answer now" in page
    assert "less than an hour" in page


def test_all_sources_or_nothing_leaves_the_site_as_it_is(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    before = tree(built / "output")
    text = (built / "config.yaml").read_text() + "quality: {on_source_failure: fail}\n"
    (built / "config.yaml").write_text(re.sub(r"http://127\.0\.0\.1:\d+/btcpay", "http://127.0.0.1:9", text))
    assert run(["build"]) == Exit.NOTHING
    assert "quality.on_source_failure is fail, and not every source answered the last" in (
        capsys.readouterr().err
    )
    assert run(["build", "--offline"]) == run(["render"]) == Exit.NOTHING  # as the job that publishes does
    assert tree(built / "output") == before


@pytest.mark.slow
def test_a_first_run_without_a_source_publishes_what_it_has(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    text = (site / "config.yaml").read_text()
    (site / "config.yaml").write_text(re.sub(r"http://127\.0\.0\.1:\d+/btcpay", "http://127.0.0.1:9", text))
    assert run(["build"]) == Exit.PARTLY
    found = figures(site)
    assert found["garden/raised"] is None
    assert found["garden/pending"] is None
    assert found["solar-roof/raised"] > 0
    assert "never reached" in (site / "output/index.html").read_text()
    assert "has not delivered this project yet" in (site / "output/p/garden/index.html").read_text()


def test_strict_turns_warnings_into_an_exit_code(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    text = (built / "config.yaml").read_text()
    (built / "config.yaml").write_text(re.sub(r"http://127\.0\.0\.1:\d+/btcpay", "http://127.0.0.1:9", text))
    assert run(["build", "--strict"]) == Exit.WARNED


def test_a_secret_is_never_printed(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    secret = "do-not-print-this-secret"
    monkeypatch.setenv(KEY_ENV, secret)
    assert run(["build"]) == Exit.PARTLY  # the server does not know this key
    said = capsys.readouterr()
    assert secret not in said.out + said.err
    assert secret not in "".join(data.decode("utf-8", "replace") for data in tree(built).values())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bild"], "did you mean 'build'"),
        (["build", "--ofline"], "--offline"),
        (["build", "--accept-drop", "x"], "--accept-drop needs --reason"),
        (["explain", "solar-roof/raisd"], "did you mean 'solar-roof/raised'"),
        (["explain", "nowhere"], "`sunlit explain` lists them"),
        (["explain", "solar-roof", "--json"], "there is no figure 'solar-roof'"),
        (["render", "--output", "/"], "choose another --output"),
        (["theme", "eject", "bas.html"], "did you mean 'base.html'? `sunlit theme list`"),
        (["schema", "figurs"], "did you mean 'figures'"),
        (["append", "nowhere.jsonl"], "sunlit snapshot --batch nowhere.jsonl"),
        (["serve", "--address", "8000"], "expected IP:PORT"),
        (["render", "--demo"], "run `sunlit build --demo` first"),
    ],
)
def test_wrong_use_says_what_is_right(
    arguments: list[str], expected: str, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(built)
    assert run(arguments) in {Exit.WRONG_USE, Exit.NOTHING}
    assert expected in capsys.readouterr().err
    assert tree(built) == before


def test_explain_leads_to_transactions_and_snapshot(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "solar-roof/claimed"]) == Exit.DONE
    tree_text = capsys.readouterr().out
    assert re.search(
        r"─ transaction [0-9a-f]{64} \|[^\n]+\n(│  ){2}├─ input 0 \|[^\n]+ spends [0-9a-f]{64}:\d+\n",
        tree_text,
    )
    assert json.loads((built / "output/manifest.json").read_text())["snapshot"] in tree_text


@pytest.mark.usefixtures("built")
def test_explain_lists_figures_with_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "solar-roof"]) == Exit.DONE
    own = capsys.readouterr().out.splitlines()
    assert all(line.startswith("solar-roof/") and "@" not in line for line in own)
    assert run(["explain", "solar-roof/raised"]) == Exit.DONE
    first = capsys.readouterr().out.splitlines()[0]
    assert any(first.startswith(line) for line in own if line.startswith("solar-roof/raised ="))
    assert run(["explain"]) == Exit.DONE
    everything = capsys.readouterr().out.splitlines()
    assert {line.split("/")[0] for line in everything} > {"all", "solar-roof"}
    assert set(own) < set(everything)


def test_privacy_report_counts_rows_of_the_log_and_asks_nobody(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was touched"))
    monkeypatch.delenv(KEY_ENV)
    assert run(["privacy-report", "--json"]) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    ledger = published.ledger_rows(built / "output")
    bound = {row["id"]: row for row in ledger if row["source"] != "angor"}
    rows = [row for row in store.load(built / "content/snapshots").of(Entry) if row.source != "angor"]
    assert {row.id for row in rows} > bound.keys(), "the log has the rest of the store too"
    assert found["btcpay_rows"] == len(rows) > 0
    assert found["btcpay_payments"] == sum(row.count for row in rows)
    single = {
        exposure["project"]: set(exposure["rows"])
        for exposure in found["exposures"]
        if exposure["code"] == "single-payment"
    }
    assert single
    for project, ids in single.items():
        owned = {
            row.id for row in rows if (bound[row.id]["project"] if row.id in bound else row.place) == project
        }
        assert ids == {row.id for row in rows if row.id in owned and row.count == 1}
    assert run(["privacy-report"]) == Exit.DONE
    said = capsys.readouterr().out
    assert said.startswith(
        f"The log publishes {found['btcpay_payments']} payments of BTCPay in {len(rows)} rows."
    )
    assert all(f"\n{exposure['code']}\n" in said for exposure in found["exposures"])
    assert said.count("What this cannot tell:") == 1
    assert "\n  Rest of the store (BTCPay " in said, "by where config.yaml has it"
    assert "btcpay-" not in said
    assert "\n  btcpay:" not in said, "a place is named in words"


def test_check_names_what_it_looked_at(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == Exit.DONE
    assert "No problem in config.yaml" in capsys.readouterr().err
    (site / "templates").mkdir()
    (site / "templates" / "portfolio.html").write_text("{% extends 'base.html' %}\n{% blok main %}")
    assert run(["check", "--json"]) == Exit.WRONG_USE
    found = json.loads(capsys.readouterr().out)
    [problem] = [row for row in found if row["severity"] == "error"]
    assert (problem["file"], problem["line"]) == ("templates/portfolio.html", 2)


def test_a_page_of_the_maintainer_that_cannot_be_rendered_ends_nothing(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (built / "content/pages").mkdir(parents=True)
    (built / "content/pages/about.md").write_text("# About\n\n" + "1. " * 500 + "x")
    before = tree(built / "output/p")
    assert run(["render"]) == Exit.DONE
    assert "content/pages/about.md:3:1: the page nests lists" in capsys.readouterr().err
    assert b"1. 1. 1." in (built / "output/about/index.html").read_bytes()
    assert tree(built / "output/p").keys() == before.keys()


#: Template → text, line of its fault, a word of the sentence; each is met on another way.
TEMPLATE_FAULTS = {
    "base.html": ("<html>\n{{ nothing.there }}", "2", "UndefinedError"),
    "parts.html": ("{% macro time(at) %}\n{{ 1 / 0 }}{% endmacro %}", "2", "ZeroDivisionError"),
    "portfolio.html": (
        "{% extends 'base.html' %}{% block main %}\n{% include 'gone.html' %}{% endblock %}",
        "2",
        "gone",
    ),
    "health.html": (
        "{% extends 'base.html' %}\n{% block main %}{{ 1 | nothing }}{% endblock %}",
        "2",
        "nothing",
    ),
    "404.html": ("{% extends 'base.html' %}\n\n{% blok main %}", "3", "blok"),
    "page.html": ("{% block main %}\n{{ nobody }}{% endblock %}", "2", "nobody"),
}


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", TEMPLATE_FAULTS)
def test_a_template_that_fails_is_named_with_its_line(
    name: str, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line, word = TEMPLATE_FAULTS[name]
    if name == "parts.html":  # what others import from it stays
        text = f"{text}\n{default_templates()[name].decode().replace('macro time(', 'macro other(')}"
    (built / "content/pages").mkdir(parents=True)
    (built / "content/pages/about.md").write_text("# About")
    (built / "templates").mkdir()
    (built / "templates" / name).write_text(text)
    before = tree(built / "output")
    assert run(["render"]) == Exit.WRONG_USE
    said = capsys.readouterr().err
    assert f"templates/{name}:{line}" in said
    assert word in said
    assert "Sunlit's own" in said
    assert tree(built / "output") == before


@pytest.mark.parametrize("file", ["templates/style.css", "templates/base.html", "content/pages/about.md"])
def test_what_is_no_text_is_named(file: str, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / file).parent.mkdir(parents=True, exist_ok=True)
    (built / file).write_bytes(b"a\n\xff")
    for command in ("render", "check"):
        assert run([command]) == Exit.WRONG_USE
        said = capsys.readouterr()
        assert f"{file}:2:1: not UTF-8 text" in said.err + said.out


@pytest.mark.slow
@pytest.mark.proof(3)
@pytest.mark.parametrize(
    ("at", "number", "step"),
    [
        ("os.fsync", errno.ENOSPC, "free some space"),
        ("os.fsync", errno.EROFS, "let the user"),
        ("os.fsync", errno.EACCES, "let the user"),  # of a lock it means that another holds it
        ("os.fsync", errno.EIO, "device"),
        ("fcntl.flock", errno.ENOSPC, "free some space"),
        ("fcntl.flock", errno.EIO, "device"),
    ],
)
def test_what_the_system_refuses_is_one_sentence_and_the_log_stands(
    built: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at: str,
    number: int,
    step: str,
) -> None:
    before = tree(built / "content"), tree(built / "output")

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "somewhere")

    with monkeypatch.context() as patch:
        patch.setattr(at, refuse)
        assert run(["build", "--full"]) == Exit.WRONG_USE
    said = capsys.readouterr().err
    assert "somewhere: " in said
    assert step in said
    assert (tree(built / "content"), tree(built / "output")) == before
    assert run(["build", "--full"]) == Exit.DONE


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize("most", [0, 1_000, 30_000, 300_000])
def test_a_disk_that_fills_at_any_time_loses_nothing_recorded(
    most: int, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file may grow beyond some bytes; what the first build recorded, and its site, stand."""
    before, site = tree(built / "content/snapshots"), tree(built / "output")
    (built / "content/pages").mkdir()
    (built / "content/pages/news.md").write_text("# News\n\n" + "A line.\n" * 900)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limit[1]))
    try:
        code = run(["build", "--full"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    said = capsys.readouterr().err.splitlines()
    print(code, said)
    assert code in (Exit.WRONG_USE, Exit.DONE)
    if code:
        assert "ile too large" in said[-1]
        assert tree(built / "output") == site
    after = tree(built / "content/snapshots")
    assert all(after[name].startswith(data) for name, data in before.items())
    assert run(["build", "--full"]) == Exit.DONE
    assert (built / "output/news/index.html").is_file()


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize("most", [1_000, 30_000, 150_000])
def test_a_first_run_whose_disk_fills_is_made_again(
    most: int, site: Path, first_build: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limit[1]))
    try:
        assert run(["build"]) == Exit.WRONG_USE
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.match(r"Error: \S+:? .*ile too large", said), said
    assert str(site) in said or "content/" in said or ".sunlit/" in said
    assert not (site / "output").exists()
    assert run(["build"]) == Exit.DONE
    assert figures(site)["all/raised"] == figures(first_build)["all/raised"]


def figures(site: Path) -> dict[str, int | str | None]:
    return {figure["id"]: figure["value"] for figure in published.figures(site / "output")}


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for what will not answer; what is waited for is tested with the sources."""
    monkeypatch.setattr(opening, "HttpLimits", lambda: ONCE)
