"""What is left out to be faster leaves no letter out: the HTML is the library's own."""

from random import Random

import pytest
from markdown import Markdown

from generator.pages.markdown_html import BLOCK_SIGNS, html_of
from generator.pages.markdown_tree import SIGNS

EXTENSIONS = ["sane_lists", "fenced_code", "tables", "footnotes"]
SETTINGS = {"footnotes": {"SEPARATOR": "-"}}
MIXED = """\
# A *title* with `code`

Text with **bold _and italic_** words,  \nan escaped \\*sign\\*, [a link](https://a.example "t"),
[escaped](\\!a "\\*"), ![\\[](\\_b),
[one by name][r],
[r], ![a picture](x.png), ![r], <https://b.example>, <a@b.example>, &amp; &#169; & AT&T,
<b>raw</b> <!-- no -->.

| a `b` | *c* |
|---|---|
| [x](y) | 1 \\| 2 |

> quoted _text_
> 1. and **more**

```
no *marks* here
```

<div>*raw*</div>

[r]: https://r.example
"""
PIECES = (
    *(
        "`",
        "``",
        "\\",
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        "&",
        "*",
        "_",
        "**",
        "__",
        "***",
        "-",
        "+",
        "|",
        ".",
        "\t",
    ),
    *("  \n", "\n", "\n\n", "    ", "a", "b c", "é", "[x](y)", "[x][r]", "[r]: http://q\n", "![i](u)", "\\*"),
    *(
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<!-- c -->",
        "<https://x.y>",
        "<a@b.c>",
        "https://x.y",
        "&amp;",
        "&#12;",
    ),
    *("=", "===\n", "---\n", "* * *\n", "  ", "[^1]: ", "[^1]", "]: ", "~~~\n", "\n\n    ", "\n\n[", "\n#"),
    *("](", "](\\!", "\\[", "\\]", "! ", "[^", "]:", "] [", "]\n[", "[r]", "![r]", "***a*", "  \n\t"),
    *("- ", "1. ", "> ", "# ", "```\n", "|---|---|\n", "\x02", "\x03", "klzzwxh:0001"),
)


def test_signs_name_every_pattern_of_the_library() -> None:
    patterns = Markdown(extensions=EXTENSIONS).inlinePatterns
    assert {name for name in SIGNS if name in patterns} == set(SIGNS)
    assert len(patterns) == len(SIGNS)
    assert not any(pattern.ANCESTOR_EXCLUDES for pattern in patterns)  # what stands around is not counted up


def test_signs_name_processors_of_the_library() -> None:
    assert all(name in Markdown(extensions=EXTENSIONS).parser.blockprocessors for name in BLOCK_SIGNS)


@pytest.mark.parametrize("more", [(), ("tables",), ("tables", "footnotes")])
def test_html_is_what_the_library_makes(more: tuple[str, ...]) -> None:
    settings = {name: SETTINGS[name] for name in more if name in SETTINGS}
    library = Markdown(extensions=[*EXTENSIONS[:2], *more], extension_configs=settings, output_format="html")
    chance = Random(1)  # noqa: S311 -- texts, not secrets
    without_html = [piece for piece in PIECES if not {"<", "&"} & set(piece)]
    drawn = ["".join(chance.choices(pieces, k=40)) for pieces in (PIECES, without_html) for _ in range(300)]
    for text in (MIXED, *drawn):
        assert html_of(text, *more) == library.reset().convert(text), text
