"""How tests are run: rooms, samples, proofs that go on, and skips that fail in CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.proving import code, ungrouped

MANY = """
import os
import pytest
from hypothesis import given
from hypothesis.strategies import integers

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

@given(number=integers(0, 10**9))
def test_chance(number):
    print("chance", number)
"""
#: Ten tests that take long.
SLOW = "import pytest\n" + "".join(
    f"@pytest.mark.slow\ndef test_slow_{number}():\n    pass\n" for number in range(10)
)
#: A module of a site's own, whose numbers hypothesis would draw where it is loaded.
NUMBERS = f"numbers = {[7**power for power in range(3, 11)]}\n"


def pytest_in(folder: Path, *arguments: str, **environment: str) -> str:
    """Run pytest as the repository does in a folder with `MANY`; return what it said."""
    (folder / "test_many.py").write_text(MANY)
    (folder / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n    proof: many\n    slow: long\n    remote: a server\n"
    )
    (folder / "conftest.py").write_text(
        'pytest_plugins = ["tests.support.no_skips", "tests.support.proving"]\n'
    )
    inherited = {name: value for name, value in os.environ.items() if name != "CI" and "SUNLIT" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def passed(said: str) -> list[str]:
    return re.findall(r"test_number\[(\d+)\] PASSED", said)


def chances(said: str) -> list[str]:
    return re.findall(r"chance (\d+)", said)


@pytest.mark.slow
def test_the_same_code_is_judged_by_the_same_sample(tmp_path: Path) -> None:
    said = pytest_in(tmp_path, "-s")
    assert "samples: drawn with --draw" in said
    assert "4 passed, 2 skipped, 37 deselected" in said
    again = pytest_in(tmp_path, "-s")
    assert passed(again) == passed(said)
    assert chances(again) == chances(said) != []


def test_what_is_loaded_besides_changes_no_draw(tmp_path: Path) -> None:
    said = pytest_in(tmp_path, "-s")
    (tmp_path / "numbers_of_ours.py").write_text(NUMBERS)
    assert chances(pytest_in(tmp_path, "-s", "-p", "numbers_of_ours", PYTHONPATH=f"{ROOT}:{tmp_path}")) == (
        chances(said)
    )


def test_another_sample_is_drawn_on_request_and_drawn_again(tmp_path: Path) -> None:
    said, other, hypothesis_alone = (
        pytest_in(tmp_path, "-s", *options.split())
        for options in ("--draw 5", "--draw 6", "--draw 5 --hypothesis-seed 6")
    )
    assert passed(said) == passed(hypothesis_alone) != passed(other)
    assert chances(said) != chances(other) == chances(hypothesis_alone)


def test_a_whole_run_draws_some_of_the_slow_and_a_room_or_a_proof_leaves_none_out(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all/test_slow.py").write_text(SLOW)
    whole, workers, room, proof = (
        re.findall(r"test_slow_(\d)\b", pytest_in(tmp_path, *options.split()))
        for options in (
            "-o testpaths=all --draw 5",
            "-o testpaths=all --draw 5 -n 2",
            "all --draw 5",
            "-o testpaths=all -m proof --prove 5",
        )
    )
    assert len(set(whole)) == 2
    assert set(workers) == set(whole)
    assert set(room) == set(proof) == set("0123456789")


def test_another_code_draws_another_sample(tmp_path: Path) -> None:
    module = tmp_path / "generator/money.py"
    module.parent.mkdir()
    found = []
    for line in ("SATS = 1\n", "SATS = 2\n", "SATS = 1\n"):
        module.write_text(line)
        found.append(code(tmp_path))
    assert found[0] == found[2] != found[1]


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
    assert "1 failed, 4 passed, 1 skipped" in said
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
        r"no tests of 'kitchen'; rooms are: alerts angor .* sources sources/angor .* workflow", done.stderr
    )


def test_make_prove_runs_what_is_marked() -> None:
    done = make("prove", "SEED=5", "--dry-run", "--old-file", ".venv/.dev")
    assert done.stdout.endswith(" -m proof --prove 5\n")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=outer, capture_output=True, text=True, check=False
    )
