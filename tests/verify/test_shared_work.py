"""Several processes verify what one does, and say it in the same order."""

import os
from pathlib import Path

import pytest

from generator.build.processes import can_fork
from generator.cli.verify_messages import VerificationProgress, VerificationQuestion
from generator.cli.verify_process import verify_apart
from generator.verify.shared_work import FEW, shared
from generator.verify.step_table import STEPS
from tests.verify.original import Original, write

PATHS = [f"{number:04}.html" for number in range(FEW + 40)]


def test_what_is_shared_keeps_its_order_and_faults_come_through() -> None:
    here = os.getpid()
    found = list(shared(lambda some: (os.getpid(), list(some)), PATHS, jobs=2))
    assert [path for _, some in found for path in some] == PATHS
    if can_fork():
        assert here not in {process for process, _ in found}
    assert {process for process, _ in shared(lambda some: (os.getpid(), some), PATHS[:9], jobs=2)} == {here}

    def lost(some: object) -> int:
        if os.getpid() != here:
            os._exit(1)  # as one does that finds no memory
        assert some
        return here

    assert set(shared(lost, PATHS, jobs=2)) == {here}
    with pytest.raises(ZeroDivisionError):
        list(shared(lambda some: 1 // (PATHS[-1] not in some), PATHS, jobs=2))


@pytest.mark.slow
def test_several_processes_come_to_the_same_verdict(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(original, tmp_path / "site")
    for path in ("index.html", "health/index.html", "p/solar-roof/index.html"):
        page = (folder / path).read_bytes()
        (folder / path).write_bytes(page.replace(b"</main>", b"<p>1 BTC</p><p>2 BTC</p></main>"))
    (folder / "today.json").write_bytes(b"[]")
    small = "import generator.build.executors, generator.verify.shared_work as a\n"
    (tmp_path / "sitecustomize.py").write_text(f"{small}a.FEW = generator.build.executors.FEW = a.TURN = 1\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    one, two = (verify_apart(VerificationQuestion(site=str(folder), jobs=jobs)) for jobs in (1, 2))
    assert one.result is not None
    assert one == two
    failed = {check.name: check.found for check in one.result.checks if check.problems}
    assert failed["pages"] == 6
    assert {"data-shapes", "same-bytes"} <= failed.keys()


@pytest.mark.slow
def test_a_visitor_hears_how_far_it_is(original: Original, tmp_path: Path) -> None:
    told: list[VerificationProgress] = []
    question = VerificationQuestion(site=str(write(original, tmp_path / "site")), jobs=1)
    assert verify_apart(question, told.append).result is not None
    asked = list(dict.fromkeys(progress.question for progress in told))
    assert asked[1:] == [step.question for step in STEPS]
    far = [progress.percent for progress in told if progress.question == asked[-1]]
    assert far == sorted(far)
    assert far[0] == 0
    assert far[-1] == 100
    assert len(set(far)) > 50
