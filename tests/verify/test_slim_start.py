"""Verifying a folder imports what that takes and no more."""

from pathlib import Path

import pytest

from tests.support.loaded_modules import loaded
from tests.verify.original import Original, write


@pytest.mark.slow
def test_verifying_a_folder_loads_nothing_that_asks_a_server(original: Original, tmp_path: Path) -> None:
    folder = write(original, tmp_path / "site")
    told = "from generator.cli.verify_messages import VerificationQuestion"
    parts = f"{told}; from generator.cli.verify_process import _verified"
    found = set(loaded(f"{parts}; assert _verified(VerificationQuestion(site={str(folder)!r})).result"))
    assert {"generator.verify.steps", "matplotlib"} <= found
    assert not found & {"asyncio", "httpx", "stamina", "websockets", "generator.sources.http"}
