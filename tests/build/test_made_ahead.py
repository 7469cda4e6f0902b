"""What is made of the log while the report is."""

import threading

import pytest

from generator.build.made_ahead import log_made_ahead
from generator.errors import LogError
from generator.packed import unpack
from generator.pages.log_copy import log_units

LOG = {"runs/2026-01.jsonl": b"{}\n" * 1000, "angor/2026-01.jsonl": b"[]\n"}


def test_the_log_is_there_packed_when_the_report_is_and_no_thread_is_left() -> None:
    before = threading.active_count()
    with log_made_ahead(LOG) as made:
        assert made == {}
    assert threading.active_count() == before
    assert made.keys() == {unit.id for unit in log_units(LOG)}
    packed = {path: data for files, _ in made.values() for path, data in files.items()}
    assert {path: unpack(data, 10_000) for path, data in packed.items()} == {
        f"data/snapshots/{path}.bz2": data for path, data in LOG.items()
    }


def test_a_report_that_cannot_be_made_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(LogError), log_made_ahead(LOG):
        raise LogError("broken")  # noqa: EM101 -- whatever the report says
    assert threading.active_count() == before
