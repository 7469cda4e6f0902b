"""The data that came from elsewhere is what it was when it came, and says where it came from."""

import json
from hashlib import sha256

import pytest

from tests.support.paths import DATA
from tests.support.vectors import Json, angor_vectors

SUMS = dict(line.split("  ")[::-1] for line in (DATA / "SHA256SUMS").read_text().splitlines())
FILES = {str(path.relative_to(DATA).as_posix()) for path in DATA.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", SUMS)
def test_its_bytes_are_those_of_the_origin(name: str) -> None:
    assert sha256((DATA / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_file_is_recorded_and_every_folder_tells_its_origin() -> None:
    folders = {name.partition("/")[0] for name in SUMS}
    assert set(SUMS) | {f"{folder}/ORIGIN.md" for folder in folders} | {"SHA256SUMS"} == FILES


@pytest.mark.parametrize(
    "fixture", angor_vectors()["synthetic_fixtures"], ids=lambda fixture: fixture["name"]
)
def test_the_signed_terms_are_what_a_fixture_was_made_from(fixture: Json) -> None:
    signed = json.loads(fixture["nostr_events"][0]["content"])
    assert signed.items() <= fixture["project_info"].items()
