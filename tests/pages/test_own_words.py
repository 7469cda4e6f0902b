"""What the maintainer calls site and projects, in each language of the site."""

from dataclasses import replace
from hashlib import sha256

import pytest

from generator import pages
from generator.catalogues import languages
from generator.language import ENGLISH
from generator.pages import index_pages
from generator.report import Report, assemble
from generator.report.remembered_projects import ProjectMemory
from generator.snapshot import fold
from tests.support.village import SHOP, Village

NAMES = {"Village well": "Dorfbrunnen", "Village funds": "Dorfkasse", "What we raised.": "Was wir sammelten."}
#: Where the configuration stands as it is.
SETTINGS = ("data/recipe.json", "data/schema/")


@pytest.fixture
def told() -> Village:
    """Return a site in two languages, with a project that has a German title and one that has none."""
    village = Village()
    village.settings["site"] = {
        "title": "Village funds",
        "titles": {"de": "Dorfkasse"},
        "description": "What we raised.",
        "descriptions": {"de": "Was wir sammelten."},
        "base_url": "https://village.example/report",
        "languages": ["en", "de"],
    }
    village.settings["projects"] = [
        {"slug": "well", "title": "Village well", "titles": {"de": "Dorfbrunnen"},
         "btcpay": {"source": "shop", "app": "A1"}},
        {"slug": "bread", "btcpay": {"source": "shop", "store": "S1"}},
    ]  # fmt: skip
    village.says("well", SHOP, title="Well of the shop")
    village.says("bread", SHOP, title="Bread for all")
    for day in range(3, 12):
        village.entry("well", "payment", 1000 * day, f"2025-01-{day:02d}", source=SHOP)
    village.run("2025-02-08")
    return village


def site(report: Report, content: pages.Content) -> dict[str, bytes]:
    german = languages({}, ["de"])["de"]
    return dict(pages.render(report, replace(content, languages={"en": ENGLISH, "de": german})))


def test_each_page_has_the_names_of_its_language(
    told: Village, content: pages.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pages, "ROWS", 1)
    files = site(told.report(), content)
    german = {path: data.decode() for path, data in files.items() if path.startswith("de/")}
    once = {path: data for path, data in files.items() if path not in german}
    said = dict.fromkeys(NAMES.values(), 0)
    for text in german.values():
        assert [name for name in NAMES if name in text] == []
        for name in said:
            said[name] += name in text
    for path, data in once.items():
        if not path.startswith(SETTINGS):
            assert [name for name in said if name.encode() in data] == [], path
    print(f"{len(german)} German pages: {said}; {len(once)} other files")
    assert said["Dorfkasse"] == len(german) > 20
    assert said["Dorfbrunnen"] > 8
    assert said["Was wir sammelten."] >= 1
    assert "Dorfbrunnen" in german["de/projects/by-title/index.html"]
    assert "Bread for all" in german["de/p/bread/index.html"]  # its source's, for want of another
    assert b"Village well" in files["embed/well.html"]


def test_a_remembered_project_has_its_name_in_each_language(told: Village, content: pages.Content) -> None:
    log, config = fold(told.lines()), told.config()
    memory = ProjectMemory({}, lambda *values: sha256(repr(values).encode()).hexdigest())
    first = assemble.build(log, config, demo=False, memory=memory)
    again = ProjectMemory(memory.kept, lambda *values: sha256(repr(values).encode()).hexdigest())
    second = assemble.build(log, config, demo=False, memory=again)
    plain = site(assemble.build(log, config, demo=False), content)
    assert site(first, content) == plain
    assert site(second, content) == plain


def test_names_in_no_other_language_cost_and_change_nothing(told: Village, content: pages.Content) -> None:
    files = site(told.report(), content)
    for setting in (told.settings["site"], *told.settings["projects"]):  # type: ignore[misc]
        setting.pop("titles", None)
        setting.pop("descriptions", None)
    without = site(told.report(), content)
    assert files.keys() == without.keys()
    changed = {path for path in files if files[path] != without[path]}
    assert {path for path in changed if not path.startswith("de/")} <= {
        "data/recipe.json",
        "data/manifest.json",
    }
