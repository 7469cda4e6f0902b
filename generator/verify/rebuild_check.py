"""The site made again from its log and recipe has the same bytes."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from generator import __version__
from generator.errors import SunlitError
from generator.pages import Content, render
from generator.publish import complete
from generator.verify.published_site import Installation, PublishedSite, Recipe
from generator.verify.rebuilt_texts import TEXTS, check_texts
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import SiteCopy

NAME: Final = "same-bytes"


def same_version(recipe: Recipe | None) -> bool:
    """Tell whether a site was made by this version of Sunlit."""
    return recipe is not None and recipe.sunlit == __version__


def check_rebuild(site: PublishedSite) -> Iterator[CheckResult]:
    """Yield whether the site made again has the same bytes, or why that cannot be told here."""
    copy, recipe, report = site.copy, site.recipe, site.report
    assert recipe is not None  # noqa: S101 -- no report is made without one
    why = _different_tools(recipe, site.installation)
    own = site.installation.content
    content = Content(
        templates=own.templates,
        pages=recipe.pages,
        log=copy.log,
        states=own.states,
        schemas=own.schemas,
        libraries=own.libraries,
    )
    try:
        made = complete(dict(render(report, content, fault=lambda _: None)), report)
    except (SunlitError, ValueError, LookupError) as error:
        cannot = f"the site cannot be made again ({error})"
        yield unchecked(NAME, f"{why}; {cannot}", wanted=True) if why else checked(NAME, [cannot], 0)
        yield unchecked(TEXTS, cannot, wanted=True)
        return
    differing = list(_differing(copy, made))
    if why and differing:
        yield unchecked(NAME, f"{why} ({len(differing)} of {len(made)} files have others)", wanted=True)
    else:
        yield checked(NAME, differing, len(made))
    yield from check_texts(copy, made, same_paths=same_version(recipe))


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


def _differing(copy: SiteCopy, made: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(made.keys() | copy.files.keys()):
        ours, theirs = made.get(path), copy.files.get(path)
        if path in copy.unread or ours == theirs:
            continue
        if theirs is None:
            yield f"{path} belongs to the site and is missing"
        elif ours is None:
            yield f"{path} is not part of the site that the log gives"
        else:
            yield f"{path} differs from the one that the log gives"
