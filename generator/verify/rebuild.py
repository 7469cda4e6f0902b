"""Step 7: the site made again from its log and recipe has the same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from generator import __version__
from generator.errors import SunlitError
from generator.pages import Content, render
from generator.publish import MANIFEST, complete
from generator.report import Report
from generator.verify.figure_check import Recipe
from generator.verify.outcome import Check, checked, unchecked
from generator.verify.site_copy import Copy

STEP: Final = "rebuild"
NAME: Final = "same-bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What this installation would make a site with."""

    content: Content  #: templates, state table, schemas, library versions; pages and log come from the copy
    exact: bool  #: this machine promises the same bytes (Linux on x86-64)


def same_version(recipe: Recipe | None) -> bool:
    """Tell whether a site was made by this version of Sunlit."""
    return recipe is not None and recipe.sunlit == __version__


def check_rebuild(copy: Copy, report: Report, recipe: Recipe, workshop: Workshop) -> Iterator[Check]:
    """Yield whether the site made again has the same bytes, or why that cannot be told here."""
    if why := _different_tools(recipe, workshop):
        yield unchecked(STEP, NAME, why)
        return
    own = workshop.content
    content = Content(
        templates=own.templates,
        pages=recipe.pages,
        log=copy.log,
        states=own.states,
        schemas=own.schemas,
        libraries=own.libraries,
    )
    try:
        made = complete(render(report, content), report)
    except (SunlitError, ValueError, KeyError) as error:
        yield checked(STEP, NAME, [f"the site cannot be made again ({error})"], 0)
        return
    yield checked(STEP, NAME, _differing(copy, made), len(made))


def _different_tools(recipe: Recipe, workshop: Workshop) -> str:
    if not same_version(recipe):
        return f"made by Sunlit {recipe.sunlit}, this is {__version__}: install that version to compare bytes"
    if not workshop.exact:
        return "the same bytes are promised on Linux x86-64 only"
    own = workshop.content
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


def _differing(copy: Copy, made: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(made.keys() | copy.files.keys()):
        ours, theirs = made.get(path), copy.files.get(path)
        if path in copy.unread or path == MANIFEST or ours == theirs:
            continue
        if theirs is None:
            yield f"{path} belongs to the site and is missing"
        elif ours is None:
            yield f"{path} is not part of the site that the log gives"
        else:
            yield f"{path} differs from the one that the log gives"
