"""Texts of the maintainer's in further languages: `about.de.md` is what `about.md` is in German; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from generator.config.value_types import LANGUAGE
from generator.pages.front_matter import OwnFile

_TRANSLATION: Final = re.compile(rf"(.*[^/.])\.({LANGUAGE.pattern})")


def taken_name(name: str) -> tuple[str, str]:
    """Return the page that a file is of, and its language; an empty one is the first of the site."""
    match = _TRANSLATION.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


def originals(files: Mapping[str, OwnFile]) -> dict[str, OwnFile]:
    """Return the files in the first language, by name."""
    return {name: file for name, file in files.items() if not taken_name(name)[1]}


def translations(files: Mapping[str, OwnFile]) -> dict[str, dict[str, OwnFile]]:
    """Return the files in further languages, by page and code."""
    found: dict[str, dict[str, OwnFile]] = {}
    for name, file in files.items():
        page, code = taken_name(name)
        if code:
            found.setdefault(page, {})[code] = file
    return found


def translation_faults(files: Mapping[str, OwnFile], codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name of, and what to do about, each translation that nobody would see, or that says too much.

    `codes` are of the site's languages; without any only what holds for all sites is told.
    """
    for name, file in files.items():
        page, code = taken_name(name)
        if code and codes and code == codes[0]:
            yield name, f"{code} is the first language of the site, whose page is {page}.md: rename this one"
        elif code and codes and code not in codes:
            step = f"add it to site.languages in config.yaml, or give the page a name without .{code}"
            yield name, f"the site has no language {code}, so nobody would see this page: {step}"
        elif code and page not in files:
            yield name, f"there is no {page}.md: write the page in the first language of the site too"
        elif code and (file.front.order, file.front.day, file.front.project) != (None, None, ""):
            yield name, f"order, date and project of a page stand in {page}.md: take them out here"
