"""Every command that README and docs tell people to type is run here."""

import ast
import contextlib
import importlib
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import click
import httpx
import pytest

from generator.cli import Exit
from generator.cli import run as sunlit
from generator.cli.demo import SEED
from generator.cli.main import cli
from generator.sandbox.store_truth import source_of
from generator.sandbox.story import GAPS, Story
from generator.sandbox.world import World
from generator.verify.step_table import ONLINE, STEPS
from tests.support import published
from tests.support.made_demo import cloned, environment, install, made_demo, run
from tests.support.paths import ROOT
from tools.figures import LIST, written
from tools.paper import chromium
from tools.picture import PICTURE, draw
from tools.rooms import rooms
from tools.screenshots import FOLDER, MOST_BYTES, SHOTS

SUNLIT = [sys.executable, "-m", "generator.cli"]


def commands() -> Iterator[str]:
    """Yield each line of each shell block."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            yield from (line.strip() for line in block.splitlines() if line.strip())


def inline_commands() -> set[str]:
    """Return the sunlit commands named in running text and tables."""
    texts = [page.read_text() for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]]
    return {match for text in texts for match in re.findall(r"`sunlit ([a-z][a-z-]*)", text)}


#: Commands that run in a test of their own below, by their full line.
SERVED = {
    ".venv/bin/sunlit serve --demo --open": "test_serve",
    ".venv/bin/sunlit verify output": "test_verify_and_explain_the_demo",
    ".venv/bin/sunlit explain --demo solar-roof/raised": "test_verify_and_explain_the_demo",
    ".venv/bin/sunlit sandbox --seed 7 --projects 6 --invoices 100": "test_sandbox",
}
MADE = {"make demo": "test_make_demo_twice_leaves_no_change", "make test": "test_make_test"}
QUICK = [line for line in dict.fromkeys(commands()) if line not in SERVED | MADE]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clean copy of what git tracks."""
    return cloned(tmp_path / "sunlit")


def test_the_readme_shows_pictures_that_a_command_takes() -> None:
    shown = re.findall(r"docs/pictures/[\w.-]+", (ROOT / "README.md").read_text())
    there = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in FOLDER.iterdir()}
    assert sorted(shown) == sorted(there) == sorted(f"docs/pictures/{name}.webp" for name in SHOTS)
    for path, data in there.items():
        assert len(data) <= MOST_BYTES, path
        assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP"), path
    assert {shot.colours for shot in SHOTS.values()} == {"light", "dark"}
    done = run(["make", "pictures", "--dry-run"], ROOT)
    assert done.stdout.endswith("-m tools.screenshots output docs/pictures\n")


@pytest.mark.browser
@pytest.mark.proof(0)
def test_pictures_of_the_demo_are_taken_again(demo: Path, tmp_path: Path) -> None:
    if chromium() is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    command = [sys.executable, "-m", "tools.screenshots", str(demo / "output"), str(tmp_path)]
    done = run(command, ROOT)
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in tmp_path.glob("*.webp")} == SHOTS.keys()


def test_every_shell_line_is_known() -> None:
    assert set(SERVED) | set(MADE) <= set(commands())
    for line in QUICK:
        assert line.startswith(".venv/bin/sunlit "), line


@pytest.mark.parametrize("line", QUICK)
def test_quick_commands(
    line: str, clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(clone)
    assert sunlit(line.removeprefix(".venv/bin/sunlit ").split()) == Exit.DONE, capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(inline_commands()))
def test_commands_of_the_text_exist_and_have_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sunlit([name, "--help"]) == Exit.DONE
    assert f"sunlit {name}" in capsys.readouterr().out


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone in which `make demo` ran once; tests change copies of it."""
    return made_demo(tmp_path_factory)


@pytest.fixture
def made(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the clone in which the demo was made."""
    return Path(shutil.copytree(demo, tmp_path / "made", symlinks=True))


def contents(clone: Path) -> dict[str, bytes]:
    """Return every file of the demo's log and of the site; the cache remembers when files were written."""
    folders = (clone / "output", clone / ".sunlit")
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [path for path in found if "cache" not in path.relative_to(clone).parts]
    return {str(path.relative_to(clone)): path.read_bytes() for path in files}


def test_the_first_run_of_the_demo_asks_few_questions(demo: Path) -> None:
    """A hundred investments cost 997 requests once; public servers allow 700 an hour.

    The height of each block costs two questions more, once: its list of ids, and its coinbase.
    """
    folder = demo / ".sunlit" / "demo" / "snapshots" / "runs"
    lines = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]
    rows = [row for line in lines if "record" in line for row in line["record"]["asked"]]
    [asked] = [row for row in rows if row["counts"].get("investments", 0) >= 100]
    assert asked["counts"]["requests"] - 2 * asked["counts"]["coinbases"] <= 498


def test_make_demo_twice_leaves_no_change(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Demo data" in (made / "output" / "index.html").read_text()
    assert json.loads((made / "output" / "manifest.json").read_text())["demo"] is True
    first = contents(made)
    assert len(first) > 100
    assert run(["make", "demo", "--dry-run"], made).stdout == ".venv/bin/sunlit build --demo\n"
    monkeypatch.chdir(made)
    assert sunlit(["build", "--demo"]) == Exit.DONE
    assert contents(made) == first
    assert not list((made / "content" / "snapshots").glob("*/*.jsonl"))


#: What nobody knows of all projects together while one was never read: what both may add to and take from.
UNKNOWN = re.compile(
    r"all/(net|(proven|declared)_share|with_founder(_(at_month_end|today)@EUR)?"
    r"|((account_)?(opening|closing))(@(with_founder|all_accounts))?@\d{4}-\d\d)"
)
#: Figures that tell what was said before, and what is not known of the store and the project.
EARLIER = {
    "garden/goal@{shop}@20260201T120000Z-2a97516c": "5000",
    "garden/goal@{shop}@20260202T120000Z-2a97516c": "6000",
    "makers-hall/fee@2026-02@20260205T120000Z-2a97516c": 15_000_000,
    "makers-hall/fee@2026-02@20260206T120000Z-2a97516c": 0,
    "makers-hall/raised@2026-02@20260205T120000Z-2a97516c": 1_485_000_000,
    "makers-hall/raised@2026-02@20260206T120000Z-2a97516c": 350_000,
}


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with Story(seed=SEED) as told:
        yield told


def test_the_demo_tells_the_truth(demo: Path, story: Story) -> None:
    """Every figure of the story's world; what is not known is what nobody can know."""
    figures = {figure["id"]: figure for figure in published.figures(demo / "output")}
    truth = story.truth.figures()
    _, shop, closed = map(source_of, story.world.town.stores)
    said = {name: figures[name]["value"] for name in truth if not UNKNOWN.fullmatch(name)}
    assert said == {name: value for name, value in truth.items() if name in said}
    assert len(said) > 2_900
    unknown = {name: (figures[name]["value"], figures[name]["bound"]) for name in truth.keys() - said.keys()}
    assert set(unknown.values()) == {(None, "unknown")}
    more = {name: figure["value"] for name, figure in figures.items() if name not in truth}
    read = {name.partition("/")[0] for name in said} - {"all"}
    earlier = {name.format(shop=shop): value for name, value in EARLIER.items()} | {
        f"all/known_sum@{name}": sum(truth[f"{slug}/{name}"] for slug in read if f"{slug}/{name}" in said)
        for name in ("net", "with_founder")
    }
    assert {name: value for name, value in more.items() if value is not None} == earlier
    assert all(name.startswith("bakery/") or closed in name for name in more.keys() - earlier.keys())


#: What the demo shows, the file in which it does, and words that stand there.
SHOWN = {
    "an outage that is over": ("health/index.html", "2 Feb 2026.{,200}4 Feb 2026.{,200}3.days"),
    "a store that never answered": ("health/index.html", "refused the API key"),
    "an unread project": ("index.html", "Not read:.{,200}Night Bakery"),
    "an edited goal": ("p/garden/changes/index.html", "5.000.{,200}6.000"),
    "a reorganised block": ("p/makers-hall/changes/index.html", r"block \d+ was reorganised"),
    "a recurring goal": ("p/harbour/index.html", "full months reached the goal"),
    "payouts": ("sources/btcpay-c8ed417914cd844d/index.html", "besides refunds:.{,200}>12.000.000<"),
    "a foreign coin": ("p/harbour/index.html", "XMR"),
    "German": ("de/index.html", '<html lang="de"'),
    "a picture": ("p/solar-roof/index.html", '<img class="picture" src="picture.webp"'),
    "a picture of a crowdfund": ("p/garden/index.html", '<img class="picture" src="picture.webp"'),
    "where to give": ("p/garden/index.html", "Give at the source.{,400}Opens btcpay.sandbox.test"),
    "an edition": ("report/2026-01/index.html", "January 2026"),
    "a page of one's own": ("who-we-are/index.html", "a dozen people"),
    "a note on a chart": ("p/harbour/index.html", "server moved"),
    "an update of a founder": ("p/garden/index.html", "The well is dug"),
    "money that went back": ("p/river-clinic/index.html", "Returned to backers"),
    "a row that is excluded": ("p/garden/ledger/index.html", "marked invalid"),
    "BTCPay's own number": (
        "p/garden/index.html",
        "calls contributors\\. This report counts .* rates\\. Both are",
    ),
    "why money out is not whole": ("p/garden/index.html", ">Refunds are not fully known: 2 closed refunds"),
    "rows of a store's payouts": (
        "sources/btcpay-c8ed417914cd844d/ledger/index.html",
        "payout, on chain, wages",
    ),
    "a balance in part": ("index.html", "147.379.615</data> sats in 9 of .*>10</data> projects"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_the_demo_shows(what: str, demo: Path) -> None:
    path, words = SHOWN[what]
    page = re.sub(r"\s+", " ", (demo / "output" / path).read_text())
    assert re.search(words, page), f"{path} has no {words}"


def test_only_the_staged_gaps_are_there(demo: Path) -> None:
    """`make demo` ends with 0 because of what its configuration accepts: nothing less, nothing more."""
    status = json.loads((demo / "output" / "status.json").read_text())
    silent = [source for source in status["sources"] if source["state"] != "fresh"]
    assert len(silent) == len(GAPS) == 1
    config = (demo / ".sunlit" / "demo" / "config.yaml").read_text()
    assert all(f"place: {slug}, reason: {reason}" in config for slug, reason in GAPS.items())


def by_hand() -> list[str]:
    """Return the shell blocks of docs/verify.md that check a copy of a site without Sunlit."""
    text = (ROOT / "docs" / "verify.md").read_text().partition("## By hand")[2]
    return re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_verify_the_demo(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)
    code, told = sunlit(["verify", "output"]), capsys.readouterr().out
    assert code == Exit.DONE, told
    assert "rows-withdrawn was not checked: 5 rows" in told, "of the block that was reorganised"
    assert "Everything holds that can be checked" in told


def test_explain_the_demo(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)
    explain = ["explain", "--demo", "solar-roof/raised"]
    sunlit(explain)
    explained = capsys.readouterr().out
    assert explained.startswith("solar-roof/raised = ")
    snapshot = json.loads((made / "output" / "manifest.json").read_text())["snapshot"]
    sunlit([*explain, "--at", snapshot[:8]])
    assert capsys.readouterr().out == explained
    unknown = sunlit([*explain, "--at", "none"])
    assert (unknown, "no snapshot 'none'" in capsys.readouterr().err) == (1, True)


def test_verify_the_demo_by_hand(made: Path) -> None:
    said = [
        subprocess.run(
            ["bash", "-ec", block], cwd=made / "output", capture_output=True, text=True, check=True
        )
        for block in by_hand()
    ]
    hashes, snapshots, total, events, headers = (done.stdout for done in said)
    assert hashes == ""
    assert snapshots.endswith(" True\n")
    figures = published.figures(made / "output")
    assert int(total) == next(figure["value"] for figure in figures if figure["id"] == "all/raised")
    assert events.count("kind 3030") == 6
    assert len(headers.splitlines()) > 100
    (made / "output" / "style.css").write_text("")
    broken = subprocess.run(
        ["bash", "-c", by_hand()[0]], cwd=made / "output", capture_output=True, check=False
    )
    assert broken.returncode == 1


def test_make_test(clone: Path) -> None:
    install(clone)
    done = run(["make", "test", "--dry-run"], clone)
    workers, slowest = "-n 4 --dist loadfile --no-loadscope-reorder", "--durations 20 --durations-min 10"
    assert done.stdout == f".venv/bin/python -m pytest {workers} {slowest}\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a starter of commands that run until Ctrl+C, which they get at the end."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*SUNLIT, *arguments],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        assert process.returncode == 130


def until(process: subprocess.Popen[str], last: str) -> str:
    """Return what a command printed up to a line that holds `last`."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if last in line:
            break
    return text


def test_serve(running: Callable[..., subprocess.Popen[str]], demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo / ".sunlit", tmp_path / ".sunlit")  # the demo's log: nothing is to be read again
    said = until(running("serve", "--demo", "--open", "--address", "127.0.0.1:0"), "http://")
    [url] = re.findall(r"http://\S+", said)
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport) as client:
        page = client.get(url)
        missing = client.get(url + "no/such/page/")
        outside = client.get(url + "..%2f..%2fconfig.yaml")
    assert "Demo data" in page.text
    assert "<script>" in page.text  # the preview reloads …
    html = (tmp_path / "output" / "index.html").read_text()  # … and the site does not
    assert html.count("<script") == html.count('<script type="application/ld+json">') == 1
    assert (missing.status_code, outside.status_code) == (404, 404)


@pytest.mark.slow
def test_sandbox(
    running: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    process = running(
        "sandbox", "--seed", "7", "--projects", "6", "--invoices", "100", "--truth", "truth.json"
    )
    config = until(process, "true figures")
    (tmp_path / "config.yaml").write_text(config.partition("# Save these lines as config.yaml:\n")[2])
    secrets = dict(re.findall(r"^# +export (\w+)='(.*)'$", config, re.MULTILINE))
    monkeypatch.chdir(tmp_path)
    for name, secret in secrets.items():
        monkeypatch.setenv(name, secret)
    assert sunlit(["build", "--config", "config.yaml"]) == Exit.DONE, capsys.readouterr().err
    figures = {figure["id"]: figure["value"] for figure in published.figures(tmp_path / "output")}
    truth = json.loads((tmp_path / "truth.json").read_text())
    day = as_of(tmp_path / "output")
    if f"of {day}: truth.json" not in config:  # midnight has passed since
        truth = (
            World(seed=7, projects=6, invoices=100).truth_at(datetime.fromisoformat(f"{day}T12Z")).figures()
        )
    assert len(truth) >= 1500
    assert {name: figures.get(name, "none") for name in truth} == truth
    assert figures.keys() - truth.keys() == set()


def as_of(site: Path) -> str:
    return str(json.loads((site / "manifest.json").read_text())["as_of"])[:10]


PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
#: A path of the repository, maybe with a name that its code defines: `generator/money.py:THIN`.
REFERENCE = re.compile(
    r"(?<![\w/])((?:generator|templates|tests|tools|docs|benchmarks|\.github)/[\w./-]*|[\w-]+\.(?:toml|lock))\b(?::([\w.]+))?"
)


def defined(path: Path) -> set[str]:
    """Return the names that a module defines: functions, classes with their members, values."""

    def names(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
        for node in body:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    yield prefix + name
                case ast.ClassDef(name=name):
                    yield prefix + name
                    yield from names(node.body, f"{prefix}{name}.")
                case ast.Assign(targets=targets):
                    yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield prefix + name

    return set(names(ast.parse(path.read_text()).body))


def test_what_pages_name_is_there() -> None:
    missing, seen = [], 0
    for page in PAGES:
        for path, name in REFERENCE.findall(page.read_text()):
            seen += 1
            place = ROOT / path
            if not place.exists() or (name and name not in defined(place)):
                missing.append(f"{page.relative_to(ROOT)}: {path}" + (f":{name}" if name else ""))
    assert missing == []
    assert seen > 50


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", re.sub("`[^`\n]*`", "", page.read_text()))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_listed_and_short() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(page for page in folder.glob("*.md") if page.name != "README.md")
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    rows = []
    for number, page in enumerate(pages, 1):
        text = page.read_text()
        title = text.partition("\n")[0].removeprefix(f"# {number}. ")
        rows.append(f"| {number} | [{title}]({page.name}) |")
        words = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
        assert [word for word in words if word != "Planned"] == ["Context", "Choice", "Cost", "Where"], page
        assert len(text.splitlines()) <= 25, page
    assert re.findall(r"^\| \d.*", (folder / "README.md").read_text(), re.MULTILINE) == rows


found_rooms = cache(rooms)
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def test_every_room_has_one_line_in_architecture() -> None:
    house = ROOT / "generator"
    folders = {f"{path.parent.relative_to(ROOT)}/" for path in house.rglob("*/__init__.py")}
    modules = {f"generator/{room.replace('.', '/')}.py" for room in found_rooms()}
    modules = {name for name in modules if (ROOT / name).exists()}
    told = re.findall(r"^\| `(generator/[^`]+)` \| \S", ARCHITECTURE, re.MULTILINE)
    assert sorted(told) == sorted(folders | modules)


def test_every_contract_has_its_reason_in_architecture() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = [contract["name"] for contract in contracts]
    flat = " ".join(ARCHITECTURE.split())
    assert [name for name in named if f"*{name}*" not in flat] == []


def test_the_picture_is_what_the_imports_are_now() -> None:
    assert PICTURE.read_text() == draw(found_rooms()), "run `make picture`"


def test_the_list_of_figures_is_what_the_code_defines() -> None:
    assert LIST.read_text() == written(), "run `make figures`"


#: What stands in a call that names a check, as ruff writes calls.
NAMING = re.compile(r"\b(?:note|expect|checked|unchecked)\(|\bcheck=")


@cache
def calls_of_the_product() -> dict[Path, list[ast.Call]]:
    """Return the calls in each module that may name a check; the sandbox checks nothing."""
    return {
        path: [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        for path in sorted((ROOT / "generator").rglob("*.py"))
        if path.relative_to(ROOT).parts[1] != "sandbox" and path.stem != "__main__"
        if NAMING.search(text := path.read_text())
    }


def named_checks(*, verifying: bool) -> Iterator[str]:
    """Yield the names of checks in the code: of verification, or of findings.

    A name is looked up in its module, so that a constant is as good as a text;
    a name that only a caller knows is found where it comes from.
    """
    for path, calls in calls_of_the_product().items():
        place = path.relative_to(ROOT).with_suffix("")
        module = importlib.import_module(".".join(place.parts).removesuffix(".__init__"))
        for call in calls:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            found = [word.value for word in call.keywords if word.arg == "check"]
            if name in {"note", "expect"}:
                found += call.args[:1]
            if verifying:
                found = call.args[:1] if name in {"checked", "unchecked"} else []
            for node in found:
                with contextlib.suppress(NameError, AttributeError):
                    value = eval(compile(ast.Expression(node), str(path), "eval"), vars(module))  # noqa: S307 -- our own code
                    yield from [value] if isinstance(value, str) else []


def documented_checks(part: str) -> list[tuple[str, str]]:
    """Return step and name of each row of a table in docs/checks.md; findings have no step."""
    text = (ROOT / "docs" / "checks.md").read_text().partition(f"## {part}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (?:(\w+) \| )?`([\w-]+)`", text, re.MULTILINE)


def test_every_finding_has_its_line() -> None:
    told = [name for _, name in documented_checks("Findings")]
    assert sorted(told) == sorted(set(named_checks(verifying=False)))


def test_every_step_of_verification_has_its_lines() -> None:
    known = [(step.name, name) for step in (*STEPS, ONLINE) for name in step.checks]
    assert documented_checks("Steps of verification") == known
    assert {name for _, name in known} == set(named_checks(verifying=True))


def test_the_page_of_verification_has_every_step_in_its_order() -> None:
    text = (ROOT / "docs" / "verify.md").read_text().partition("| step |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| (\w+) \|", text, re.MULTILINE) == [step.name for step in STEPS]


@pytest.mark.slow
def test_the_forgers_command_finds_its_example() -> None:
    [line] = re.findall(
        r"^\.venv/bin/python (-m pytest .*)$", (ROOT / "docs" / "verify.md").read_text(), re.MULTILINE
    )
    done = run([sys.executable, *shlex.split(line), "--collect-only", "-q", "-p", "no:cacheprovider"], ROOT)
    assert "test_tampering[an investment grows]" in done.stdout


def test_the_readme_tells_every_command() -> None:
    def paths(command: click.Command | None, path: str) -> Iterator[str]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                yield from paths(command.resolve_command(context, [name])[1], f"{path} {name}")
        else:
            yield path

    told = re.findall(
        r"^\| `(sunlit [a-z]+(?:[ -][a-z]+)*)(?: --\w+)?` \|", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(told) == sorted(paths(cli, "sunlit"))
