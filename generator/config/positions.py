"""YAML text → plain value, remembering where each key and item stands in the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from generator.errors import Problem

KeyPath = tuple[str | int, ...]
#: More than any configuration is made of; a list of 2,000 projects has two thirds of it.
LONGEST: Final = 250_000  #: letters
MOST_VALUES: Final = 15_000  #: written out, each alias as what it stands for
DEEPEST: Final = 40
_TOO_MANY: Final = f"more than {MOST_VALUES} values, each alias (*name) written out"
_LARGEST: Final = 1_000  #: bits of a number
LONGEST_NUMBER: Final = 400  #: letters of one: reading 1:1:1:… takes the square of its length
_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
Position = tuple[int, int]  #: line and column, counted from 1


@dataclass(slots=True)
class YamlDocument:
    """A parsed file: its value, the place of every path in it, and what was wrong with it already."""

    file: str
    value: object = None
    places: dict[KeyPath, Position] = field(default_factory=dict)
    values: int = 0  #: how many there are
    maker: yaml.constructor.SafeConstructor = field(default_factory=yaml.constructor.SafeConstructor)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: KeyPath) -> Position:
        """Where a path stands; where its nearest ancestor does, if it is not in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def as_written(self, path: KeyPath) -> KeyPath:
        """Return a path without the indices of what is written alone, where a list may stand."""
        found: KeyPath = ()
        for part in path:
            longer = (*found, part)
            if not isinstance(part, int) or longer in self.places:
                found = longer
        return found

    def problem(self, path: KeyPath, message: str, code: str) -> Problem:
        """Say what is wrong at a path; `code` is a short stable word."""
        return self._problem(self.place(path), path, message, code)

    def problem_at(self, place: Position, path: KeyPath, message: str, code: str) -> None:
        """Note a problem at a place that is no path's, such as a key that stands twice."""
        self.problems.append(self._problem(place, path, message, code))

    def _problem(self, place: Position, path: KeyPath, message: str, code: str) -> Problem:
        line, column = place
        return Problem(
            file=self.file, line=line, column=column, path=dotted(path), message=message, code=code
        )


def dotted(path: KeyPath) -> str:
    """Write a path as people do: ``projects[0].slug``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class _BoundedLoader(yaml.SafeLoader):
    """Stops where lists and keys are more and nest deeper than in any configuration.

    The library calls itself for each level.
    """

    depth = nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        self.nodes += 1
        if self.depth > DEEPEST + 1 or self.nodes > 2 * MOST_VALUES:  # a key is a node too
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            what = f"nested more than {DEEPEST} deep" if self.depth > DEEPEST + 1 else _TOO_MANY
            raise yaml.MarkedYAMLError(problem=what, problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str, file: str) -> YamlDocument:
    """Parse YAML; syntax errors, duplicate keys and what is beyond bounds become problems with places."""
    document = YamlDocument(file)
    try:
        _refuse_odd(text)
        root = yaml.compose(text, Loader=_BoundedLoader)
        if root is not None:
            document.value = _value(root, (), document)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or "the file cannot be read as YAML"
        document.value = None
        document.problem_at(place, (), f"not YAML: {what}", "syntax")
    return document


def _refuse_odd(text: str) -> None:
    """Raise `MarkedYAMLError` for what is too long, or has letters that YAML does not allow."""
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    at = LONGEST if len(text) > LONGEST else odd.start() if odd else None
    if at is not None:
        what = f"longer than {LONGEST} letters" if len(text) > LONGEST else f"the character {text[at]!a}"
        line = text.count("\n", 0, at)
        mark = yaml.Mark("", at, line, at - text.rfind("\n", 0, at) - 1, None, 0)
        raise yaml.MarkedYAMLError(problem=what, problem_mark=mark)


def _value(node: yaml.Node, path: KeyPath, document: YamlDocument) -> object:
    document.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    document.values += 1
    if document.values > MOST_VALUES:
        raise yaml.MarkedYAMLError(problem=_TOO_MANY, problem_mark=node.start_mark)
    if len(path) > DEEPEST:
        message = "nested too deep: does an alias (*name) stand inside of what it names?"
        found = document.problem(path[:1], message, "syntax")
        if found not in document.problems[-1:]:  # once: such an alias doubles with each level
            document.problems.append(found)
        return None
    match node:
        case yaml.MappingNode():
            return dict(_pairs(node, path, document))
        case yaml.SequenceNode():
            return [_value(item, (*path, number), document) for number, item in enumerate(node.value)]
        case _:
            return _scalar(node, path, document)


def _pairs(node: yaml.MappingNode, path: KeyPath, document: YamlDocument) -> Iterator[tuple[str, object]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode):
            message = "a list or a mapping stands where a key is expected: write a word and a colon"
            document.problem_at((line, column), path, message, "syntax")
            continue
        key = str(key_node.value)
        if key in seen:
            message = f"key {key!r} stands twice; the first is in line {seen[key]}: keep one of them"
            document.problem_at((line, column), (*path, key), message, "duplicate-key")
            continue
        seen[key] = line
        document.places[*path, key] = (line, column)
        yield key, _value(value_node, (*path, key), document)


def _scalar(node: yaml.Node, path: KeyPath, document: YamlDocument) -> object:
    if node.tag in _NUMBERS and len(str(node.value)) > LONGEST_NUMBER:
        document.problems.append(document.problem(path, "a number of too many digits", "syntax"))
        return None
    try:
        value: object = document.maker.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError) as error:
        document.problems.append(document.problem(path, f"not a value: {error}", "syntax"))
        return None
    if isinstance(value, int) and value.bit_length() > _LARGEST:  # Python prints no longer ones
        document.problems.append(document.problem(path, "a number of too many digits", "syntax"))
        return None
    return value
