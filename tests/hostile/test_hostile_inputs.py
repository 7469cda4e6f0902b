"""Each hostile input ends soon, within its memory, with a sentence and the documented exit code."""

from pathlib import Path

import pytest

from generator.cli import Exit
from tests.hostile import honest
from tests.hostile.__main__ import GIVEN, KINDS
from tests.hostile.answers import ANSWERS, WAITS, asked, serving
from tests.hostile.batches import begun
from tests.hostile.bench import HostileInput, end_of, faults
from tests.support.proving import in_full


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return honest.make(tmp_path_factory.mktemp("honest"))


def require_end(given: HostileInput, base: Path, folder: Path) -> None:
    ended = end_of(given, base, folder)
    print(ended.row(given))
    assert not faults(given, ended)


def test_there_are_many_of_each_kind() -> None:
    rooms = {given.name.partition(":")[0] for given in GIVEN}
    assert rooms == {"site", "log", "config", "content", "batch"}
    assert len({given.name for given in GIVEN}) == len(GIVEN) > 60
    assert len(ANSWERS) > 30


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize("command", [("verify", "site"), ("check",), ("append", "batch.jsonl")])
def test_what_they_are_put_into_is_well(command: tuple[str, ...], base: Path, tmp_path: Path) -> None:
    give = begun(lambda _: None) if command[0] == "append" else lambda _: None
    given = HostileInput(name="honest", give=give, command=command, code=Exit.DONE, says="")
    require_end(given, base, tmp_path / "given")


@pytest.mark.proof(2)
@pytest.mark.parametrize("given", GIVEN, ids=lambda given: given.name)
def test_an_input_ends_in_a_sentence(given: HostileInput, base: Path, tmp_path: Path) -> None:
    require_end(given, base, tmp_path / "given")


@pytest.mark.proof(1)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", in_full([name for name in ANSWERS if name not in WAITS], [*ANSWERS]))
def test_an_answer_ends_in_a_sentence(name: str, kind: str, base: Path, tmp_path: Path) -> None:
    with serving(ANSWERS[name]) as url:
        require_end(asked(name, url, kind), base, tmp_path / "given")
