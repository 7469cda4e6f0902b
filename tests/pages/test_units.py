"""The units of a site: what each depends on is what its key covers."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest
from jinja2 import BaseLoader, FunctionLoader, meta

from generator import pages
from generator.pages.environment import bare_environment
from generator.pages.listing import listing_files
from generator.pages.site import given_files, studio_of, units
from generator.report import Report
from generator.units import UnitRecipe, key
from tests.support.fair import fair
from tests.support.paths import ROOT


@pytest.fixture(scope="module", params=[False, True], ids=["curated", "whole network"])
def it(request: pytest.FixtureRequest) -> Report:
    return fair(whole=request.param).report()


def keys(report: Report, content: pages.Content, stamp: str = "") -> dict[str, str]:
    recipe = UnitRecipe(templates=content.templates, stamp=stamp)
    return {unit.id: key(unit, recipe) for unit in units(report, content)}


@pytest.mark.proof(1)
def test_the_units_are_the_whole_site_and_share_no_file(it: Report, content: pages.Content) -> None:
    studio = studio_of(it, content, strict=True)
    made = [*given_files(it, content).items()]
    for unit in units(it, content):
        made += unit.make(unit.value, studio)[0].items()
    hashes = {path: (sha256(data).hexdigest(), len(data)) for path, data in made}
    made += listing_files(it, content, hashes).items()
    assert len(dict(made)) == len(made)
    assert dict(made) == dict(pages.render(it, content))


def test_a_unit_uses_no_template_that_it_does_not_name(
    it: Report, content: pages.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: set[str] = set()
    load = FunctionLoader.load

    def seen(loader: BaseLoader, env: object, name: str, *rest: object) -> object:
        used.add(name)
        return load(loader, env, name, *rest)

    monkeypatch.setattr(FunctionLoader, "load", seen)
    recipe = UnitRecipe(templates=content.templates, stamp="")
    for unit in units(it, content):
        used.clear()
        unit.make(unit.value, studio_of(it, content, strict=True))
        assert used <= set(recipe.with_parents(unit.templates)), unit.id
        print(f"{unit.id}: {len(used)} templates")


@pytest.mark.proof(1)
def test_own_pages_beyond_seven_stand_in_one_list_instead_of_on_every_page(
    it: Report, content: pages.Content
) -> None:
    few, many = (
        dict(pages.render(it, replace(content, pages={f"page-{n}": f"# Page {n}" for n in range(count)})))
        for count in (7, 8)
    )
    assert "pages/index.html" not in few
    assert all(b">Page 6</a>" in few[f"page-{n}/index.html"] for n in range(7))
    assert all(many["pages/index.html"].count(f">Page {n}</a>".encode()) == 1 for n in range(8))
    for n in range(8):
        own = many[f"page-{n}/index.html"]
        assert b"</a>" in own
        head = f'<h1 id="title" data-said="content">Page {n}<'.encode()
        assert b">Page " not in own.replace(head, b"").split(b"<body>")[1]
        assert b'<a href="../pages/index.html" aria-current="true">More</a>' in own


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name, told in after.items() if before.get(name) != told]


def test_a_template_changes_the_keys_of_its_users_alone(report: Report, content: pages.Content) -> None:
    before = keys(report, content)
    for name, users in {
        "page.html": {"own/about"},
        "404.html": {"missing"},
        "openings.html": {"stages/coming/index.html", "stages/open/index.html"},
    }.items():
        edited = {**content.templates, name: content.templates[name] + b"{# #}"}
        assert set(changed(before, keys(report, replace(content, templates=edited)))) == users
    edited = {**content.templates, "base.html": content.templates["base.html"] + b"{# #}"}
    log = {f"log/{path}" for path in content.log}
    assert set(before) - set(changed(before, keys(report, replace(content, templates=edited)))) == log


def test_one_payment_changes_the_keys_of_its_store_and_of_the_whole(content: pages.Content) -> None:
    before, paid = fair(), fair()
    paid.pay("bounty", "2025-10-03", 1)
    found = changed(keys(before.report(), content), keys(paid.report(), content))
    assert "p/bounty" in found
    assert not {"p/lantern", "p/solar"} & set(found)  # of no store that was paid
    assert "portfolio" in found
    assert not {"own/about", "missing"} & set(found)


def test_code_and_library_versions_change_every_key(report: Report, content: pages.Content) -> None:
    before = keys(report, content)
    assert set(changed(before, keys(report, content, stamp="other"))) == set(before)


SCRIPT = """
from tests.pages.test_units import content_here, keys
from tests.support.fair import fair
print(keys(fair(whole=True).report(), content_here()))
"""


def content_here() -> pages.Content:
    from generator import inputs  # noqa: PLC0415 -- the script above asks for it

    return pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))


@pytest.mark.slow
def test_keys_are_the_same_under_any_hash_seed() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{% extends "b.html" %}', {"b.html"}),
        ("{%-include 'b.html' ignore missing without context-%}", {"b.html"}),
        ('{%+ import "b.html" as b with context %}', {"b.html"}),
        ('{%\nfrom "b.html"\nimport c, d as e %}', {"b.html"}),
        ('{# {% include "b.html" %} #}{% raw %}{% include "c.html" %}{% endraw %}', {"b.html", "c.html"}),
        ("{{ include }} {% set from = 1 %}", set()),
        ('{% include "b.html" if x else "c.html" %}', None),
        ('{% include "b." ~ "html" %}', None),
        ('{% include ["b.html", "c.html"] %}', None),
        ('{% include "\\x62.html" %}', None),
        ('{% include "%}.html" %}', None),
        ('{# {% include #}{% include "b.html" %}', None),
        ("{% include b %}", None),
    ],
)
def test_what_a_template_refers_to_is_found_or_is_everything(text: str, named: set[str] | None) -> None:
    templates = {"a.html": text.encode(), "b.html": b"", "c.html": b"", "d.html": b""}
    found = UnitRecipe(templates=templates, stamp="").with_parents(("a.html",))
    assert set(found) == (templates.keys() if named is None else {"a.html"} | named)
    seen = meta.find_referenced_templates(bare_environment().parse(text))
    assert {name for name in seen if name in templates} <= set(found)
