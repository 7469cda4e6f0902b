"""Figures of a project on its own pages and charts: named without the project, which stands there once; pure.

A slug may be an identifier of 42 letters, and a page names 60 figures.
"""

import re
from typing import Final

#: Beside ``html`` or ``svg``: whose figures are named without a slash.
PROJECT: Final = "data-project"
_ROOT: Final = re.compile(r'<html lang="[^"]*"|\A<svg xmlns="[^"]*"')
_NAMES: Final = re.compile(r'(<[^<>]* data-figures?=")([^"]*)')


def with_own_names(html: str, path: str) -> str:
    """Return a page, or a file of a chart, in which its project, if it is one's, is named once."""
    folder, _, below = path.partition("/")
    slug, _, rest = below.partition("/")
    if folder != "p" or not rest:
        return html
    own = f"{slug}/"

    def short(found: re.Match[str]) -> str:
        return found[1] + " ".join(name.removeprefix(own) for name in found[2].split(" "))

    return _NAMES.sub(short, _ROOT.sub(rf'\g<0> {PROJECT}="{slug}"', html, count=1))


def whole_names(names: str, project: str) -> str:
    """Return figures named in a page of a project with their whole ids."""
    return " ".join(name if "/" in name else f"{project}/{name}" for name in names.split())
