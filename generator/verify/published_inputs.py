"""What a copy of a site says its maintainer wrote: pages, templates and words, as its recipe names them."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from generator.catalogue_faults import MOST_BYTES
from generator.catalogues import every_language
from generator.config.positions import LONGEST
from generator.errors import SunlitError
from generator.language import Language
from generator.pages import Content
from generator.pages.files import INPUTS, STATIC
from generator.static_files import file_fault
from generator.text_bounds import OWN
from generator.themes import theme_fault, with_theme
from generator.verify.site_copy import SiteCopy

_PAGES: Final = f"{INPUTS}pages/"
_THEME: Final = f"{INPUTS}theme/"
_LANGUAGES: Final = f"{INPUTS}languages/"
#: Of all content pages together, a hundred of the longest that are read as Markdown.
MOST_PAGE_LETTERS: Final = 100 * OWN.letters


class InputsRefused(SunlitError):
    """The published inputs are not those of the recipe, or go beyond their bounds."""


def with_inputs(own: Content, copy: SiteCopy, hashes: Mapping[str, str], *, theme: bool) -> Content:
    """Return what an installation makes sites with, joined with the inputs of a copy.

    `hashes` are those of the recipe, by path. Without `theme` all templates are the installation's. Raise
    `InputsRefused`.
    """
    given = {path: copy.files[path] for path in copy.files if path.startswith((INPUTS, STATIC))}
    for path in sorted(given.keys() ^ hashes.keys()):
        msg = (
            f"{path} is {'named by the recipe, and missing' if path in hashes else 'not named by the recipe'}"
        )
        raise InputsRefused(msg)
    for path, data in given.items():
        if sha256(data).hexdigest() != hashes[path]:
            msg = f"{path} has another hash than the recipe says"
            raise InputsRefused(msg)
    texts = {name: data.decode("utf-8", "replace") for name, data in _below(_PAGES, given, ".md").items()}
    if sum(map(len, texts.values())) > MOST_PAGE_LETTERS:
        msg = f"the pages below {_PAGES} have more than {MOST_PAGE_LETTERS} letters"
        raise InputsRefused(msg)
    found = _below(_THEME, given, ".txt")
    if fault := theme_fault(found):
        msg = f"{_THEME}{fault[0]} {fault[1]}"
        raise InputsRefused(msg)
    notes = given.get(f"{INPUTS}notes.yaml", b"")[: 4 * LONGEST].decode("utf-8", "replace")
    static = _below(STATIC, given, "")
    for path, data in static.items():
        if why := file_fault(path, data):
            msg = f"{STATIC}{path} {why}"
            raise InputsRefused(msg)
    templates = with_theme(own.templates, found) if theme else own.templates
    return replace(
        own,
        pages=texts,
        notes=notes,
        static=static,
        theme=found,
        templates=templates,
        catalogues=catalogues_of(copy),
        languages=languages_of(copy),
    )


def theme_of(copy: SiteCopy) -> list[str]:
    """Return the names of the templates that a copy says are its own."""
    return sorted(_below(_THEME, dict.fromkeys(copy.files, b""), ".txt"))


def catalogues_of(copy: SiteCopy) -> dict[str, bytes]:
    """Return the catalogues that a copy says are its own, by code."""
    return _below(_LANGUAGES, copy.files, ".po")


def languages_of(copy: SiteCopy) -> dict[str, Language]:
    """Return the languages that a copy may have, by code: this installation's, and those of its catalogues.

    Raise `InputsRefused` for a catalogue beyond its bounds, `ConfigError` for one that cannot be used.
    """
    found = catalogues_of(copy)
    if large := next((code for code, data in found.items() if len(data) > MOST_BYTES), None):
        msg = f"{_LANGUAGES}{large}.po has more than {MOST_BYTES} bytes"
        raise InputsRefused(msg)
    return every_language(found)


def _below(folder: str, files: Mapping[str, bytes], suffix: str) -> dict[str, bytes]:
    return {
        path.removeprefix(folder).removesuffix(suffix): data
        for path, data in files.items()
        if path.startswith(folder)
    }
