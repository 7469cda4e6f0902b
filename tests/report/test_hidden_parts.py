"""Random worlds of which a part is hidden, added or unread: the bounds of what is published hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.ledger import AtReceipt, Status
from generator.report import Figure, Report
from generator.report.catalogue import FAMILIES, SINGLE
from generator.report.figures.bounds import Bound
from generator.snapshot import Goal, Rate
from generator.snapshot.records import SETTINGS
from tests.support.village import SHOP, WELL, moment

if TYPE_CHECKING:
    from tests.support.village import Village

PROJECTS: Final = ("well", "bread", "oven")
WORDS: Final = {"payment": "payments", "refund": "refunds"}
#: What a source can say of its payments, or its refunds.
SERVER_STATES: Final = ("read", "read", "at_least", "at_most", "unread", "both")
#: These say how well the report itself was made, of the rates and rows that it has: they are about no world.
OWN_BOOKS: Final = (
    "rows_without_rate",
    *("projects_read", "projects_announced"),
)
#: What no part is hidden of here: BTCPay's own number, coins that went out, a network's list, runs, and a
#: project that is not read beside others that are.
ELSEWHERE: Final = {
    *("btcpay_contributors", "btcpay_counted", "btcpay_difference"),
    *("btcpay_invoices", "btcpay_pending", "btcpay_raised"),
    *("other_coin_paid_out", "other_coin_payouts", "other_coin_refunded", "other_coin_refunds"),
    *("locked_of", "projects_new", "projects_of", "raised_of", "raised_at_most", "projects_announced"),
    *("at_receipt_since", "raised_since", "value", "known_sum"),
}
UNASSIGNED: Final = f"btcpay:{SHOP.removeprefix('btcpay-')}/unassigned"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement in the world; `seen` is whether its source told it, where it was free not to."""

    project: str
    kind: str
    sat: int
    day: int
    seen: bool
    status: str = "confirmed"
    rated: bool = False
    fate: str = ""  #: of an investment: the spend of it
    fate_seen: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """All that happened, and how much of it each source told."""

    movements: tuple[Movement, ...]
    states: dict[tuple[str, str], str]  #: of payments and refunds by project
    chain: str  #: read, incomplete or missing
    missing: frozenset[str]  #: projects of whose BTCPay place there is no record
    unread_settings: frozenset[str]
    rates: frozenset[int]  #: days whose rate was recorded


MOVEMENTS = st.builds(
    Movement,
    project=st.sampled_from(PROJECTS),
    kind=st.sampled_from(
        ("payment", "payment", "refund", "investment", "payout", "declaration", "other coin")
    ),
    sat=st.integers(1, 99),
    day=st.integers(1, 28),
    seen=st.booleans(),
    status=st.sampled_from(("confirmed", "confirmed", "pending")),
    rated=st.booleans(),
    fate=st.sampled_from(("", "claim", "penalty", "recovery", "unclassified")),
    fate_seen=st.booleans(),
)
SOME = st.frozensets(st.sampled_from(PROJECTS), max_size=1)
WORLDS = st.builds(
    World,
    movements=st.lists(MOVEMENTS, max_size=12).map(tuple),
    states=st.fixed_dictionaries(
        {(slug, kind): st.sampled_from(SERVER_STATES) for slug in PROJECTS for kind in WORDS}
    ),
    chain=st.sampled_from(("read", "read", "incomplete", "missing")),
    missing=SOME,
    unread_settings=SOME,
    rates=st.frozensets(st.integers(1, 28)),
)


def _home(movement: Movement) -> str:
    """Return the project that a movement is of: one has the chain's, one what a store pays out."""
    return {"investment": "well", "payout": "bread"}.get(movement.kind, movement.project)


def told(world: World, movement: Movement) -> tuple[bool, bool]:  # noqa: PLR0911 -- one for each state
    """Return whether a movement happened, and whether it was told."""
    if movement.kind == "investment":
        return True, world.chain == "read" or (world.chain == "incomplete" and movement.seen)
    if _home(movement) in world.missing:
        return True, False
    if movement.kind == "payout":  # one list of the store, of which its rest's record speaks
        return True, world.states["bread", "refund"] != "unread"
    match world.states[movement.project, movement.kind if movement.kind in WORDS else "payment"]:
        case "read":
            return True, True
        case "at_most":  # what a source counts too much did not happen
            return movement.seen, True
        case "both":
            return movement.seen, movement.sat % 2 == 0
        case _:
            return True, movement.seen


def reported(village: "Village", world: World, *, whole: bool) -> Report:
    """Return the report of all that happened, or of what was told with what the sources say of it."""
    binding = {"source": "shop"}
    village.settings = {
        "units": {"fiat": "EUR"},
        "projects": [
            {"slug": "well", "angor": WELL, "btcpay": binding | {"app": "A1"}},
            {"slug": "bread", "btcpay": binding | {"store": "S1"}},
            {
                "slug": "oven",
                "btcpay": binding | {"pos": "P1"},
                "goal": {"fiat": "5 EUR", "period": {"every": 7, "unit": "day", "start": "2025-01-01"}},
            },
        ],
    }
    for slug in PROJECTS:
        if whole or slug not in world.missing:
            village.says(slug, SHOP, **({"goal": goal_of(slug)} if whole else record_of(world, slug)))
    if whole or world.chain != "missing":
        complete = whole or world.chain == "read"
        days = {"starts_at": moment("2024-12-01"), "ends_at": moment("2025-03-01")}
        village.says("well", "angor", kind="invest", goal=Goal(amount_msat=90_000), complete=complete, **days)
    for number, movement in enumerate(world.movements):
        add(village, number, movement, world, whole=whole)
    days = [f"2025-01-{day:02d}" for day in (range(1, 29) if whole else sorted(world.rates))]
    if days and days[-1] == "2025-01-28":  # then the end of the month before has a rate too
        days.append("2024-12-31")
    village.records += [
        Rate(id=f"EUR/{day}", source="rates", currency="EUR", day=day, price=PRICE) for day in days
    ]
    village.run("2025-01-28T12:00")
    return village.report()


PRICE: Final = Decimal(2_000_000)  # two cents a satoshi


def goal_of(slug: str) -> Goal | None:
    return {"well": Goal(amount_msat=7_000), "bread": Goal(value=Decimal(3), currency="EUR")}.get(slug)


def record_of(world: World, slug: str) -> dict[str, object]:
    """Return what a place's record says that it lacks."""
    states = {word: world.states[slug, kind] for kind, word in WORDS.items()}
    unread = [word for word, state in states.items() if state == "unread"]
    hidden = slug in world.unread_settings
    return {
        "unread": (*unread, *((SETTINGS,) if hidden else ())),
        "at_least": tuple(word for word, state in states.items() if state in ("at_least", "both")),
        "at_most": tuple(word for word, state in states.items() if state in ("at_most", "both")),
        "goal": None if hidden else goal_of(slug),
    }


def add(village: "Village", number: int, movement: Movement, world: World, *, whole: bool) -> None:
    """Write a movement down, if it belongs there, and what became of an investment."""
    slug = _home(movement)
    if not told(world, movement)[0 if whole else 1]:
        bounded = slug in world.missing or world.states[slug, "payment"] in ("at_least", "at_most", "both")
        if movement.kind == "payment" and bounded:
            slug = UNASSIGNED  # a store is read whole: what is not counted here stands elsewhere in it
        else:
            return
    at = f"2025-01-{movement.day:02d}"
    fields: dict[str, object] = {"id": f"{movement.kind}{number}:0", "status": movement.status}
    if movement.kind == "declaration":
        village.declares(slug, str(movement.sat), "EUR", at, id=f"{slug}/{number}")
        return
    if movement.kind == "other coin":
        state = {"status": Status(movement.status), "count": 1}
        village.other(slug, str(movement.sat), "LTC", "LTC-CHAIN", id=f"{slug}/{number}", **state)
        return
    if movement.kind == "payout":
        fields |= {"source": SHOP}
    if movement.kind == "payment" and movement.rated:
        half = max(1, movement.sat // 2)
        worth = AtReceipt(currency="EUR", amount_msat=half * 1000, value=Decimal(half) / 50)
        fields |= {"at_receipt": (worth,), "rail": "BTC-LN"}
    if movement.kind == "investment":
        fields |= {"opens_at": moment("2025-02-01"), "party": f"02{number % 3}"}
    village.entry(slug, movement.kind, movement.sat, at, **fields)
    spent = movement.kind == "investment" and movement.fate and movement.status == "confirmed"
    if spent and (whole or world.chain == "read" or movement.fate_seen):
        village.entry(slug, movement.fate, movement.sat, at, id=f"s{number}/0", spends=str(fields["id"]))


def lies(published: Report, true: Report) -> Iterator[str]:
    """Yield each figure whose bound does not hold for the true one."""
    for figure in published.all_figures():
        truth = true.figure(figure.id)
        own = figure.name.partition("@")[0] in OWN_BOOKS or "unassigned" in figure.name
        if own or truth is None:
            continue
        if not _holds(figure, truth):
            yield f"{figure.id}: {figure.bound} {figure.value}, is {truth.bound} {truth.value}"


def _holds(figure: Figure, truth: Figure) -> bool:
    if figure.bound is Bound.UNKNOWN:
        return figure.value is None
    if figure.value is None or truth.value is None:
        return figure.value == truth.value
    said, is_so = Fraction(figure.value), Fraction(truth.value)
    return said == is_so or figure.bound is (Bound.AT_LEAST if is_so > said else Bound.AT_MOST)


@pytest.mark.slow
@given(world=WORLDS)
@settings(deadline=None)
def test_a_published_bound_holds_whatever_was_hidden(fresh: Callable[[], "Village"], world: World) -> None:
    true = reported(fresh(), world, whole=True)
    published = reported(fresh(), world, whole=False)
    assert {figure.bound for figure in true.all_figures()} == {Bound.EXACT}
    assert list(lies(published, true)) == []


def test_worlds_have_every_figure_of_money_that_a_hidden_part_can_bend(
    fresh: Callable[[], "Village"],
) -> None:
    kinds = ("payment", "refund", "payout", "declaration", "other coin", "investment")
    some = [Movement(project, kind, 9, 5, seen=True, rated=True) for project in PROJECTS for kind in kinds]
    waiting = Movement("bread", "other coin", 9, 5, seen=True, status="pending")
    seen = Movement("bread", "payment", 9, 5, seen=True, status="pending")
    many = [Movement("well", "investment", 9, 5, seen=True)] * 5  # so that their sizes are told
    much = Movement("bread", "payment", 999, 5, seen=True, rated=True)  # more than its goal
    every_read = {(slug, kind): "read" for slug in PROJECTS for kind in ("payment", "refund")}
    world = World(
        (*some, *many, waiting, seen, much), every_read, "read", frozenset(), frozenset(), frozenset()
    )
    found = {figure.name.partition("@")[0] for figure in reported(fresh(), world, whole=True).all_figures()}
    every = {definition.name for definition in (*SINGLE, *FAMILIES)}
    print(f"{len(found)} names of figures in random worlds; not in them: {sorted(every - found)}")
    assert every - found == ELSEWHERE


@pytest.mark.slow
@given(world=WORLDS)
@settings(deadline=None)
def test_nothing_hidden_is_exact_and_true(fresh: Callable[[], "Village"], world: World) -> None:
    """So the bounds of the test before are not the cheap ones: what every source told is never bounded."""
    every = dict.fromkeys(world.states, "read")
    all_days = frozenset(range(1, 29))
    open_world = World(world.movements, every, "read", frozenset(), frozenset(), all_days)
    published = reported(fresh(), open_world, whole=False)
    assert {figure.bound for figure in published.all_figures()} == {Bound.EXACT}
