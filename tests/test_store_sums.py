"""What holds every report against its log can complain, and stands where every report is made."""

from dataclasses import replace

import msgspec
import pytest

from generator.config import Config
from generator.ledger import Entry
from generator.places import UNASSIGNED, btcpay_place
from generator.report import Report, assemble
from generator.snapshot import Known, fold
from generator.verify import published_site
from tests.support import store_sums
from tests.support.village import SHOP, Village

Told = tuple[Known, Config]
PLACE = f"place@{SHOP}@rest"


@pytest.fixture
def told() -> Told:
    """Return a store with money of an app, of its rest, in doubt, and excluded."""
    village = Village()
    village.run("2025-01-10")
    village.says("bread", SHOP)
    village.entry("well", "payment", 5, "2025-01-07")
    village.entry("bread", "payment", 11, "2025-01-08", count=2)
    village.entry(btcpay_place("S1", UNASSIGNED), "payment", 17, "2025-01-08")
    village.entry("bread", "payment", 23, "2025-01-08", status="excluded", reason="marked invalid")
    return fold(village.lines()), village.config()


def built(told: Told) -> Report:
    return assemble.build(*told, demo=False)


def test_an_honest_report_adds_up_at_every_place_that_makes_one(told: Told) -> None:
    assert list(store_sums.discrepancies(told[0], built(told))) == []
    assert published_site.build is assemble.build
    assert hasattr(assemble.build, "__wrapped__"), "every report of this process is held against its log"


@pytest.mark.parametrize("name", [f"settled@{SHOP}", f"excluded_count@{SHOP}", PLACE])
def test_a_wrong_sum_is_named_with_what_it_was_compared_with(told: Told, name: str) -> None:
    honest = built(told)
    figure = honest.figures[name]
    assert isinstance(figure.value, int)
    wrong = replace(honest, figures={**honest.figures, name: replace(figure, value=figure.value + 1)})
    [said] = store_sums.discrepancies(told[0], wrong)
    assert said.startswith(f"all/{name} is {figure.value + 1}; the log's rows add up to {figure.value} ")
    missing = {other: figure for other, figure in honest.figures.items() if other != name}
    [said] = store_sums.discrepancies(told[0], replace(honest, figures=missing))
    assert said.startswith(f"all/{name} is None")


def test_a_build_that_loses_a_row_of_a_store_fails(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    known, config = told
    counted = assemble.store_accounts

    def forgetful(known: Known, *rest: object) -> object:
        rows = {key: row for key, row in known.records.items() if getattr(row, "amount_msat", 0) != 17_000}
        return counted(replace(known, records=rows), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(assemble, "store_accounts", forgetful)
    with pytest.raises(AssertionError, match=rf"(?s)a store does not add up:.*all/settled@{SHOP} is 39000; "):
        built((known, config))


def test_a_row_of_another_stores_place_is_named(told: Told) -> None:
    known, honest = told[0], built(told)
    strange = next(row for row in known.of(Entry) if row.place.endswith("rest"))
    moved = msgspec.structs.replace(strange, place=btcpay_place("S2", "rest"))
    found = replace(known, records={**known.records, moved.key: moved})
    assert any("which is no place of it" in said for said in store_sums.discrepancies(found, honest))
