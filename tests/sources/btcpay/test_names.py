"""Each name, spelling and order of the configuration in turn: no figure gets another value by it."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator import store
from generator.places import store_source
from generator.snapshot import Binding, Known
from tests.support.small_store import (
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
)

THIRD = "StoreCCCCCCCCCCCCCCCCCCCC"


@dataclass
class Setup:
    """Servers with their settings, and projects with their bindings, as they stand in config.yaml."""

    shops: dict[str, SmallStore]
    settings: dict[str, Json] = field(
        default_factory=lambda: {"pay": {"stores": [STORE, SECOND]}, "shop": {"stores": [THIRD]}}
    )
    projects: dict[str, object] = field(
        default_factory=lambda: {
            "roof": [
                {"source": "pay", "app": FUND},
                {"source": "pay", "pos": TILL},
                {"source": "shop", "store": THIRD},
            ],
            "oven": {"source": "pay", "app": OTHER_FUND},
            "bread": {"source": "pay", "store": SECOND},
        }
    )

    def rename(self, **servers: str) -> None:
        """Give servers another id, wherever it stands; what they answer at keeps its path."""
        for old, new in servers.items():
            self.settings[new] = {"url": f"{HOME}/{old}"} | self.settings.pop(old)
        for bindings in self.projects.values():
            for binding in bindings if isinstance(bindings, list) else [bindings]:
                binding["source"] = servers.get(binding["source"], binding["source"])

    def spell(self, url: str) -> None:
        self.settings["pay"]["url"] = url


def other_slugs(setup: Setup) -> None:
    setup.projects = {f"new-{slug}": bindings for slug, bindings in setup.projects.items()}


def other_titles(setup: Setup) -> None:
    """Let the server call its apps otherwise: labels, not names."""
    for fund in setup.shops["pay"].funds.values():
        fund["title"] = f"The other {fund['title']}"


def turned(setup: Setup, name: str) -> None:
    """Turn a list round: of servers, of projects, of a server's stores, of a project's bindings."""
    match name:
        case "servers":
            setup.settings = dict(reversed(setup.settings.items()))
        case "projects":
            setup.projects = dict(reversed(setup.projects.items()))
        case "stores":
            setup.settings["pay"]["stores"].reverse()
        case _:
            setup.projects["roof"] = [*reversed(setup.projects["roof"])]  # type: ignore[call-overload]


RENAMINGS: dict[str, Callable[[Setup], object]] = {
    "server ids": lambda setup: setup.rename(pay="till", shop="stall"),
    "server ids exchanged": lambda setup: setup.rename(pay="kiosk", shop="pay") or setup.rename(kiosk="shop"),
    "slugs": other_slugs,
    "titles of apps": other_titles,
    "order of servers": lambda setup: turned(setup, "servers"),
    "order of projects": lambda setup: turned(setup, "projects"),
    "order of stores": lambda setup: turned(setup, "stores"),
    "order of bindings": lambda setup: turned(setup, "bindings"),
    "one binding in a list": lambda setup: setup.projects.update(oven=[setup.projects["oven"]]),
    "slash at the end": lambda setup: setup.spell(f"{HOME}/pay/"),
    "capitals": lambda setup: setup.spell("https://Pay.Example.ORG/pay"),
    "default port": lambda setup: setup.spell("https://pay.example.org:443/pay"),
    "another address": lambda setup: setup.spell("https://money.example.net/pay"),
    "name of the key": lambda setup: setup.settings["pay"].update(token_env="OTHER_TOK"),
}


@pytest.fixture(scope="module")
def setup() -> Setup:
    """Return two servers of three stores that people paid in every kind of place."""
    pay, shop = SmallStore(invoices={STORE: [], SECOND: []}), SmallStore(invoices={THIRD: []}, made=50)
    pay.fund()
    pay.fund(OTHER_FUND, targetAmount=500)
    pay.gift("0.01", "0.0002")
    pay.gift("0.02", app=OTHER_FUND)
    pay.gift("0.003", app=OTHER_FUND, additionalStatus="Marked", status="Invalid")
    pay.paid("0.004", page=f"{HOME}/apps/{TILL}/pos", terms=(TILL_TERM,))
    pay.paid("0.05")
    pay.paid("0.06", place=SECOND)
    shop.paid("0.007", place=THIRD)
    return Setup({"pay": pay, "shop": shop})


@pytest.fixture(scope="module")
def log(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log after a first run."""
    folder = tmp_path_factory.mktemp("log")
    values(folder, setup, day=0)
    return folder


@pytest.fixture(scope="module")
def unchanged(setup: Setup, log: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return the figures of a second run under the same names."""
    folder = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(log, folder, dirs_exist_ok=True)
    return values(folder, setup, day=1)


def values(folder: Path, setup: Setup, *, day: int) -> dict[str, object]:
    """Return every figure, with its bound, after a run."""
    servers = {name: setup.shops[path_of(name, entry)] for name, entry in setup.settings.items()}
    seen = look(folder, servers, setup.projects, days=day, **setup.settings)
    return {name.removeprefix("new-"): value for name, value in seen.figures.items()}


def path_of(name: str, entry: Json) -> str:
    return str(entry.get("url", f"/{name}")).rstrip("/").rpartition("/")[2]


def bindings_of(known: Known) -> dict[str, str]:
    return {record.id: record.project for record in known.of(Binding)}


@pytest.mark.parametrize("name", RENAMINGS)
def test_no_name_or_spelling_or_order_changes_a_figure(
    name: str, setup: Setup, log: Path, unchanged: dict[str, object], tmp_path: Path
) -> None:
    shutil.copytree(log, tmp_path, dirs_exist_ok=True)
    before = store.load(tmp_path)
    renamed = deepcopy(setup)
    RENAMINGS[name](renamed)
    assert repr(renamed) != repr(setup), "something was renamed"
    found = values(tmp_path, renamed, day=1)
    print(f"{name}: {len(found)} figures compared")
    assert {key: value for key, value in unchanged.items() if found[key] != value} == {}
    weeks = {key: value for key, value in found.items() if key not in unchanged}
    # another title is a change of that day, and series end with the last change
    assert all(
        name == "titles of apps" and key.partition("/")[2].startswith(("inflow@", "inflow_at_receipt@"))
        for key in weeks
    )
    assert set(weeks.values()) <= {(0, "exact"), ("0", "exact")}
    assert found[f"all/settled@{store_source(STORE)}"] == (8_720_000, "exact")
    after = store.load(tmp_path)
    others = {key for key in after.records if key[0] not in ("binding", "project")}
    assert {key for key in others if after.records[key] != before.records.get(key)} == set()
    slugs = {slug.removeprefix("new-") for slug in bindings_of(after).values()}
    assert slugs == set(bindings_of(before).values())
