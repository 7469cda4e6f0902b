"""Templates of a site's own among those of Sunlit; pure."""

from collections.abc import Collection, Mapping
from typing import Final

#: Before the name of a template of Sunlit's whose place one of the theme takes: what that one extends.
ORIGINAL: Final = "sunlit/"
#: What a theme is made of; anything else in it would do nothing.
SUFFIXES: Final = (".html", ".css", ".svg", ".txt")
#: Bytes of a theme, all files together: a hundred times those of the largest of Sunlit's own.
MOST_BYTES: Final = 2**21
#: Files of it.
MOST_FILES: Final = 200


def with_theme(shipped: Mapping[str, bytes], theme: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return all templates by name: those of a theme, and beside each the one whose place it takes."""
    originals = {ORIGINAL + name: shipped[name] for name in theme if name in shipped}
    return {**shipped, **theme, **originals}


def without_theme(templates: Mapping[str, bytes], theme: Collection[str]) -> dict[str, bytes]:
    """Return what `with_theme` began with."""
    found = {name: data for name, data in templates.items() if name not in theme}
    return {name.removeprefix(ORIGINAL): data for name, data in found.items()}


def theme_fault(theme: Mapping[str, bytes]) -> tuple[str, str] | None:
    """Return the name of a file that no theme has, or that goes beyond its bounds, and why."""
    size = 0
    for number, (name, data) in enumerate(sorted(theme.items()), 1):
        size += len(data)
        if not name.endswith(SUFFIXES) or name.startswith(ORIGINAL) or name.count("/") > 1:
            kinds = ", ".join(SUFFIXES)
            return name, f"is no part of a theme, which has files of {kinds} in at most one folder: move it"
        if size > MOST_BYTES or number > MOST_FILES:
            return name, f"is one too many: a theme has at most {MOST_FILES} files and {MOST_BYTES} bytes"
    return None
