"""A part that is not installed is named, with what installs it; what is printed as a schema is one."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generator.cli import Exit, extras, run


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (["serve", "--demo"], "serve"),
        (["sandbox"], "sandbox"),
        (["build", "--demo"], "sandbox"),
        (["hook", "serve"], "hook"),
    ],
)
def test_a_missing_extra_is_one_sentence(
    command: list[str],
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extras, "find_spec", lambda module: None if module == "uvicorn" else module)
    assert run(command) == Exit.WRONG_USE
    said = capsys.readouterr().err.strip()
    assert f"is an extra: pip install 'sunlit[{extra}]'" in said
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["config", "snapshot", "doctor", "privacy-report", "manifest"])
def test_schemas_are_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", name]) == Exit.DONE
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))
