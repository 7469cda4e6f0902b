"""Blocks of templates that others may change, and the version of what templates are given; pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.errors import Problem
from generator.themes import ORIGINAL

#: Rises when a name that templates are given goes, or means something else; `docs/themes.md` lists them.
VIEW_MODEL: Final = 1
_BLOCK: Final = re.compile(r"{%-?\s*block\s+(\w+)")
_MADE_FOR: Final = re.compile(r"{#-?\s*made for view model (\d{1,9})\b")


def blocks_of(text: str) -> list[str]:
    """Return the names of a template's own blocks, in their order."""
    return list(dict.fromkeys(_BLOCK.findall(text)))


def beginning(name: str, text: str) -> str:
    """Return a template that extends Sunlit's of this name and changes nothing yet."""
    head = f'{{% extends "{ORIGINAL}{name}" %}}\n{{# made for view model {VIEW_MODEL} #}}\n'
    blocks = (
        f"{{# {{% block {block} %}}{{{{ super() }}}}{{% endblock %}} #}}\n" for block in blocks_of(text)
    )
    return head + "".join(blocks)


def outdated(theme: Mapping[str, bytes], folder: str) -> Iterator[Problem]:
    """Yield a warning for each own template that says it was made for another version of the view model."""
    for name, data in sorted(theme.items()):
        found = _MADE_FOR.search(data.decode("utf-8", "replace"))
        if found and int(found[1]) != VIEW_MODEL:
            message = (
                f"made for view model {found[1]}, and this Sunlit has {VIEW_MODEL}: look at its pages, at "
                "docs/themes.md for what changed, and then write the new number"
            )
            yield Problem(file=f"{folder}/{name}", path="", message=message, code="theme", severity="warning")
