"""How tests are run: rooms, samples, proofs that go on, and skips that fail in CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.proving import ungrouped

MANY = """
import os
import pytest

@pytest.mark.proof(3)
@pytest.mark.parametrize("number", range(40))
def test_number(number):
    if number == 39 and "UNLUCKY" in os.environ:
        os._exit(3)

def test_skipped():
    pytest.skip("no tool")

@pytest.mark.remote
def test_far_away():
    pytest.skip("no server")
"""


def pytest_in(folder: Path, *arguments: str, **environment: str) -> str:
    """Run pytest as the repository does in a folder with `MANY`; return what it said."""
    (folder / "test_many.py").write_text(MANY)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    proof: many\n    remote: a server\n")
    plugins = ["-p", "tests.support.no_skips", "-p", "tests.support.proving"]
    inherited = {name: value for name, value in os.environ.items() if name != "CI" and "SUNLIT" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", *plugins, *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def passed(said: str) -> list[str]:
    return re.findall(r"test_number\[(\d+)\] PASSED", said)


def test_a_sample_is_drawn_and_can_be_drawn_again(tmp_path: Path) -> None:
    said = pytest_in(tmp_path)
    assert "3 passed, 2 skipped, 37 deselected" in said
    [draw] = re.findall(r"samples: drawn with (--draw \d+)", said)
    assert passed(pytest_in(tmp_path, *draw.split())) == passed(said)


def test_a_proof_that_was_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    proof = ("-m", "proof", "--prove", "7")
    assert len(passed(pytest_in(tmp_path, *proof, UNLUCKY="yes"))) == 39
    assert passed(pytest_in(tmp_path, *proof)) == ["39"]


@pytest.mark.parametrize(
    ("shown", "name"),
    [("a.py::b", "a.py::b"), ("a.py::b@room", "a.py::b"), ("a.py::b[x@y]@room", "a.py::b[x@y]")],
)
def test_a_proof_knows_its_tests_by_name_whoever_runs_them(shown: str, name: str) -> None:
    assert ungrouped(shown) == name


def test_a_skip_is_a_failure_in_ci_but_that_of_a_server_far_away(tmp_path: Path) -> None:
    said = pytest_in(tmp_path, CI="1")
    assert "1 failed, 3 passed, 1 skipped" in said
    assert "CI has all that tests need" in said


@pytest.mark.parametrize(
    ("environment", "said"), [({"CI": "1"}, "1 deselected"), ({"SUNLIT_LIVE": "1", "CI": "1"}, "1 passed")]
)
def test_public_servers_are_asked_only_on_request(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    (tmp_path / "test_public.py").write_text("import pytest\n\n@pytest.mark.live\ndef test_it(): pass\n")
    arguments = ("test_public.py", "-p", "tests.support.live", "-o", "markers=live: public\nproof: many")
    assert said in pytest_in(tmp_path, *arguments, **environment)


@pytest.mark.parametrize(("room", "tests"), [("angor", "tests/angor"), ("ledger", "tests/test_ledger.py")])
def test_make_runs_one_room(room: str, tests: str) -> None:
    done = make("test", f"ROOM={room}", "--dry-run", "--old-file", ".venv/.dev")
    assert done.stdout == f".venv/bin/python -m pytest {tests}\n"


def test_make_says_which_rooms_there_are() -> None:
    done = make("test", "ROOM=kitchen", "--dry-run")
    assert done.returncode == 2
    assert re.search(
        r"no tests of 'kitchen'; rooms are: angor .* sources sources/angor .* workflow", done.stderr
    )


def test_make_prove_runs_what_is_marked() -> None:
    done = make("prove", "SEED=5", "--dry-run", "--old-file", ".venv/.dev")
    assert done.stdout.endswith(" -m proof --prove 5 --hypothesis-seed 5\n")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=outer, capture_output=True, text=True, check=False
    )
