"""Every report that a test builds in its own process adds up, store by store, whatever the test is about.

As a plugin of pytest it stands between `report.build` and all who call it: tests, commands, `verify`.
"""

from collections import Counter
from collections.abc import Iterator
from functools import wraps
from inspect import unwrap

import pytest

from generator import report
from generator.config import Config
from generator.ledger import Entry, Kind, Status
from generator.places import REST, UNASSIGNED, btcpay_place, store_source
from generator.report import Report, assemble
from generator.report.figures.bounds import Bound
from generator.report.remembered_projects import ProjectMemory
from generator.snapshot import Known

EXCLUDED = "excluded"
ENDS = {"msat": "", "count": "_count"}  #: of the names of a store's figures, by their unit


def discrepancies(known: Known, built: Report) -> Iterator[str]:
    """Yield each figure of a store that is not what the rows of its places in the log add up to.

    A store's settled payments are its places' (rest and unassigned among them) and what is excluded.
    """
    for store in dict.fromkeys(store for server in built.config.sources.btcpay for store in server.stores):
        for unit, sums in _sums(known, store).items():
            yield from _of_store(sums, built, store, unit)


def _sums(known: Known, store: str) -> dict[str, Counter[str]]:
    """Add up settled payments of a store by unit and place, `EXCLUDED` standing for what counts nowhere."""
    places = dict.fromkeys((btcpay_place(store, REST), btcpay_place(store, UNASSIGNED), EXCLUDED), 0)
    sums = {unit: Counter(places) for unit in ENDS}
    for row in (row for row in known.of(Entry) if row.source == store_source(store)):
        if row.kind is Kind.PAYMENT and row.status is not Status.PENDING:
            place = row.place if row.status is Status.CONFIRMED else EXCLUDED
            sums["msat"][place] += row.amount_msat
            sums["count"][place] += row.count
    return sums


def _of_store(sums: Counter[str], built: Report, store: str, unit: str) -> Iterator[str]:
    source, end = store_source(store), ENDS[unit]
    wanted = {f"settled{end}@{source}": sums.total(), f"{EXCLUDED}{end}@{source}": sums[EXCLUDED]}
    for place, amount in sums.items():
        if place == EXCLUDED:
            continue
        if not place.startswith(btcpay_place(store, "")):
            yield f"{source} told {amount} {unit} of {place}, which is no place of it"
        wanted[f"place{end}@{source}@{place.partition('/')[2].replace(':', '-')}"] = amount
    wanted = dict.fromkeys((n for n in built.figures if n.startswith(f"place{end}@{source}@")), 0) | wanted
    for name, amount in wanted.items():
        figure = built.figures.get(name)
        if figure is None or (figure.bound is not Bound.UNKNOWN and figure.value != amount):
            said = figure and figure.value
            yield f"all/{name} is {said}; the log's rows add up to {amount} {unit}: {dict(sums)}"


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a report be made of a forged log, whose sums are the business of the checks that are tried."""
    from generator.verify import published_site  # noqa: PLC0415 -- with the name that is watched

    for module in (report, published_site):
        monkeypatch.setattr(module, "build", unwrap(assemble.build))


def _held_against_the_log() -> None:
    unwatched = assemble.build

    @wraps(unwatched)
    def build(known: Known, config: Config, *, demo: bool, memory: ProjectMemory | None = None) -> Report:
        built = unwatched(known, config, demo=demo, memory=memory)
        if wrong := list(discrepancies(known, built)):
            raise AssertionError("\n".join(["a store does not add up:", *wrong]))
        return built

    setattr(assemble, "build", build)  # noqa: B010 -- before anybody imports the name
    setattr(report, "build", build)  # noqa: B010


_held_against_the_log()
