"""The wheel carries all it needs: in an empty environment, outside of the repository, on any Python."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.support import pythons
from tests.support.paths import ROOT

#: What of this environment must not reach a command of another one.
OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def command(*words: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command of an installed wheel; return what it printed."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in OURS},
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def ours(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment of this Python: the wheel, and the libraries of the one that tests run in."""
    empty = tmp_path_factory.mktemp("ours")
    venv.create(empty)
    python = empty / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*install, wheel], check=True, capture_output=True)
    site = command(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=empty).strip()
    # the dependencies are the locked ones of this environment; Sunlit itself must come from the wheel
    Path(site, "locked.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    assert command(python, "-c", "import generator; print(generator.__file__)", cwd=empty).startswith(site)
    return empty / "bin" / "sunlit"


@pytest.fixture(scope="module")
def others(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment of another Python with the wheel and what the lock pins."""
    python = pythons.found(pythons.OTHER)
    if python is None:
        pytest.skip(f"no Python {pythons.OTHER} runs here")
    empty = tmp_path_factory.mktemp("others")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", python, empty], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", empty / "bin" / "python"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*install, "--no-deps", "--offline", wheel], check=True)
    return empty / "bin" / "sunlit"


def begun(sunlit: Path, folder: Path) -> Path:
    """Begin a report in an empty folder, check and build it."""
    command(sunlit, "init", folder, "--yes", cwd=folder.parent)
    command(sunlit, "check", cwd=folder)
    command(sunlit, "build", cwd=folder)
    assert "No project is in this report yet." in (folder / "output/index.html").read_text(encoding="utf-8")
    return folder


def demo(sunlit: Path, folder: Path) -> Path:
    """Return the site of the demo made where a report was begun."""
    command(sunlit, "build", "--demo", cwd=begun(sunlit, folder))
    assert "Demo data" in (folder / "output/index.html").read_text(encoding="utf-8")
    return folder / "output"


@pytest.fixture(scope="module")
def our_demo(ours: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(ours, tmp_path_factory.mktemp("our-demo") / "report")


@pytest.mark.slow
def test_a_wheel_in_an_empty_environment_begins_and_builds_a_report(ours: Path, tmp_path: Path) -> None:
    site = begun(ours, tmp_path / "report") / "output"
    assert (site / "manifest.json").is_file()


@pytest.mark.slow
def test_a_wheel_in_an_empty_environment_runs_the_demo_in_an_empty_folder(our_demo: Path) -> None:
    assert (our_demo / "manifest.json").is_file()


@pytest.mark.proof(0)
def test_another_python_makes_the_same_bytes_of_a_log_and_each_verifies_the_other(
    ours: Path, others: Path, our_demo: Path, tmp_path: Path
) -> None:
    their_demo = demo(others, tmp_path / "report")
    log = tmp_path / "log" / ".sunlit" / "demo"
    shutil.copytree(our_demo.parent / ".sunlit" / "demo", log, ignore=shutil.ignore_patterns("cache"))
    command(others, "build", "--demo", "--offline", cwd=tmp_path / "log")
    made, same = files_in(tmp_path / "log" / "output"), files_in(our_demo)
    assert made.keys() == same.keys()
    assert {path for path in same if made[path] != same[path]} == set()
    print(f"{len(same)} files, the same bytes by Python {pythons.OTHER} and {sys.version.split()[0]}")
    assert "Everything holds" in command(others, "verify", our_demo, cwd=tmp_path)
    assert "Everything holds" in command(ours, "verify", their_demo, cwd=tmp_path)


def files_in(site: Path) -> dict[str, bytes]:
    paths = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}
