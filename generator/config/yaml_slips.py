"""What is wrong in a text that is no YAML, in the words of who wrote it, at the place where it begins."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

from generator.config.pasted import pasted
from generator.config.positions import Position
from generator.config.shape import homes
from generator.text_format import counted

#: Context of an error that is about a bound, not about a slip.
BEYOND: Final = "beyond bounds"
#: A line that gives a key a value: what stands before the key, and the key.
_KEY_LINE: Final = re.compile(r"([ \t]*(?:- +)*)([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]|$)")
_QUOTES: Final = {"'": "single", '"': "double"}
_QUOTED: Final = (
    'put a text with one in double quotes, such as title: "Well: the second year", and several keys in { }'
)
#: Beginnings of a line that has no colon.
_STARTS: Final = (
    (r"//|/\*|;|<!--", "this is no comment: begin it with # and a blank"),
    (r"!", "a line that begins with an exclamation mark means something else: write the keys themselves"),
    (r"[a-z]+://", "a dash is missing before this address: write - and a blank before it"),
    (r"-\S", "behind the dash a blank is missing: write - and a blank, and then the value"),
)

_STAR: Final = "a text that begins with * or & means something else: put it in quotes, and begin items with -"
_BACKSLASH: Final = "a backslash in double quotes begins a special sign: use single quotes around it"
_BLOCK: Final = "behind > or | the text begins in the next line, indented: move it there, or put it in quotes"
_MARK: Final = "a text that begins with an exclamation mark means something else here: put it in quotes"
_PERCENT: Final = "a line that begins with % means something else here: take it away"
#: Words of the library, and what the writer did.
_SLIPS: Final = {
    "found undefined alias": _STAR,
    "expected alphabetic or numeric": _STAR,
    "found duplicate anchor": "the same &name stands twice: give one of them another name",
    "found unknown escape": _BACKSLASH,
    "expected escape sequence": _BACKSLASH,
    "expected chomping": _BLOCK,
    "expected indentation indicator": _BLOCK,
    "expected a comment or a line break": _BLOCK,
    "sequence entries are not": "write a list in the line after its key, or in brackets: [one, two]",
    "mapping keys are not": "a text that begins with a question mark means something else: put it in quotes",
    "undefined tag": _MARK,
    "expected URI": _MARK,
    "expected ' '": _MARK,
    "another document": "a line of three dashes begins a second file: take it away",
    "unexpected document separator": "three dashes stand inside of quotes: close the quote before them",
    "<document start>": "this does not belong to what stands above: write a key and a colon",
    "found duplicate YAML directive": _PERCENT,
    "found incompatible YAML": _PERCENT,
}


def slip_of(error: yaml.YAMLError, text: str) -> tuple[Position, str]:
    """Return place and sentence for what the library stumbled over in `text`."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))
    if mark is None or context == BEYOND:
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return place, f"this file cannot be read: {problem}; `sunlit schema config` tells what belongs here"
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    begun = getattr(error, "context_mark", None) or mark
    for found in _suspects(text, lines, problem, context, begun, mark):
        return found
    for words, sentence in _SLIPS.items():
        if words in problem:
            first = begun if sentence == _STAR else mark
            back = 1 if sentence == _BACKSLASH else 0
            return (first.line + 1, first.column + 1 - back), sentence
    sentence = (
        "this line cannot be read: look for a missing quote, bracket, colon or blank "
        "in it and in the line above, and indent it as its neighbours"
    )
    return _first_letter(lines, mark.line), sentence


def _suspects(
    text: str, lines: list[str], problem: str, context: str, begun: yaml.Mark, mark: yaml.Mark
) -> Iterator[tuple[Position, str]]:
    """Yield what it can be, the likeliest first."""
    if (found := pasted(text, mark.line)) is not None:
        yield found
    yield from _quotes(text, lines, problem, context, begun, mark)
    if "cannot start any token" in problem:
        yield (mark.line + 1, mark.column + 1), _odd_letter(lines, mark)
    if "flow" in context and ("sequence" in context or "mapping" in context):
        yield _bracket(context, problem, begun, mark)
    if "mapping values are not allowed" in problem:
        yield _second_colon(lines, mark)
    if "could not find expected ':'" in problem:
        yield (begun.line + 1, begun.column + 1), _no_colon(_line(lines, begun.line), begun.column)
    if "expected the node content" in problem:
        letter = problem.partition("found ")[2].strip("'<>")
        yield (
            (mark.line + 1, mark.column + 1),
            f"nothing stands before this sign ({letter}): take it away, or put the text in quotes",
        )
    if "expected <block end>" in problem:
        yield _first_letter(lines, mark.line), _indent(lines, mark.line, dash="'-'" in problem)


def _quotes(
    text: str, lines: list[str], problem: str, context: str, begun: yaml.Mark, mark: yaml.Mark
) -> Iterator[tuple[Position, str]]:
    """Yield a quote that nothing closes, one that closes lines below, and one that closes too early."""
    last: yaml.ScalarToken | None = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index >= mark.index:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in _QUOTES:
                last = token
                if token.end_mark.line > token.start_mark.line and _is_swallowed(lines, token):
                    place = (token.start_mark.line + 1, token.start_mark.column + 1)
                    yield place, _unclosed(str(token.style))
    except yaml.YAMLError:
        pass
    if "quoted scalar" in context and "unexpected" in problem:
        yield (begun.line + 1, begun.column + 1), _unclosed(text[begun.index])
    behind = text[last.end_mark.index : mark.index].strip(" ") if last is not None else "\n"
    if (
        last is not None
        and last.end_mark.line == mark.line
        and not behind
        and text[mark.index : mark.index + 1] not in ",]}:\n"
    ):
        kind, other = _QUOTES[str(last.style)], "double" if last.style == "'" else "single"
        sentence = (
            f"the text in {kind} quotes ends before this line does: use {other} quotes around all of it, "
            'such as title: "The farmer\'s well"'
        )
        yield (last.start_mark.line + 1, last.start_mark.column + 1), sentence


def _is_swallowed(lines: list[str], token: yaml.ScalarToken) -> bool:
    """Tell whether a quoted text holds what looks like further keys."""
    inside = range(token.start_mark.line + 1, token.end_mark.line + 1)
    return any(_KEY_LINE.match(_line(lines, number)) for number in inside)


def _unclosed(quote: str) -> str:
    kind = _QUOTES.get(quote, "double")
    return f"a {kind} quote opens here and nothing closes it: write the same sign at the end of the text"


def _odd_letter(lines: list[str], mark: yaml.Mark) -> str:
    letter = _line(lines, mark.line)[mark.column : mark.column + 1]
    if letter == "\t":
        return "a tab stands here, and only blanks may: write two blanks for each step"
    return f"no text may begin with the sign {letter}: put the text in quotes"


def _bracket(context: str, problem: str, begun: yaml.Mark, mark: yaml.Mark) -> tuple[Position, str]:
    opening, closing = ("[", "]") if "sequence" in context else ("{", "}")
    if mark.line != begun.line or "end" in problem.partition("got")[2]:
        sentence = f"a bracket {opening} opens here and nothing closes it: write {closing} at its end"
        return (begun.line + 1, begun.column + 1), sentence
    sentence = (
        f"between {opening} and {closing} a comma is missing, or a bracket is too much: write [one, two]"
    )
    return (mark.line + 1, mark.column + 1), sentence


def _second_colon(lines: list[str], mark: yaml.Mark) -> tuple[Position, str]:
    line, above = _line(lines, mark.line), _above(lines, mark.line)
    found = _KEY_LINE.match(line)
    if (
        found and found.end(2) <= mark.column <= found.end()
    ):  # the first colon of its line: the line above goes on
        higher = _indented(lines, above) <= _indented(lines, mark.line)
        if above >= 0 and higher and not _KEY_LINE.match(_line(lines, above)):
            return _first_letter(lines, above), _no_colon(_line(lines, above), 0)
        return _first_letter(lines, mark.line), _indent(lines, mark.line, dash=False)
    column = found.end() if found else len(line) - len(line.lstrip())
    column += len(line[column:]) - len(line[column:].lstrip())
    return (mark.line + 1, column + 1), f"a second colon with a blank stands in this line: {_QUOTED}"


def _no_colon(line: str, column: int) -> str:
    for pattern, sentence in _STARTS:
        if re.match(pattern, line[column:].strip()):
            return sentence
    word = re.match(r"[A-Za-z_][\w-]*", line[column:].strip())
    key = word.group() if word and word.group() in homes() else ""  # another word may be a secret
    if re.match(r"[\w-]+:\S", line[column:].strip()):
        return f"behind the colon a blank is missing: write {key or 'the key'}: and then the value"
    if re.match(r"[\w-]+\s*=", line[column:].strip()):
        return f"a colon is needed instead of the equals sign: write {key or 'the key'}: and then the value"
    return f"a colon is missing in this line: write {key or 'the key'}: and then the value"


def _indent(lines: list[str], number: int, *, dash: bool) -> str:
    if _line(lines, number).lstrip().startswith(":"):
        return "no key stands before this colon: write one"
    here, there = _indented(lines, number), _indented(lines, _above(lines, number))
    if dash:
        return "a list begins among keys here: give the list a key of its own, or indent it below its key"
    return (
        f"this line is indented by {counted(here, 'blank')} and the one above by {there}, "
        "which does not fit: begin it in the same column as the keys or dashes that it stands beside"
    )


def _indented(lines: list[str], number: int) -> int:
    return len(_line(lines, number)) - len(_line(lines, number).lstrip(" "))


def _above(lines: list[str], number: int) -> int:
    """Return the line before that is neither empty nor a comment, -1 for none."""
    at = number - 1
    while at >= 0 and (not _line(lines, at).strip() or _line(lines, at).lstrip().startswith("#")):
        at -= 1
    return at


def _line(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _first_letter(lines: list[str], number: int) -> Position:
    number = min(number, len(lines) - 1)
    line = _line(lines, number)
    return number + 1, len(line) - len(line.lstrip()) + 1
