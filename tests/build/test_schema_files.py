"""The schemas of a site are made once by an installation; what cannot be used is made again."""

import sys
from pathlib import Path

import pytest

from generator import schemas
from generator.build.schema_files import made_schema_files, schema_files


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let compiled modules stand in an empty folder; return what grows by one whenever schemas are made."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    made: list[int] = []
    documents = schemas.documents
    monkeypatch.setattr(schemas, "documents", lambda: made.append(1) or documents())
    return made


def test_they_are_made_once_for_the_same_code(counted: list[int], tmp_path: Path) -> None:
    wanted = made_schema_files()
    counted.clear()
    assert schema_files("x") == schema_files("x") == wanted
    assert len(counted) == 1
    assert schema_files("y") == wanted
    assert len(counted) == 2
    [path] = tmp_path.rglob("schemas.bin")
    path.write_bytes(path.read_bytes()[:-1])
    assert schema_files("y") == wanted
    assert len(counted) == 3


def test_who_wants_nothing_kept_has_them_made(
    counted: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert schema_files("x") == schema_files("x")
    assert len(counted) == 2
    assert not list(tmp_path.rglob("*.bin"))
