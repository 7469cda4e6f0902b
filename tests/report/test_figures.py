"""Every figure of a small village, by hand, and the rules that hold for any entries at all."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.ledger import MOVES, Kind, Verification
from generator.places import part_of_store
from generator.report.figures.bounds import Bound
from generator.report.figures.definitions import BALANCES, FLOWS
from generator.report.files.downloads import declarations_csv, ledger, ledger_csv
from generator.report.files.figure_shorthand import by_figure, definitions
from generator.report.files.figures_json import decode_figures
from generator.report.files.usual_inputs import USUAL
from generator.report.trace.explain import selected_entries
from generator.snapshot import Finding, Result, TransactionRecord
from tests.support.any_money import MONEY, as_int, report_of
from tests.support.published import data_of, figure_files, ledger_rows
from tests.support.village import SHOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.village import Village

#: Figures in satoshis; each amount of the village is a power of two, so none can be right by accident.
SATS = {
    "raised": (2 + 4 + 8 + 16 + 32 + 64 + 256, 4096 + 8192),
    "pending": (128 + 512, 0),
    "refunded": (2048, 0),
    "paid_out": (0, 0),
    "claimed": (2, 0),
    "penalty": (8 + 16, 0),
    "released": (16, 0),
    "recovered": (32, 0),
    "unclassified": (64, 0),
    "fee": (1, 0),
    "locked": (4, 0),
    "in_penalty": (8, 0),
    "net": (382 - 2048 - 32 - 16, 12288),
    "returned": (2048 + 32 + 16, 0),
    "with_founder": (256 + 2 - 2048, 4096 + 8192),
    "proven": (0, 0),
    "reported_chain": (2 + 4 + 8 + 16 + 32 + 64, 0),
    "reported_server": (256, 4096 + 8192),
}
COUNTS = {"contributions": (3 + 3, 3), "payments": (3, 3), "investor_keys": (2, 0), "declarations": (1, 3)}
SERIES = {
    "well/raised@2025-01-06": 6,
    "well/raised@2025-01-07": 30,
    "well/raised@2025-01-08": 286,
    "well/raised@2025-01-20": 382,
    "well/inflow@2025-W02": 286,
    "well/inflow@2025-W03": 0,
    "well/inflow@2025-W04": 96,
    "well/inflow@2025-W05": 0,
    "well/inflow@2025-W06": 0,
    "well/inflow@2025-W07": 0,
    "bread/raised@2025-01-07": 4096,
    "bread/raised@2025-02-05": 12288,
    "bread/inflow@2025-W02": 4096,
    "bread/inflow@2025-W03": 0,
    "bread/inflow@2025-W04": 0,
    "bread/inflow@2025-W05": 0,
    "bread/inflow@2025-W06": 8192,
    "bread/inflow@2025-W07": 0,
    "all/raised@2025-01-06": 6,
    "all/raised@2025-01-07": 4126,
    "all/raised@2025-01-08": 4382,
    "all/raised@2025-01-20": 4478,
    "all/raised@2025-02-05": 12670,
    "all/inflow@2025-W02": 4382,
    "all/inflow@2025-W03": 0,
    "all/inflow@2025-W04": 96,
    "all/inflow@2025-W05": 0,
    "all/inflow@2025-W06": 8192,
    "all/inflow@2025-W07": 0,
}
WAYS = {
    "well/rail@ANGOR": 126,
    "well/rail@BTC-CHAIN": 256,
    "bread/rail@BTC-LN": 4096,
    "bread/rail@UNNAMED": 8192,
    "all/from@ANGOR": 126,
    "all/from_by@ANGOR-2025-01-06": 6,
    "all/from_by@ANGOR-2025-01-07": 30,
    "all/from_by@ANGOR-2025-01-20": 126,
    f"all/from@{SHOP.upper()}": 12544,
    f"all/from_by@{SHOP.upper()}-2025-01-07": 4096,
    f"all/from_by@{SHOP.upper()}-2025-01-08": 4352,
    f"all/from_by@{SHOP.upper()}-2025-02-05": 12544,
}
WAY_COUNTS = {
    "well/rail_count@ANGOR": 3,
    "well/rail_count@BTC-CHAIN": 3,
    "bread/rail_count@BTC-LN": 1,
    "bread/rail_count@UNNAMED": 2,
    "all/from_count@ANGOR": 3,
    f"all/from_count@{SHOP.upper()}": 6,
}
_CROWDFUND = f"{SHOP}@{part_of_store('crowdfund', 'A1').replace(':', '-')}"
STORES = {
    f"all/settled@{SHOP}": 256 + 1024 + 4096 + 8192,
    f"all/excluded@{SHOP}": 1024,
    f"all/place@{_CROWDFUND}": 256,
    f"all/place@{SHOP}@rest": 4096 + 8192,
    f"all/place@{SHOP}@unassigned": 0,
    f"all/store_paid_out@{SHOP}": 0,
}
STORE_COUNTS = {
    f"all/settled_count@{SHOP}": 7,
    f"all/excluded_count@{SHOP}": 1,
    f"all/place_count@{_CROWDFUND}": 3,
    f"all/place_count@{SHOP}@rest": 3,
    f"all/place_count@{SHOP}@unassigned": 0,
}
STATEMENT = ("opening", "received", "returned", "closing")
_STATEMENTS = {
    "well": {
        "2025-01": (0, 382, 0, 382),
        "2025-02": (382, 0, 2048, -1666),
        "2025-03": (-1666, 0, 16 + 32, -1714),
    },
    "bread": {"2025-01": (0, 4096, 0, 4096), "2025-02": (4096, 8192, 0, 12288)},
    "all": {
        "2025-01": (0, 4478, 0, 4478),
        "2025-02": (4478, 8192, 2048, 10622),
        "2025-03": (10622, 0, 48, 10574),
    },
}
STATEMENTS = {
    f"{slug}/{name}@{month}": sat
    for slug, months in _STATEMENTS.items()
    for month, parts in months.items()
    for name, sat in zip(STATEMENT, parts, strict=True)
}
#: opening, in, out and closing of each account in each month.
_ACCOUNTS = {
    "2025-01": {
        "locked": (0, 126, 0, 126),
        "in_penalty": (0, 0, 0, 0),
        "with_founder": (0, 256 + 4096, 0, 4352),
        "unclassified": (0, 0, 0, 0),
        "all_accounts": (0, 4478, 0, 4478),
    },
    "2025-02": {
        "locked": (126, 0, 0, 126),
        "in_penalty": (0, 0, 0, 0),
        "with_founder": (4352, 8192, 2048, 10496),
        "unclassified": (0, 0, 0, 0),
        "all_accounts": (4478, 8192, 2048, 10622),
    },
    "2025-03": {
        "locked": (126, 0, 2 + 8 + 16 + 32 + 64, 4),
        "in_penalty": (0, 8 + 16, 16, 8),
        "with_founder": (10496, 2, 0, 10498),
        "unclassified": (0, 64, 0, 64),
        "all_accounts": (10622, 24 + 2 + 64, 122 + 16, 10574),
    },
}
ACCOUNTS = {
    f"all/account_{part}@{account}@{month}": sat
    for month, lines in _ACCOUNTS.items()
    for account, line in lines.items()
    for part, sat in zip(("opening", "in", "out", "closing"), line, strict=True)
}
MONTH_COUNTS = {
    f"all/received_count@2025-{month}": count for month, count in (("01", 7), ("02", 2), ("03", 0))
}
PENDING = {"well/pending_in@2025-01": 640}
STAGES = {
    "all/claimable": 0,
    "all/due_soon": 4,
    "all/due_later": 0,
    "well/stage_funded@2025-03-01": 2 + 8 + 32,
    "well/stage_claimed@2025-03-01": 2,
    "well/stage_left@2025-03-01": 8 + 32,
    "well/stage_locked@2025-03-01": 0,
    "well/stage_funded@2025-04-01": 4 + 16 + 64,
    "well/stage_claimed@2025-04-01": 0,
    "well/stage_left@2025-04-01": 16 + 64,
    "well/stage_locked@2025-04-01": 4,
}
#: What left on each day by each flow.
MOVED = {
    "well/moved@refunded@2025-02-09": 2048,
    "well/moved@claimed@2025-03-02": 2,
    "well/moved@penalty@2025-03-03": 8 + 16,
    "well/moved@released@2025-03-20": 16,
    "well/moved@recovered@2025-03-21": 32,
    "well/moved@unclassified@2025-03-22": 64,
}
TEXTS = {
    "well/declared@EUR": "40",
    "bread/declared@EUR": "12.5",
    "bread/declared@USD": "7",
    "all/declared@EUR": "52.5",
    "all/declared@USD": "7",
    **{f"all/days_answered@{source}": 1 for source in ("angor", SHOP)},
    **{f"all/{name}@{source}": 0 for name in ("days_missing", "runs_failed") for source in ("angor", SHOP)},
    "well/goal": None,
    "well/progress": None,
    "all/projects": 2,
    "all/projects_read": 2,
    "well/declared_share": "25.00",
    "bread/declared_share": "50.00",
    "all/declared_share": "40.00",
    **{f"{slug}/proven_share": "0.00" for slug in ("well", "bread", "all")},
    "bread/goal": None,
    "bread/progress": None,
}


#: Of the seven days up to 10 February.
WEEK = {
    "bread/week_in": 8192 * 1000,
    "bread/week_count": 2,
    "all/week_in": 8192 * 1000,
    "all/week_count": 2,
    "all/week_back": 2048 * 1000,
}


def expected() -> dict[str, int | str | None]:
    found: dict[str, int | str | None] = {}
    for factor, table in ((1000, SATS), (1, COUNTS)):
        for name, (well, bread) in table.items():
            found |= {f"well/{name}": well * factor, f"bread/{name}": bread * factor}
            found[f"all/{name}"] = (well + bread) * factor
    found |= {
        name: sat * 1000
        for table in (SERIES, STAGES, WAYS, STORES, STATEMENTS, ACCOUNTS, PENDING, MOVED)
        for name, sat in table.items()
    }
    return found | WAY_COUNTS | MONTH_COUNTS | STORE_COUNTS | TEXTS | WEEK


def test_every_figure_of_the_village(full: "Village") -> None:
    assert full.values() == expected()


def test_units_and_kinds_of_values(full: "Village") -> None:
    units = {figure.id: figure.unit for figure in full.report().all_figures()}
    assert {units[f"{slug}/{name}"] for slug in ("well", "all") for name in SATS} == {"msat"}
    assert {units[f"{slug}/{name}"] for slug in ("well", "all") for name in COUNTS} == {"count"}
    assert {units[name] for name in (*SERIES, *STAGES, *STATEMENTS, *MOVED)} == {"msat"}
    assert (units["well/goal"], units["well/progress"], units["all/declared@USD"]) == (
        "msat",
        "percent",
        "USD",
    )


@pytest.mark.parametrize(("one", "other"), list(combinations(Kind, 2)))
def test_swapping_two_rules_of_the_ledger_is_seen(
    full: "Village", monkeypatch: pytest.MonkeyPatch, one: Kind, other: Kind
) -> None:
    rules = dict(MOVES)
    monkeypatch.setitem(MOVES, one, rules[other])
    monkeypatch.setitem(MOVES, other, rules[one])
    assert full.values() != expected()


def test_the_inputs_of_a_flow_are_the_rows_that_sum_to_it(full: "Village") -> None:
    report = full.report()
    checked = statements = 0
    for figure in report.all_figures():
        if not all(name.startswith("entries:") for name in figure.inputs) or figure.unit != "msat":
            continue
        if not figure.inputs or figure.name in {balance.name for balance in BALANCES}:
            continue
        if figure.name.startswith(("opening@", "account_opening@")):
            continue  # some of its rows are subtracted
        projects = [project for project in report.projects if figure.project in (None, project.slug)]
        rows = [entry for name in figure.inputs for entry in selected_entries(projects, name)]
        assert sum(entry.amount_msat for entry in rows) == figure.value, figure.id
        checked += 1
        statements += figure.id in STATEMENTS
    assert statements == 6 + 2 + 6  # received and returned of each month; bread never returned anything
    moved = 3 * (2 * 4 - 1)  # in and out of each account in each month; nothing ever leaves the unclassified
    others = len(SERIES) + len(MOVED) + len(WAYS) + (len(STORES) - 1) + len(PENDING)
    assert checked - statements == 2 * len(FLOWS) + others + moved + 6 + 2 * 3


def test_every_input_that_is_a_figure_exists(full: "Village") -> None:
    report = full.report()
    known = {figure.id for figure in report.all_figures()}
    words = ("entries:", "declarations", "config:", "record:")
    named = {name for figure in report.all_figures() for name in figure.inputs if not name.startswith(words)}
    every = {name.removeprefix("*/") for name in named if name.startswith("*/")}
    assert {"raised", "locked", "contributions"} <= every
    named |= {f"{project.slug}/{name}" for project in report.projects for name in every}
    assert {name for name in named if not name.startswith("*/")} <= known
    assert "well/stage_left@2025-03-01" in named


@pytest.mark.parametrize(
    ("grades", "shown"),
    [
        (("proven", "proven"), "proven"),
        (("proven", "reported"), "reported"),
        (("reported", "reported"), "reported"),
        (("proven", "failed"), "proven"),  # the failed one is not in the sum
        (("failed", "failed"), None),
    ],
)
def test_a_sum_is_as_proven_as_its_weakest_row(
    village: "Village", grades: tuple[str, str], shown: str | None
) -> None:
    village.says("bread", SHOP)
    for number, word in enumerate(grades):
        village.entry("bread", "payment", 2**number, "2025-01-07", verification=Verification(word))
    village.run("2025-01-08", shop="ok")
    village.says("well", "angor")
    village.says("well", SHOP)
    raised = village.report().projects[1].figures["raised"]
    assert raised.verification == village.report().figures["raised"].verification == shown
    assert village.report().figures["net"].verification == shown
    assert raised.value == sum(1000 * 2**number for number, word in enumerate(grades) if word != "failed")


def test_a_contradicted_entry_is_listed_as_excluded(village: "Village") -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 5, "2025-01-07", verification=Verification.FAILED)
    village.run("2025-01-08", shop="ok")
    project = village.report().projects[1]
    assert [(entry.status, entry.reason) for entry in project.entries] == [
        ("excluded", "a check contradicts it")
    ]
    assert project.figures["raised"].value == 0
    assert [note.id for note in project.notes] == ["excluded/bread/a-check-contradicts-it"]


@settings(max_examples=60, deadline=None)
@given(money=MONEY, seed=st.integers(0, 99))
def test_for_any_entries(fresh: "Callable[[], Village]", money: list[tuple[object, ...]], seed: int) -> None:
    village = fresh()
    for slug, source in (("well", "angor"), ("well", SHOP), ("bread", SHOP)):
        village.says(slug, source)
    village.run("2025-02-10")
    report = report_of(village, money, seed)
    assert figure_files(report) == figure_files(report_of(village, money))
    values = {figure.id: figure.value for figure in report.all_figures()}
    for name in (*SATS, *COUNTS):
        assert values[f"all/{name}"] == as_int(values[f"well/{name}"]) + as_int(values[f"bread/{name}"])
    for project in report.projects:
        table = sums_of_csv(ledger_csv(ledger(project)[0]))
        own = {
            name: as_int(figure.value)
            for name, figure in project.figures.items()
            if figure.unit == "msat" and name != "goal"
        }
        assert own["raised"] == table["payment", "confirmed"] + table["investment", "confirmed"]
        assert own["pending"] == table["payment", "pending"] + table["investment", "pending"]
        came = ("payment", "investment")
        assert own["proven"] == sum(table[kind, "confirmed", "proven"] for kind in came)
        assert own["raised"] == own["proven"] + own["reported_chain"] + own["reported_server"]
        for name, kind in KIND_OF.items():
            assert own[name] == table[kind, "confirmed"], name
        spent = own["claimed"] + own["penalty"] + own["recovered"] + own["unclassified"]
        assert own["locked"] == table["investment", "confirmed"] - spent
        assert own["in_penalty"] == own["penalty"] - own["released"]
        assert sum(own[name] for name in own if name.startswith("inflow@")) == own["raised"]
        last = [own[name] for name in sorted(own) if name.startswith("raised@")][-1:]
        assert last == ([own["raised"]] if own["raised"] else [])


KIND_OF = {
    "refunded": "refund",
    "paid_out": "payout",
    "claimed": "claim",
    "penalty": "penalty",
    "released": "release",
    "recovered": "recovery",
    "unclassified": "unclassified",
    "fee": "fee",
}


def sums_of_csv(data: bytes) -> defaultdict[tuple[str, ...], int]:
    return sums_of_rows(csv.DictReader(io.StringIO(data.decode(), newline="")))


def sums_of_rows(rows: Iterable[Mapping[str, str]]) -> defaultdict[tuple[str, ...], int]:
    table: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        table[row["kind"], row["status"]] += int(row["amount_msat"])
        table[row["kind"], row["status"], row["verification"]] += int(row["amount_msat"])
    return table


def test_the_csv_of_all_projects_sums_to_the_portfolio(full: "Village") -> None:
    report = full.report()
    files = data_of(report)
    entries = list(ledger_rows(files))
    table = sums_of_rows(entries)
    assert len(entries) == 20
    assert table["payment", "confirmed"] + table["investment", "confirmed"] == report.figures["raised"].value
    for name, kind in KIND_OF.items():
        assert table[kind, "confirmed"] == report.figures[name].value, name
    declared = sum(int(row["count"]) for row in ledger_rows(files, "declarations"))
    assert declared == report.figures["declarations"].value


def test_what_belongs_to_nobody_changes_no_figure_but_of_its_store(full: "Village") -> None:
    before = {figure.id: figure for figure in full.report().all_figures()}
    full.entry("unlisted", "payment", 999, "2025-01-07")
    full.says("unlisted", SHOP)
    full.declares("unlisted", "5", "CHF", "2025-01-07")
    full.records += [
        TransactionRecord(id="ff", source="angor", hex="00"),
        Finding(id="c/x", source="angor", place="well", check="c", subject="x", result=Result.FAILED),
    ]
    after = {figure.id: figure for figure in full.report().all_figures()}
    part = part_of_store("crowdfund", "unlisted").replace(":", "-")
    assert {name for name in after.keys() | before if after.get(name) != before.get(name)} == {
        *(f"all/{name}@{SHOP}" for name in ("settled", "settled_count")),
        *(f"all/{name}@{SHOP}@{part}" for name in ("place", "place_count")),
    }
    full.entry("well", "payment", 1, "2025-01-07")
    assert full.report().figure("well/raised") != before["well/raised"]


def test_a_declaration_without_an_amount_counts_and_bounds_its_sum(village: "Village") -> None:
    village.says("bread", SHOP)
    village.declares("bread", "12.50", "EUR", "2025-01-06", count=3, amounts_unknown=1)
    village.declares("bread", "0", "SATS", "2025-01-06", count=2, amounts_unknown=2)
    village.run("2025-02-10T12:00")
    report = village.report()
    [bread] = [project for project in report.projects if project.slug == "bread"]
    figures = bread.figures
    some, none = figures["declared@EUR"], figures["declared@SATS"]
    assert figures["declarations"].value == 5
    assert (some.value, some.bound) == ("12.5", Bound.AT_LEAST)
    assert (none.value, none.bound) == (None, Bound.UNKNOWN)  # nothing is known, and that is not zero
    rows = list(csv.DictReader(io.StringIO(declarations_csv(ledger(bread)[1]).decode())))
    assert {(row["amount"], row["amounts_unknown"]) for row in rows} == {("12.50", "1"), ("", "2")}


def test_a_declaration_in_nobody_knows_what_may_be_of_any_currency(village: "Village") -> None:
    village.says("bread", SHOP)
    village.declares("bread", "12.50", "EUR", "2025-01-06")
    village.declares("bread", "0", "XXX", "2025-01-06", amounts_unknown=1)
    village.run("2025-02-10T12:00")
    report = village.report()
    found = {figure.id: (figure.value, figure.bound) for figure in report.all_figures()}
    for of in ("bread", "all"):
        assert found[f"{of}/declared@EUR"] == ("12.5", Bound.AT_LEAST)
        assert found[f"{of}/declared@XXX"] == (None, Bound.UNKNOWN)
    assert found["bread/declarations"] == (2, Bound.EXACT)


def test_figures_json_is_canonical_and_says_what_the_report_says(full: "Village") -> None:
    report = full.report()
    files = figure_files(report)
    documents = {path: decode_figures(data) for path, data in files.items()}
    known = by_figure(documents["figures.json"].definitions)
    figures = [figure for document in documents.values() for figure in document.every(known)]
    whole = [*report.all_figures(), *report.today.values()]
    assert sorted(figures, key=lambda figure: figure.id) == sorted(whole, key=lambda figure: figure.id)
    assert {figure.id for figure in figures} == expected().keys()
    for path, document in documents.items():
        assert (document.schema, document.network) == (4, "regtest")
        assert document.figures == sorted(document.figures, key=lambda figure: figure.id)
        assert document.series == sorted(document.series, key=lambda series: series.id)
        projects = {figure.project for figure in document.every(known)}
        if path == "today.json":  # it says of each project what came in the week
            assert projects == {None, "bread"}
        else:
            [project] = projects
            assert document.project == project
            assert path == (f"p/{project}/figures.json" if project else "figures.json")
        assert files[path].startswith(b'{"definitions":[\n')
        lists = (document.definitions, document.figures, document.projects, document.series)
        assert files[path].count(b"\n") == sum(max(1, len(rows)) for rows in lists) + 5


def test_rows_of_projects_repeat_no_inputs_of_their_definitions(full: "Village") -> None:
    """A definition that says what nothing is made of would say something wrong, and save nothing."""
    files = figure_files(full.report())
    defined = {each.name: each for each in decode_figures(files["figures.json"]).definitions}
    assert defined.keys() >= USUAL.keys()
    assert {name: each.inputs for name, each in defined.items() if each.inputs} == {
        name: list(inputs) for name, inputs in USUAL.items()
    }
    rows = [row for path in files if path.startswith("p/") for row in decode_figures(files[path]).figures]
    named = [(re.sub("@[A-Z]{3}$", "@currency", row.id.partition("/")[2]), row) for row in rows]
    silent = {name for name, row in named if name in USUAL and row.inputs is None}
    assert silent == {name for name, _ in named} & USUAL.keys() - {"towards_goal"}  # of money at receipt
    assert len(silent) > 20


def test_the_list_names_each_projects_figures_with_their_hash(full: "Village") -> None:
    files = figure_files(full.report())
    parts = decode_figures(files["figures.json"]).projects
    assert [part.path for part in parts] == ["p/bread/figures.json", "p/well/figures.json"]
    for part in parts:
        data = files[part.path]
        assert (part.bytes, part.sha256) == (len(data), sha256(data).hexdigest())
        document = decode_figures(data)
        found = list(document.every(by_figure(definitions())))
        assert (part.rows, part.month, document.projects) == (len(found), "", [])
        assert {figure.project for figure in found} == {part.project}
