"""The committed vectors of others, read once: tests/data says where each comes from."""

import json
from functools import cache
from typing import Any

from tests.support.paths import DATA

Json = dict[str, Any]


@cache
def angor_vectors() -> Json:
    """Return Angor's ``vectors`` and the two whole projects of ``synthetic_fixtures``."""
    return _read("angor/vectors.json")


@cache
def bip341_vectors() -> Json:
    """Return ``scriptPubKey`` and ``keyPathSpending`` of BIP 341's wallet vectors."""
    return _read("bips/bip341-wallet-test-vectors.json")


def _read(path: str) -> Json:
    found: Json = json.loads((DATA / path).read_text(encoding="utf-8"))
    return found
