"""A site in a language of its maintainer's: made again from its published catalogue, which has no number."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest

from generator import pages, report, store
from generator.catalogues import languages
from generator.manifest import complete
from generator.pages.files import INPUTS, RECIPE
from generator.verify.published_site import Installation
from tests.verify.forger import rehashed
from tests.verify.original import Original, judged

PATH = f"{INPUTS}languages/fr.po"
HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
FRENCH = f'{HEAD}msgid "Projects"\nmsgstr "Projets"\n'.encode()


@pytest.fixture(scope="module")
def honest(original: Original, installation: Installation) -> dict[str, bytes]:
    """Return a site whose pages are in English and French."""
    site = original.config.site.model_copy(update={"languages": ("en", "fr")})
    config = original.config.model_copy(update={"site": site})
    built = report.build(store.load(original.log), config, demo=True)
    content = replace(
        installation.content,
        pages={},
        log=store.prefixes(original.log),
        catalogues={"fr": FRENCH},
        languages=languages({"fr": FRENCH}, ["en", "fr"]),
    )
    return complete(dict(pages.render(built, content)), built)


def forged(honest: Mapping[str, bytes], catalogue: bytes | None) -> dict[str, bytes]:
    """Return the site with another catalogue, by a forger who writes recipe and manifest anew."""
    recipe = msgspec.json.decode(honest[RECIPE])
    del recipe["inputs"][PATH]
    files = {path: data for path, data in honest.items() if path != PATH}
    if catalogue is not None:
        recipe["inputs"][PATH] = sha256(catalogue).hexdigest()
        files[PATH] = catalogue
    return rehashed(files | {RECIPE: msgspec.json.encode(recipe)})


@pytest.mark.slow
def test_a_site_in_a_language_of_ones_own_is_made_again_byte_for_byte(
    honest: dict[str, bytes], installation: Installation
) -> None:
    assert honest[PATH] == FRENCH
    assert b">Projets</a>" in honest["fr/index.html"]
    told = judged(honest, installation)
    assert {name: check.problems for name, check in told.items() if check.result == "failed"} == {}
    assert "those of pages in fr" in told["catalogues"].reason
    assert not any(check.wanted for check in told.values())


@pytest.mark.proof(3)
@pytest.mark.parametrize(
    ("catalogue", "check", "said"),
    [
        (None, "recipe", "pages are in fr, and no catalogue of it is published"),
        (b"msgid", "recipe", "a catalogue cannot be used: languages/fr/"),
        (FRENCH.replace(b"Projets", b"12 BTC"), "recipe", "states 12, which its message does not"),
        (
            FRENCH + b'msgid "Raised, sats"\nmsgstr "Lev\xc3\xa9, BTC"\n',
            "recipe",
            "names BTC, which its message",
        ),
        (FRENCH + b'msgid "Raised, sats"\nmsgstr "En Bitcoins"\n', "recipe", "names bitcoins, which its"),
        (FRENCH.replace(b"Projets", b"Projects"), "same-bytes", "fr/index.html differs"),
        (b"#" * 3 * 2**20, "recipe", "has more than 2097152 bytes"),
    ],
)
def test_another_catalogue_is_red(
    catalogue: bytes | None, check: str, said: str, honest: dict[str, bytes], installation: Installation
) -> None:
    told = judged(forged(honest, catalogue), installation)[check]
    print(told.problems[0][:200])
    assert told.result == "failed"
    assert any(said in problem for problem in told.problems)
