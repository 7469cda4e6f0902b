"""The site made again from its log and recipe has the same bytes."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Final

from generator import __version__
from generator.build.batches import as_bytes
from generator.build.executors import make_units
from generator.catalogues import every_language
from generator.errors import SunlitError
from generator.manifest import KEEPERS, MANIFEST, manifest_of, pixel_hashes
from generator.pages.file_kinds import of_kinds
from generator.pages.files import given_files
from generator.pages.listing import listing_files
from generator.pages.site import studio_of, units
from generator.png import is_drawn, same_picture
from generator.verify.published_inputs import (
    InputsRefused,
    catalogues_of,
    languages_of,
    theme_of,
    with_inputs,
)
from generator.verify.published_site import Installation, PublishedSite, Recipe
from generator.verify.rebuilt_texts import TEXTS, RebuiltTexts
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import LOG, SiteCopy
from generator.verify.step_table import STEPS
from generator.wording import bounds_in

NAME: Final = "same-bytes"
THEME: Final = "theme"
WORDS: Final = "catalogues"
STEP: Final = next(step for step in STEPS if NAME in step.checks)


def same_version(recipe: Recipe | None) -> bool:
    """Tell whether a site was made by this version of Sunlit."""
    return recipe is not None and recipe.sunlit == __version__


def check_rebuild(site: PublishedSite) -> Iterator[CheckResult]:
    """Yield whether the site made again has the same bytes, or why that cannot be told here.

    What differs from the site that Sunlit's own templates make is read: its numbers must be the same. With a
    theme, the bytes are compared with those that its published templates make.
    """
    copy, recipe = site.copy, site.recipe
    assert recipe is not None  # noqa: S101 -- no report is made without one
    theme = theme_of(copy)
    why = _different_tools(recipe, site.installation)
    texts = RebuiltTexts(copy, lambda: _remade(site, recipe), same_paths=same_version(recipe))
    differing: dict[str, str] = {}  #: why, by path
    try:
        for path, ours in _remade(site, recipe):
            texts.made.add(path)
            _tell(site, len(texts.made))
            if why_not := _difference(copy, path, ours):
                differing[path] = why_not
                texts.take(path, ours)
        for path in copy.files.keys() - texts.made:
            differing[path] = "is not part of the site that the log gives"
            texts.take(path, None)
        if theme and differing and not why:
            differing = _differing_themed(site, recipe)
    except (SunlitError, ValueError, LookupError) as error:
        cannot = f"the site cannot be made again ({error})"
        yield unchecked(NAME, f"{why}; {cannot}", wanted=True) if why else checked(NAME, [cannot], 0)
        yield unchecked(TEXTS, cannot, wanted=True)
        return
    if why and differing:
        yield unchecked(NAME, f"{why} ({len(differing)} of {len(texts.made)} files have others)", wanted=True)
    else:
        yield checked(NAME, (f"{path} {differing[path]}" for path in sorted(differing)), len(texts.made))
    if theme:
        yield unchecked(THEME, f"the publisher's own templates lay the pages out ({', '.join(theme[:5])})")
    if codes := sorted(catalogues_of(copy).keys() & site.report.config.site.languages):
        yield _own_words(copy, codes)
    yield from texts.results()


def _own_words(copy: SiteCopy, codes: list[str]) -> CheckResult:
    """Return whose the words of pages are; of a language that we ship those about bounds are compared."""
    ours, theirs = every_language(), languages_of(copy)
    turned = [code for code in codes if code in ours and bounds_in(theirs[code]) != bounds_in(ours[code])]
    reason = f"the publisher's own words are those of pages in {', '.join(codes)}"
    if turned:
        reason += f"; in {', '.join(turned)} they say “at least” or “at most” otherwise than Sunlit"
    return unchecked(WORDS, reason, wanted=bool(turned))


def _difference(copy: SiteCopy, path: str, ours: bytes) -> str:
    """Return what is wrong with a file of a copy beside the one that is made here; empty for nothing."""
    if copy.files.get(path) == ours or path in copy.unread:
        return ""
    return (
        "differs from the one that the log gives"
        if path in copy.files
        else "belongs to the site and is missing"
    )


def _differing_themed(site: PublishedSite, recipe: Recipe) -> dict[str, str]:
    """Return which files differ from those that the published templates make, and how."""
    copy, made = site.copy, set[str]()
    found: dict[str, str] = {}
    try:
        for path, ours in _remade(site, recipe, theme=True):
            made.add(path)
            if why := _difference(copy, path, ours):
                found[path] = why
    except Exception as error:  # a stranger's templates may raise whatever they like
        msg = f"its own templates fail: {type(error).__name__}: {str(error)[:200]}"
        raise InputsRefused(msg) from error
    return found | dict.fromkeys(copy.files.keys() - made, "is not part of the site that the log gives")


def _remade(site: PublishedSite, recipe: Recipe, *, theme: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the site as they are made here, one after another, the manifest last.

    The published log and the inputs are what it is made from, so that these files are the same.
    """
    own, report, files = site.installation.content, site.report, site.copy.files
    inputs = with_inputs(own, site.copy, recipe.inputs, theme=theme)
    content = replace(inputs, log=dict.fromkeys(site.copy.log, b""))
    studio = studio_of(report, content)
    made = make_units(units(report, content), studio, put=as_bytes, jobs=site.jobs)
    told: dict[str, tuple[str, int]] = {}  #: hash and length by path

    def of_units() -> Iterator[tuple[str, bytes]]:
        for _, (made_files, _) in made:
            yield from made_files.items()
        yield from listing_files(report, content, told).items()

    pixels: dict[str, str] = {}
    for path, data in chain(KEEPERS.items(), of_kinds(given_files(report, content)).items(), of_units()):
        ours = files[path] if path.startswith(LOG) or _same_pixels(files.get(path), path, data) else data
        pixels |= pixel_hashes([path], {path: data}.__getitem__)
        told[path] = (sha256(ours).hexdigest(), len(ours))
        yield path, ours
    yield MANIFEST, manifest_of(report, {path: found for path, (found, _) in told.items()}, pixels)


def _same_pixels(theirs: bytes | None, path: str, ours: bytes) -> bool:
    """Tell whether a picture is the one made here: another zlib packs it into other bytes."""
    return is_drawn(path) and theirs is not None and same_picture(theirs, ours)


def _tell(site: PublishedSite, made: int) -> None:
    """Tell each hundredth of the files that this one of them begins."""
    hundred, files = 100 * made, len(site.copy.files)
    if 0 < hundred <= 100 * files and hundred // files > (hundred - 100) // files:
        site.tell(STEP.question, hundred // files)


def _different_tools(recipe: Recipe, installation: Installation) -> str:
    if not same_version(recipe):
        return f"made by Sunlit {recipe.sunlit}, this is {__version__}: install that version to compare bytes"
    if not installation.exact:
        return "the same bytes are promised on Linux x86-64 only"
    own = installation.content
    other = sorted(name for name, version in recipe.libraries.items() if own.libraries.get(name) != version)
    if other:
        return f"made with other versions of {', '.join(other)}: install the lock file's to compare bytes"
    ours = {name: sha256(data).hexdigest() for name, data in own.templates.items()}
    changed = sorted(
        name for name in ours.keys() | recipe.templates.keys() if ours.get(name) != recipe.templates.get(name)
    )
    if changed:
        return f"made with templates of its own ({', '.join(changed[:5])}): its own repository can build it"
    return ""
