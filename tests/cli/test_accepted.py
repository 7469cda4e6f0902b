"""What the maintainer accepts is no reason to end with 3; what stands beside it still is."""

from pathlib import Path

import pytest

from generator.cli import run
from generator.cli.exit_codes import Exit
from generator.places import store_source
from generator.snapshot import Asked, Outcome
from generator.snapshot.batch import Batch
from generator.store import append
from tests.alerts.runs import DOWN, OK, STORE
from tests.alerts.runs import run as recorded

GONE, AWAY = "9xAgone", "9xAaway"
CONFIG = f"""version: 1
site: {{title: Village}}
network: main
sources:
  btcpay:
    - {{id: pay, url: "https://pay.example.org", token_env: A, stores: ["{STORE}"]}}
    - {{id: old, url: "https://old.example.org", token_env: B, stores: ["{GONE}"]}}
    - {{id: new, url: "https://new.example.org", token_env: C, stores: ["{AWAY}"]}}
projects: [{{slug: well, btcpay: {{source: pay, store: "{STORE}"}}}}]
accepted: [
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def log(folder: Path, number: int, outcomes: dict[str, Outcome]) -> None:
    at = recorded(number, OK)
    asked = tuple(
        Asked(source=store_source(store), outcome=outcome, message="" if outcome is OK else "away")
        for store, outcome in outcomes.items()
    )
    batch = Batch(run=at.id, at=at.at, network="main", asked=asked, records=())
    append(folder / "content/snapshots", batch, refresh_hours=24, failures=5)


def rendered(folder: Path, capsys: pytest.CaptureFixture[str], *accepted: str) -> tuple[Exit, str]:
    rows = [f"  {{place: {store_source(store)}, reason: The old server is gone.}}," for store in accepted]
    (folder / "config.yaml").write_text(CONFIG + "\n".join([*rows, "]\n"]))
    capsys.readouterr()
    code = Exit(run(["render"]))
    return code, capsys.readouterr().err


def test_one_accepted_source_that_was_never_read_leaves_another_one_at_exit_3(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(folder, 0, {STORE: OK, GONE: DOWN, AWAY: DOWN})
    code, said = rendered(folder, capsys)
    assert code is Exit.PARTLY
    assert "old.example.org never answered" in said
    assert "new.example.org never answered" in said
    code, said = rendered(folder, capsys, GONE)
    assert code is Exit.PARTLY
    assert "old.example.org never answered" not in said
    assert (
        "new.example.org never answered (away): its numbers are missing, not zero. To accept it, add to "
        in said
    )
    assert f"{{place: {store_source(AWAY)}, reason: …}}" in said
    code, said = rendered(folder, capsys, GONE, AWAY)
    assert (code, "never answered" in said) == (Exit.DONE, False)


def test_what_was_accepted_and_has_answered_since_is_not_accepted_when_it_fails_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(folder, 0, {STORE: OK, GONE: OK, AWAY: DOWN})
    log(folder, 1, {STORE: OK, GONE: DOWN, AWAY: DOWN})
    code, said = rendered(folder, capsys, GONE, AWAY)
    assert code is Exit.PARTLY
    assert "old.example.org did not answer (away): its numbers are 6 hours old" in said
