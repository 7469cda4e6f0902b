"""Our copies of vectors say what the originals say, wherever those stand beside the repository."""

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[1] / "data"


def missing(ours: Any, theirs: Any, place: str = "") -> list[str]:  # noqa: ANN401 - JSON of any shape
    """Return the places where our copy says something that the original does not."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            found
            for name, value in ours.items()
            for found in missing(value, theirs.get(name), f"{place}.{name}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [
            found for number, (one, other) in pairs for found in missing(one, other, f"{place}[{number}]")
        ]
    return [] if ours == theirs else [place]


@pytest.mark.shared
def test_angor_vectors(shared: Path) -> None:
    ours = json.loads((DATA / "angor/vectors.json").read_text())
    theirs = json.loads((shared / "data/angor-vectors.json").read_text())
    for fixture in theirs["synthetic_fixtures"]:
        for row in fixture["transactions"].values():
            row["status"] = row["esplora"]["status"]
        # what we read from the signed content is what the fixture was made from
        assert missing(json.loads(fixture["nostr_events"][0]["content"]), fixture["project_info"]) == []
    assert missing(ours, theirs) == []
    assert [vector["name"] for vector in ours["vectors"]] == [vector["name"] for vector in theirs["vectors"]]
    left_out = {"mempool_fork_reports", "lenient_client_rule"}
    for one, other in zip(
        ours["vectors"] + ours["synthetic_fixtures"],
        theirs["vectors"] + theirs["synthetic_fixtures"],
        strict=True,
    ):
        if isinstance(other["expected"], dict):
            assert set(other["expected"]) - set(one["expected"]) <= left_out
        else:
            assert one["expected"] == other["expected"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["bip340-test-vectors.csv", "bip341-wallet-test-vectors.json"])
def test_bip_vectors(shared: Path, name: str) -> None:
    assert (DATA / "bips" / name).read_bytes() == (shared / "data/bips" / name).read_bytes()
