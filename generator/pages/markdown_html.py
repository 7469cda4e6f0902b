"""Markdown to HTML by Python-Markdown, which tries a pattern only where it can begin; nothing is cleaned."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import BLOCK_LEVEL_ELEMENTS, AtomicString

_EXTENSIONS: Final = ("sane_lists", "fenced_code")
#: Each pattern inside a line, and the signs of which one stands in every text that it matches.
SIGNS: Final = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[",
    "reference": "[",
    "link": "[",
    "image_link": "[",
    "image_reference": "[",
    "short_reference": "[",
    "short_image_ref": "[",
    "autolink": "<",
    "automail": "<",
    "linebreak": "\n",
    "html": "<",
    "entity": "&",
    "em_strong": "*_",
}
#: Each processor of blocks that looks through all of one, and the signs of which one stands in what it takes.
BLOCK_SIGNS: Final = {
    "table": "|",
    "hashheader": "#",
    "setextheader": "=-",
    "hr": "-_*",
    "ulist": "-+*",
    "quote": ">",
    "footnote": "[",
    "reference": "[",
}
#: Ids of footnotes as any selector can name them.
_SHORT: Final = (
    16_384  #: letters of a text whose HTML is kept, so that all that is kept is some 50 MB at most
)
_SETTINGS: Final = {"footnotes": {"SEPARATOR": "-"}}
_BLOCK_LEVEL: Final = frozenset(BLOCK_LEVEL_ELEMENTS)
_ANY: Final = re.compile(f"[{re.escape(''.join(SIGNS.values()))}]")


def html_of(text: str, *more: str) -> str:
    """Return a text as HTML; `more` names extensions besides the usual ones."""
    return (_kept if len(text) <= _SHORT else converted)(text, *more)


def converted(text: str, *more: str) -> str:
    """Return the same, for what is not asked for again."""
    try:
        return _markdown(more).reset().convert(text)
    except BaseException:
        _markdown.cache_clear()  # what was cut off in the middle would begin the next text there
        raise


#: What others wrote stands on several pages.
_kept = lru_cache(maxsize=1024)(converted)


@cache
def _markdown(more: tuple[str, ...]) -> Markdown:
    """Return a converter: making one takes a sixth as long as converting a page."""
    settings = {name: _SETTINGS[name] for name in more if name in _SETTINGS}
    made = _Markdown(extensions=[*_EXTENSIONS, *more], extension_configs=settings, output_format="html")
    made.preprocessors.register(_HtmlBlocks(made), "html_block", 20)
    made.treeprocessors.register(_Inline(made), "inline", 20)
    made.parser = _Blocks(made)
    return made


class _Markdown(Markdown):
    """Looks up names of elements in a set, where its parent has a list of 60."""

    def is_block_level(self, tag: object) -> bool:
        return isinstance(tag, str) and tag.lower().rstrip("/") in _BLOCK_LEVEL


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Does what its parent does where a text has a sign that begins HTML."""

    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if any("<" in line or "&" in line for line in lines) else lines


class _Blocks(BlockParser):
    """Does what its parent does without trying each of 13 processors on every block."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.blockprocessors = md.parser.blockprocessors
        signs = {
            self.blockprocessors.get_index_for_name(name): re.compile(f"[{re.escape(some)}]").search
            for name, some in BLOCK_SIGNS.items()
            if name in self.blockprocessors
        }
        self._tried = [(processor, signs.get(at)) for at, processor in enumerate(self.blockprocessors)]
        for processor in self.blockprocessors:
            processor.parser = self

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 -- the parent's
        while blocks:
            for processor, has_sign in self._tried:
                may = has_sign is None or has_sign(blocks[0])
                if may and processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                    break


class _Inline(InlineProcessor):
    """Does what its parent does without trying each of 14 patterns on every piece of a text."""

    _InlineProcessor__applyPattern: Callable[..., tuple[str, bool, int]]

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        known = ((name, signs) for name, signs in SIGNS.items() if name in md.inlinePatterns)
        found = ((md.inlinePatterns.get_index_for_name(name), signs) for name, signs in known)
        self._patterns = [(md.inlinePatterns[at], signs[0], signs[-1]) for at, signs in sorted(found)]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 -- the parent's
        if isinstance(data, AtomicString) or not _ANY.search(data):
            return data
        start = 0
        while patternIndex < len(self._patterns):
            pattern, sign, other = self._patterns[patternIndex]
            matched = False
            if sign in data or other in data:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, patternIndex, start)
            if not matched:
                patternIndex, start = patternIndex + 1, 0  # noqa: N806 -- the parent's
        return data
