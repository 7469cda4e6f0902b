"""Markdown to HTML by Python-Markdown, which looks for what a text has signs of; nothing is cleaned."""

import re
from functools import cache, lru_cache
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions.fenced_code import FencedBlockPreprocessor, FencedCodeExtension
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace
from markdown.util import BLOCK_LEVEL_ELEMENTS, ETX, STX

from generator.pages.markdown_tree import InlineMarks, Unescaping, html_string

_EXTENSIONS: Final = ("sane_lists", "fenced_code")
#: Each processor of blocks that looks through all of one, and what of which a part stands in what it takes.
BLOCK_SIGNS: Final = {
    "table": ("|",),
    "hashheader": ("#",),
    "setextheader": ("\n=", "\n-"),
    "hr": ("-", "_", "*"),
    "ulist": ("-", "+", "*"),
    "quote": (">",),
    "footnote": ("[^",),
    "reference": ("]:",),
}
#: Stands in every block.
_ALWAYS: Final = ("", "", "")
_BLANK: Final = re.compile(r"(?<=\n) +\n")
#: Letters of a text whose HTML is kept, so that all that is kept is some 50 MB at most.
_SHORT: Final = 16_384
#: Ids of footnotes as any selector can name them.
_SETTINGS: Final = {"footnotes": {"SEPARATOR": "-"}}
_BLOCK_LEVEL: Final = frozenset(BLOCK_LEVEL_ELEMENTS)


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
    made.preprocessors.register(_Whitespace(made), "normalize_whitespace", 30)
    made.preprocessors.register(_Fences(made, FencedCodeExtension().getConfigs()), "fenced_code_block", 25)
    made.preprocessors.register(_HtmlBlocks(made), "html_block", 20)
    made.treeprocessors.register(InlineMarks(made), "inline", 20)
    made.treeprocessors.register(Unescaping(made), "unescape", 0)
    made.serializer = html_string
    made.parser = _Blocks(made)
    return made


class _Markdown(Markdown):
    """Looks up names of elements in a set, where its parent has a list of 60."""

    def is_block_level(self, tag: object) -> bool:
        return isinstance(tag, str) and (tag in _BLOCK_LEVEL or tag.lower().rstrip("/") in _BLOCK_LEVEL)


class _Whitespace(NormalizeWhitespace):
    """Does what its parent does, and looks for lines of blanks only where one ends in a blank."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace(STX, "").replace(ETX, "")
        text = (text.replace("\r\n", "\n").replace("\r", "\n") + "\n\n").expandtabs(self.md.tab_length)
        return (_BLANK.sub("\n", text) if " \n" in text else text).split("\n")


class _Fences(FencedBlockPreprocessor):
    """Does what its parent does where a text has what begins a block of code."""

    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if any("```" in line or "~~~" in line for line in lines) else lines


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
            self.blockprocessors.get_index_for_name(name): (some[0], some[len(some) // 2], some[-1])
            for name, some in BLOCK_SIGNS.items()
            if name in self.blockprocessors
        }
        self._tried = [(signs.get(at, _ALWAYS), each) for at, each in enumerate(self.blockprocessors)]
        for processor in self.blockprocessors:
            processor.parser = self

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 -- the parent's
        while blocks:
            block = blocks[0]
            for (sign, other, third), processor in self._tried:
                may = sign in block or other in block or third in block
                if may and processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break
                block = blocks[0]
