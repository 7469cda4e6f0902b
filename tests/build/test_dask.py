"""Workers of Dask, as processes of their own: the same bytes, whoever is away, lost or of another version."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from benchmarks.crowd import CONFIG, lines
from generator.cli import Exit, extras, run
from tests.support.paths import ROOT
from tests.verify.forger import log_of

#: Loaded by a worker that ends in the middle of its first batch.
DYING: Final = """
import os
from generator.build import dask_workers
dask_workers._made_alone = lambda studio, batch: os._exit(1)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 24 projects, which are 3 batches."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "config.yaml").write_text(CONFIG)
    for name, data in log_of(lines(24, busy=0.9)).items():
        path = folder / "content/snapshots" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", "scheduler.json")
        self._await(lambda: bool((folder / "scheduler.json").is_file()))
        self.address = str(json.loads((folder / "scheduler.json").read_text())["address"])

    def start(self, what: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + what, *words, "--no-dashboard"],
            cwd=self.folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def work(self, name: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        alone = ("--no-nanny", "--host", "127.0.0.1", "--local-directory", f"{self.folder}/{name}")
        return self.start("worker", self.address, "--name", name, *alone, *words, **environment)

    def await_workers(self, count: int) -> None:
        script = f"import distributed as d; d.Client({self.address!r}).wait_for_workers({count}, timeout=60)"
        subprocess.run([sys.executable, "-c", script], cwd=self.folder, check=True)

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()

    @staticmethod
    def _await(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    if find_spec("distributed") is None:
        pytest.skip("distributed is not installed; `make test` installs it")
    (tmp_path / "dying.py").write_text(DYING)
    started = Cluster(tmp_path)
    yield started
    started.close()


def render(site: Path, *words: str) -> tuple[int, str, dict[str, bytes]]:
    """Render anew in another process; return exit code, what was said, and the site."""
    for name in ("output", ".sunlit"):
        shutil.rmtree(site / name, ignore_errors=True)
    command = [sys.executable, "-m", "generator.cli", "render", "--config", str(site / "config.yaml"), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    files = (path for path in (site / "output").rglob("*") if path.is_file())
    return done.returncode, done.stderr, {str(path): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def alone(site: Path) -> dict[str, bytes]:
    code, _, files = render(site, "--jobs", "1")
    assert code == Exit.DONE
    return files


def test_workers_make_the_same_bytes_and_another_version_is_refused(
    site: Path, alone: dict[str, bytes], cluster: Cluster
) -> None:
    shutil.copytree(ROOT / "generator", cluster.folder / "other/generator")
    with (cluster.folder / "other/generator/money.py").open("a") as file:
        file.write("# another version\n")
    other = cluster.work("other", PYTHONPATH=str(cluster.folder / "other"))
    cluster.await_workers(1)
    code, said, files = render(site, "--dask", cluster.address)
    assert (code, files) == (Exit.WRONG_USE, {})
    refused, nobody = said.splitlines()
    assert "Dask worker other at tcp://127.0.0.1:" in refused
    assert "is refused: its Sunlit is another version than here" in refused
    assert f"no worker of Dask at '{cluster.address}' makes the pages" in nobody

    good = cluster.work("good", "--nthreads", "2", PYTHONPATH=str(ROOT))
    dying = cluster.work("dying", "--preload", "dying.py", PYTHONPATH=str(ROOT))
    cluster.await_workers(3)
    code, said, files = render(site, "--dask", cluster.address)
    assert code == Exit.DONE
    assert files == alone
    assert said.count("is refused") == 1
    assert dying.wait(30) == 1
    assert (good.poll(), other.poll()) == (None, None)


def test_where_every_worker_is_lost_the_rest_is_made_here(
    site: Path, alone: dict[str, bytes], cluster: Cluster
) -> None:
    last = cluster.work("last", "--preload", "dying.py", PYTHONPATH=str(ROOT))
    cluster.await_workers(1)
    code, _, files = render(site, "--dask", cluster.address)
    assert last.wait(30) == 1
    assert (code, files) == (Exit.DONE, alone)


def test_a_scheduler_that_is_away_is_one_sentence(site: Path) -> None:
    if find_spec("distributed") is None:
        pytest.skip("distributed is not installed; `make test` installs it")
    for address in ("tcp://127.0.0.1:1", "nowhere"):
        code, said, files = render(site, "--dask", address)
        assert (code, files) == (Exit.WRONG_USE, {})
        assert f"Dask at '{address}' cannot be used" in said
        assert len(said.splitlines()) == 1


def test_without_the_extra_the_option_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda module: None if module == "distributed" else module)
    assert run(["render", "--dask", "tcp://127.0.0.1:1"]) == Exit.WRONG_USE
    assert capsys.readouterr().err == (
        "Error: --dask is an extra: pip install 'sunlit[dask]', or pipx install --force 'sunlit[dask]'\n"
    )
