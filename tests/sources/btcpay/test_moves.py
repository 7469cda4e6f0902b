"""Entries get other stores, servers move and close, bindings and privacy change: no money goes silently.

Settled = places + excluded is asked of each report in `tests.support.store_sums`.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import report, store
from generator.errors import LogError
from generator.ledger import Entry
from generator.places import store_source
from generator.report.figures.bounds import Bound
from generator.report.place_owners import PlaceOwners
from generator.report.unlisted_stores import without_let_go
from generator.snapshot import Known, Withdrawn
from generator.sources.btcpay.reading_plan import REBOUND, VANISHED
from generator.sources.unlisted_store import UNLISTED
from tests.support.proving import in_full
from tests.support.small_store import (
    BILL,
    FUND,
    HOME,
    OTHER_FUND,
    SECOND,
    STORE,
    TILL,
    TILL_TERM,
    Json,
    SmallStore,
    look,
    take,
)

WHY = "the shop was sold"
APPS = (FUND, OTHER_FUND)


def gone_from(place: str) -> str:
    return f"{store_source(place)}/empty/rows-of-money"


@pytest.fixture
def shop() -> SmallStore:
    """Return a server with a crowdfund in its first store, and sales in its second."""
    made = SmallStore(invoices={STORE: [], SECOND: []})
    made.fund()
    made.gift("0.01")
    made.paid("0.02")
    made.paid("0.04", place=SECOND)
    return made


def test_an_entry_that_gets_another_store_loses_no_money_silently(shop: SmallStore, tmp_path: Path) -> None:
    first = {"a": {"source": "pay", "store": STORE}}
    other = {"a": {"source": "pay", "store": SECOND}}
    assert look(tmp_path, {"pay": shop}, first, pay={"stores": [STORE]}).figures["a/raised"][0] == 3_000_000
    config, found = take(tmp_path, {"pay": shop}, other, days=1, pay={"stores": [SECOND]})
    [refused] = found.refused
    assert [refusal.id for refusal in refused.refusals] == [gone_from(STORE)]
    with pytest.raises(LogError, match=rf"1 row\(s\) of money of {store_source(STORE)}, .* closed: true"):
        report.build(store.load(tmp_path), config, demo=False)
    reason = {gone_from(STORE): WHY}
    seen = look(tmp_path, {"pay": shop}, other, days=2, accept=reason, pay={"stores": [SECOND]})
    assert seen.figures["a/raised"] == (4_000_000, "exact")
    assert f"accepted by the maintainer: {WHY}" in seen.said
    begin = store.load(tmp_path, store.snapshots(tmp_path)[0].run.snapshot)
    then = without_let_go(begin, store.load(tmp_path), PlaceOwners.of(config))
    assert report.build(then, config, demo=False).projects[0].figures["raised"].value is None
    with pytest.raises(LogError, match="lists no more"):
        report.build(without_let_go(begin, begin, PlaceOwners.of(config)), config, demo=False)
    lines = (tmp_path / store_source(STORE)).glob("*.jsonl")
    assert UNLISTED in "".join(path.read_text() for path in lines)
    back = look(
        tmp_path, {"pay": shop}, first, days=3, accept={gone_from(SECOND): WHY}, pay={"stores": [STORE]}
    )
    assert back.figures["a/raised"] == (3_000_000, "exact")


def test_a_closed_entry_keeps_the_money_of_a_store_that_moved_on(shop: SmallStore, tmp_path: Path) -> None:
    look(tmp_path, {"pay": shop}, {"a": {"source": "pay", "store": STORE}}, pay={"stores": [STORE]})
    both = {"a": [{"source": "pay", "store": SECOND}, {"source": "old", "store": STORE}]}
    closed = {"stores": [STORE], "closed": True}
    seen = look(tmp_path, {"pay": shop}, both, days=1, pay={"stores": [SECOND]}, old=closed)
    assert seen.figures["a/raised"] == (7_000_000, "exact")


def test_a_place_that_is_bound_under_another_server_is_unknown_until_that_is_mended(tmp_path: Path) -> None:
    kiosk, stall = SmallStore(), SmallStore(invoices={SECOND: []})
    kiosk.fund()
    kiosk.gift("0.01")
    kiosk.paid("0.04", page=f"{HOME}/apps/{TILL}/pos", terms=(TILL_TERM,))
    kiosk.paid("0.05", metadata={"paymentRequestId": BILL})
    stall.paid("0.07", place=SECOND)
    places = {"app": FUND, "pos": TILL, "payment_request": BILL}
    for day, name in enumerate(("kiosk", "stall", "stall", "kiosk")):
        bound: dict[str, object] = {
            kind.replace("_", "-"): {"source": name, kind: place} for kind, place in places.items()
        }
        seen = look(tmp_path, {"kiosk": kiosk, "stall": stall}, bound, days=day)
        raised = [seen.figures[f"{slug}/raised"] for slug in bound]
        there = [(sat, "exact") for sat in (1_000_000, 4_000_000, 5_000_000)]
        assert raised == (there if name == "kiosk" else [(None, "unknown")] * 3)
        assert ("are source and id right in config.yaml?" in seen.said) == (name == "stall")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody does before a run, and the configuration that the run reads."""

    gifts: tuple[tuple[str, str, int], ...]  #: store, app or nothing, satoshis
    reissued: str  #: a store whose invoices were made again, under other ids
    lost: str  #: a store of which the server lost its last invoice
    label: str  #: of the entry of the first store
    listed: tuple[str, ...]
    closed: bool  #: the second store's entry
    bound: tuple[str, ...]  #: to one project each: an app, or a store for its rest
    joined: bool  #: one project has them all
    privacy: Json
    full: bool


STORES = (STORE, SECOND)
STEPS = st.builds(
    Step,
    gifts=st.lists(
        st.tuples(st.sampled_from(STORES), st.sampled_from(("", *APPS)), st.integers(1, 10**6)), max_size=3
    ).map(tuple),
    reissued=st.sampled_from(("", "", *STORES)),
    lost=st.sampled_from(("", "", "", *STORES)),
    label=st.sampled_from(("pay", "till")),
    listed=st.sampled_from(((STORE,), (SECOND,), STORES, STORES)),
    closed=st.sampled_from((False, False, True)),
    bound=st.lists(st.sampled_from((*APPS, *STORES)), min_size=1, max_size=4, unique=True).map(tuple),
    joined=st.booleans(),
    privacy=st.fixed_dictionaries(
        {
            "rows": st.sampled_from(("day", "payment")),
            "min_group": st.integers(1, 3),
            "round_to_sats": st.sampled_from((0, 0, 100)),
            "publish_delay_hours": st.sampled_from((0, 48)),
        }
    ),
    full=st.booleans(),
)


@dataclass(kw_only=True)
class Life:
    """A server's two stores, and what was last read of each: satoshis by app, or by store for its rest."""

    log: Path
    server: SmallStore = field(default_factory=lambda: SmallStore(invoices={STORE: [], SECOND: []}))
    held: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: {STORE: [], SECOND: []})
    read: dict[str, Counter[str]] = field(default_factory=dict)
    day: int = 0

    def act(self, step: Step) -> None:
        for place, app, sat in step.gifts:
            self.give(place, app if place == STORE else "", sat)
        if step.lost and self.held[step.lost]:
            self.held[step.lost].pop()
            self.server.invoices[step.lost].pop()
        if again := step.reissued:
            gifts, self.held[again] = self.held[again], []
            self.server.invoices[again] = []
            for app, sat in gifts:
                self.give(again, app, sat)

    def give(self, place: str, app: str, sat: int) -> None:
        self.held[place].append((app, sat))
        value = f"0.{sat:08}"
        if app:
            self.server.gift(value, app=app, place=place)
        else:
            self.server.paid(value, place=place)

    def run(self, step: Step) -> None:
        """Read as a step configures, tell the gate why where it asks, and compare with the truth."""
        before = store.load(self.log)
        labels = {STORE: step.label, SECOND: "till" if step.label == "pay" else "pay"}
        entries: dict[str, Json] = {labels[place]: {"stores": [place]} for place in step.listed}
        if step.closed and SECOND in self.read and SECOND in step.listed:
            entries[labels[SECOND]]["closed"] = True
        projects = self.projects(step, labels)
        judged: dict[str, str] = {}
        for _ in range(3):
            self.day += 1
            config, found = take(
                self.log,
                dict.fromkeys(entries, self.server),
                projects,
                days=self.day / 24,
                full=step.full,
                accept=dict.fromkeys(judged, WHY),
                privacy=step.privacy,
                **entries,
            )
            judged |= {each.id: each.place for refused in found.refused for each in refused.refusals}
            if not found.refused:
                break
        assert not found.refused
        known = store.load(self.log)
        self.remember(step, entries, labels)
        built = report.build(known, config, demo=False)
        assert self.told(built) == self.true(projects)
        self.judged_what_fell(before, known, judged, step)

    def projects(self, step: Step, labels: dict[str, str]) -> dict[str, list[Json]]:
        """Return the bindings by slug."""
        bindings = {
            name: {"source": labels[STORE], "app": name}
            if name in APPS
            else {"source": labels[name], "store": name}
            for name in step.bound
            if home_of(name) in step.listed
        }
        if step.joined:
            return {"joined": [*bindings.values()]} if bindings else {}
        return {f"of-{name.lower()}": [binding] for name, binding in bindings.items()}

    def remember(self, step: Step, entries: dict[str, Json], labels: dict[str, str]) -> None:
        """Note what was read of each open store, by app where that is bound."""
        for place in step.listed:
            if "closed" not in entries[labels[place]]:
                sums = self.read[place] = Counter[str]({place: 0})
                for app, sat in self.held[place]:
                    sums[app if app in step.bound else place] += sat
        for place in set(self.read) - set(step.listed):
            del self.read[place]

    def true(self, projects: dict[str, list[Json]]) -> dict[str, int]:
        """Return what a report must say in satoshis: settled by source, and raised by slug."""
        found = {store_source(place): sums.total() for place, sums in self.read.items()}
        for slug, bindings in projects.items():
            names = [str(binding.get("app") or binding.get("store")) for binding in bindings]
            found[slug] = sum(self.read[home_of(name)][name] for name in names)
        return found

    @staticmethod
    def told(built: report.Report) -> dict[str, int]:
        figures = {account.state.name: account.settled for account in built.stores}
        figures |= {project.slug: project.figures["raised"] for project in built.projects}
        assert {figure.bound for figure in figures.values()} <= {Bound.EXACT}
        return {name: int(figure.value or 0) // 1000 for name, figure in figures.items()}

    def judged_what_fell(self, before: Known, known: Known, judged: dict[str, str], step: Step) -> None:
        """See that a store's money fell only where the gate asked why, and rows went with their reason."""
        sums = [Counter[str](), Counter[str]()]
        for total, state in zip(sums, (before, known), strict=True):
            for entry in state.of(Entry):
                total[entry.source] += entry.amount_msat
        fell = {source for source, amount in sums[0].items() if sums[1][source] < amount}
        assert fell <= {name.partition("/")[0] for name in judged}
        gone = [chain[-1].record for key, chain in known.history.items() if key in before.records]
        listed = {store_source(place) for place in step.listed}
        for record in gone:
            if isinstance(record, Withdrawn) and record.withdraws[0] == "entry":
                allowed = (VANISHED, REBOUND) if record.source in listed else (UNLISTED,)
                assert record.reason in allowed
        print(
            f"{len(before.of(Entry))} rows, then {len(known.of(Entry))}; the gate asked about {list(judged)}"
        )


def home_of(name: str) -> str:
    """Return the store of an app, or of its own rest."""
    return STORE if name in APPS else name


@given(st.lists(STEPS, min_size=2, max_size=4))
@settings(max_examples=in_full(6, 300))
def test_whatever_moves_money_has_its_place_or_the_reason_why_it_went(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(log=Path(folder))
        for app in APPS:
            life.server.fund(app)
        for step in steps:
            life.act(step)
            life.run(step)
