"""Every field of every record type, forged: each is found out, or declared to be somebody's word."""

from collections import defaultdict
from typing import get_args

import msgspec
import pytest

from generator.pages.verify_limits import LIMITS
from generator.snapshot import Asked, FileState, Record
from generator.verify.steps import verify
from tests.verify.bench import Bench
from tests.verify.forged_files import FileForgery
from tests.verify.forgeries import Forgery
from tests.verify.forgery_table import LIMIT, TABLE, UNSEEN, Row, rows

pytestmark = pytest.mark.usefixtures("unwatched")
Made = dict[Row, list[Forgery | FileForgery]]
TOLD = rows(TABLE.read_text())


@pytest.fixture(scope="session")
def made(judge: Bench) -> Made:
    found = defaultdict[Row, list[Forgery | FileForgery]](list)
    for forgery in judge.forgeries:
        found[forgery.of].append(forgery)
    return dict(found)


@pytest.mark.proof(5)
@pytest.mark.parametrize("row", TOLD, ids=" ".join)
def test_a_forgery_is_found_out_as_the_table_says(row: Row, judge: Bench, made: Made) -> None:
    for forgery in made[row]:
        told = TOLD[row][forgery.way]
        found = list(judge.judge(forgery))
        print(f"{' '.join(row):<45} {forgery.way:<25} {', '.join(found) or forgery.limit or UNSEEN}")
        if found:
            assert told in found
        else:
            assert told == f"{LIMIT}{forgery.limit}", "it goes undetected: run `make forgeries`"
            assert forgery.limit in LIMITS


@pytest.mark.slow
@pytest.mark.proof(2)
@pytest.mark.parametrize(
    "row",
    [row for row, ways in TOLD.items() if any(told.startswith(LIMIT) for told in ways.values())],
    ids=" ".join,
)
def test_what_is_somebodys_word_goes_undetected_in_a_whole_site(row: Row, judge: Bench, made: Made) -> None:
    """The list of limits promises no check that there is none of."""
    for forgery in made[row]:
        if TOLD[row][forgery.way].startswith(LIMIT):
            assert verify(judge.site(forgery), judge.installation).failed == ()
            break


def test_the_honest_log_is_found_to_be_honest(judge: Bench) -> None:
    assert list(judge.found_by(judge.honest)) == []
    assert verify(judge.whole(judge.honest), judge.installation).failed == ()


def test_the_table_has_every_forgery(made: Made) -> None:
    assert {row: [forgery.way for forgery in ways] for row, ways in made.items()} == {
        row: list(ways) for row, ways in TOLD.items()
    }, "run `make forgeries`"
    assert sum(map(len, TOLD.values())) >= 300


def test_every_field_of_every_record_type_is_forged(made: Made) -> None:
    forged = defaultdict[str, set[str]](set)
    for tag, _, field in made:
        forged[tag].add(field)
    for kind in get_args(Record):
        fields = {field.name for field in msgspec.structs.fields(kind)}
        assert forged[str(kind.__struct_config__.tag)] >= fields | {""}, kind
    for name, kind in (("asked", Asked), ("files", FileState)):
        assert forged["run"] >= {f"{name}.{field.name}" for field in msgspec.structs.fields(kind)}


def test_nothing_passes_unseen() -> None:
    assert [(row, way) for row, ways in TOLD.items() for way, told in ways.items() if told == UNSEEN] == []
