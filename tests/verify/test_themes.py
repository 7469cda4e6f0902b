"""A site with templates of its own: its bytes are made again, and its numbers are still the log's."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest

from generator import pages, report, store
from generator.inputs import default_templates
from generator.manifest import complete
from generator.pages.files import INPUTS, RECIPE
from generator.themes import MOST_BYTES, with_theme
from generator.verify.published_site import Installation
from tests.verify.forger import rehashed
from tests.verify.original import Original, judged

BASE = '{% extends "sunlit/base.html" %}{% block before %}<p>Our own words.</p>{% endblock %}'
SHIPPED = {name: data.decode() for name, data in default_templates().items()}
HONEST = {"base.html": BASE, "style.css": SHIPPED["style.css"] + "\n.top{color:red}\n"}


def themed(original: Original, installation: Installation, theme: Mapping[str, str]) -> dict[str, bytes]:
    """Return the site as its publisher makes it with a theme."""
    built = report.build(store.load(original.log), original.config, demo=True)
    own = {name: text.encode() for name, text in theme.items()}
    content = replace(
        installation.content,
        templates=with_theme(default_templates(), own),
        theme=own,
        pages={"about": "# About\n\nWe dig wells.\n"},
        log=store.prefixes(original.log),
    )
    return complete(dict(pages.render(built, content)), built)


@pytest.fixture(scope="module")
def honest(original: Original, installation: Installation) -> dict[str, bytes]:
    return themed(original, installation, HONEST)


@pytest.mark.slow
def test_a_theme_that_states_no_number_is_made_again_byte_for_byte(
    honest: dict[str, bytes], installation: Installation
) -> None:
    assert honest[f"{INPUTS}theme/base.html.txt"] == BASE.encode()
    assert b"Our own words" in honest["index.html"]
    told = judged(honest, installation)
    assert {name: check.problems for name, check in told.items() if check.result == "failed"} == {}
    assert told["same-bytes"].result == told["page-texts"].result == "ok"
    assert "base.html, style.css" in told["theme"].reason
    assert not any(check.wanted for check in told.values())


@pytest.mark.proof(1)
@pytest.mark.parametrize(
    ("name", "text", "check"),
    [
        ("base.html", BASE.replace("Our own words", "Raised: 1<b>2</b>3"), "page-texts"),
        ("base.html", BASE.replace("Our own words", "1,000 BTC raised"), "pages"),
        ("base.html", BASE.replace("<p>", "<script>alert(1)</script><p>"), "page-texts"),
        ("style.css", "main::before{content:'123 sats'}", "page-texts"),
        ("style.css", "i[b='/*']{}main::before{content:'123 sats'}i[b='*/']{}", "page-texts"),
        ("base.html", BASE.replace("<p>", "<a src='' href='&#1;bitcoin:bc1q'>Pay</a><p>"), "page-texts"),
        ("tables.html", SHIPPED["tables.html"].replace("| amount }}", "| amount }}0"), "page-texts"),
    ],
)
def test_a_theme_that_states_another_number_is_red(
    name: str, text: str, check: str, original: Original, installation: Installation
) -> None:
    told = judged(themed(original, installation, {name: text}), installation)
    assert told["same-bytes"].result == "ok"
    assert told[check].result == "failed"


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 / 0 }}",
        "{{ nobody }}",
        "{{ report.__class__.__mro__[-1].__subclasses__() }}",
        "{{ lipsum.__globals__['os'].environ }}",
        "{{ navigation.append(1) }}",
        "{% extends 'base.html' %}",
        "{% extends 'nobody.html' %}",
        "{% for n in range(10 ** 9) %}{% endfor %}",
        "{# " + "x" * MOST_BYTES + " #}",
        "{% if %}",
    ],
    ids=lambda text: text[:40],
)
def test_templates_of_a_stranger_reach_nothing_and_their_fault_is_told(
    text: str, honest: dict[str, bytes], installation: Installation
) -> None:
    path, recipe = f"{INPUTS}theme/base.html.txt", msgspec.json.decode(honest[RECIPE])
    recipe["inputs"][path] = sha256(text.encode()).hexdigest()
    files = rehashed({**honest, path: text.encode(), RECIPE: msgspec.json.encode(recipe)})
    told = judged(files, installation)["same-bytes"]
    print(told.problems[0][:200])
    assert told.result == "failed"
    assert "the site cannot be made again" in told.problems[0]
