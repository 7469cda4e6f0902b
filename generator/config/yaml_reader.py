"""YAML text → plain value, with the place of each key and item, within bounds of length, number and depth."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

from generator.config.hints import quoted
from generator.config.pasted import UNSEEN, odd_indent
from generator.config.positions import DEEPEST, LONGEST, MOST_VALUES, KeyPath, YamlDocument, dotted
from generator.config.secret_search import hide_comments, hide_lines, hide_secrets, hide_value
from generator.config.yaml_slips import BEYOND, slip_of

_TOO_MANY: Final = f"more than {MOST_VALUES} values, each alias (*name) written out"
_TOO_DEEP: Final = f"nested more than {DEEPEST} deep: close each bracket that opens, and nest less"
_LARGEST: Final = 1_000  #: bits of a number
LONGEST_NUMBER: Final = 400  #: letters of one: reading 1:1:1:… takes the square of its length
_TAG: Final = "tag:yaml.org,2002:"
_NUMBERS: Final = (f"{_TAG}int", f"{_TAG}float")
_KNOWN: Final = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "value")}
_MERGE: Final = f"{_TAG}merge"
#: A comment that begins one blank behind a text, or without a blank after the sign.
_CUT: Final = re.compile(r" #.*| +#[^\s#].*")
_DASH_INSIDE: Final = re.compile(r"(?<=\n)([ \t]*)- ")
_KEY_INSIDE: Final = re.compile(r"\n[ \t]*(?:- +)?[A-Za-z_]+:(?:\s|$)")


class _BoundedLoader(yaml.SafeLoader):
    """Stops where lists and keys are more and nest deeper than in any configuration.

    The library calls itself for each level.
    """

    depth = nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        self.nodes += 1
        if self.depth > DEEPEST + 1 or self.nodes > 2 * MOST_VALUES:  # a key is a node too
            what = _TOO_DEEP if self.depth > DEEPEST + 1 else _TOO_MANY
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _beyond(what, mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str, file: str) -> YamlDocument:
    """Parse YAML; syntax errors, duplicate keys and what is beyond bounds become problems with places."""
    document = YamlDocument(file)
    try:
        _refuse_odd(text)
        hide_secrets(text, document)
        hide_lines(text, document)
        hide_comments(text, document)
        if (odd := odd_indent(text)) is not None:
            document.problem_at(odd[0], (), odd[1], "syntax")
        root = yaml.compose(text, Loader=_BoundedLoader)
        if root is not None:
            document.value = _Reading(text, document).value(root, ())
    except yaml.YAMLError as error:
        document.value = None
        place, message = slip_of(error, text)
        document.problem_at(place, (), message, "syntax")
    return document


def _beyond(what: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(context=BEYOND, problem=what, problem_mark=mark)


def _refuse_odd(text: str) -> None:
    """Raise `MarkedYAMLError` for what is too long, or has letters that YAML does not allow."""
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text) or UNSEEN.search(text)
    at = LONGEST if len(text) > LONGEST else odd.start() if odd else None
    if at is not None:
        letter = f"the character U+{ord(text[at]):04X}, which cannot be seen; delete it"
        what = f"longer than {LONGEST} letters" if len(text) > LONGEST else letter
        line = text.count("\n", 0, at)
        raise _beyond(what, yaml.Mark("", at, line, at - text.rfind("\n", 0, at) - 1, None, 0))


class _Reading:
    """Makes values of nodes, counting them: an alias may stand for a billion."""

    def __init__(self, text: str, document: YamlDocument) -> None:
        self.text, self.document = text, document
        self.count = self.merging = 0
        self.maker = yaml.constructor.SafeConstructor()

    def _counted(self, mark: yaml.Mark) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _beyond(_TOO_MANY, mark)

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        document, mark = self.document, node.start_mark
        start = document.starts[path] = (mark.line + 1, mark.column + 1)
        document.places.setdefault(path, start)
        self._counted(mark)
        if len(path) > DEEPEST:
            message = (
                "nested too deep: does an alias (*name) stand inside of what it names? Write it out there"
            )
            found = document.problem(path[:1], message, "syntax")
            if found not in document.problems[-1:]:  # once: such an alias doubles with each level
                document.problems.append(found)
            return None
        match node:
            case yaml.MappingNode():
                return dict(self._pairs(node, path))
            case yaml.SequenceNode():
                return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
            case _:
                return self._scalar(node, path)

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, object]]:
        document, seen = self.document, dict[str, int]()
        merged = list[yaml.Node]()
        for key_node, value_node in node.value:
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if not isinstance(key_node, yaml.ScalarNode):
                message = (
                    "a list or a group of keys stands where a key is expected: write a word and a colon, "
                    "and put a text that begins with a bracket in quotes"
                )
                document.problem_at((line, column), path, message, "syntax")
                continue
            if key_node.tag == _MERGE:
                merged.append(value_node)
                continue
            key = str(key_node.value)
            if key in seen and key.isdigit():  # parts of 50,000,000: the model says it once
                continue
            if key in seen:
                message = (
                    f"key {quoted(key)} stands twice; the first is in line {seen[key]}: keep one of them"
                )
                document.problem_at((line, column), (*path, key), message, "duplicate-key")
                continue
            seen[key] = line
            document.places[*path, key] = (line, column)
            hide_value(key, (*path, key), document)
            yield key, self.value(value_node, (*path, key))
        yield from self._merged(merged, path, set(seen))

    def _merged(self, nodes: list[yaml.Node], path: KeyPath, seen: set[str]) -> Iterator[tuple[str, object]]:
        """Yield what ``<<`` brings from elsewhere and is not written here itself (YAML 1.1, merge)."""
        sources = list[yaml.Node]()
        for node in nodes:
            sources += node.value if isinstance(node, yaml.SequenceNode) else [node]
        for source in sources:
            self._counted(source.start_mark)
            if not isinstance(source, yaml.MappingNode):
                place = (source.start_mark.line + 1, source.start_mark.column + 1)
                message = "behind << stands no group of keys: write <<: *name, where &name stands before one"
                self.document.problem_at(place, path, message, "syntax")
                continue
            kept = [pair for pair in source.value if _key(pair[0]) not in seen]
            part = yaml.MappingNode(source.tag, kept, source.start_mark, source.end_mark)
            self.merging += 1
            if self.merging > DEEPEST:
                raise _beyond(_TOO_DEEP, source.start_mark)
            for key, value in self._pairs(part, path):
                seen.add(key)
                yield key, value
            self.merging -= 1

    def _scalar(self, node: yaml.Node, path: KeyPath) -> object:
        document, text = self.document, str(node.value)
        if node.tag in _NUMBERS and len(text) > LONGEST_NUMBER:
            return self._refused(path, "a number of too many digits: write a smaller one")
        if node.tag not in _KNOWN:
            word = node.tag.replace(_TAG, "!!")
            return self._refused(path, f"not a value: it begins with {quoted(word)}; put the text in quotes")
        try:
            value: object = self.maker.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, ArithmeticError, LookupError):
            word = quoted(text[:40])
            if "timestamp" in node.tag:
                return self._refused(path, f"{word} is no such day: write one as 2027-03-31")
            return self._refused(path, f"not a value: {word} cannot be read here; write it in quotes")
        if isinstance(value, int) and value.bit_length() > _LARGEST:  # Python prints no longer ones
            return self._refused(path, "a number of too many digits: write a smaller one")
        if isinstance(value, str):
            hide_value(value, path, document)
            if isinstance(node, yaml.ScalarNode):
                self._suspect(node, path)
        else:
            document.written[path] = text
        return value

    def _refused(self, path: KeyPath, message: str) -> object:
        self.document.problems.append(self.document.problem(path, f"{dotted(path)}: {message}", "syntax"))
        return None

    def _suspect(self, node: yaml.ScalarNode, path: KeyPath) -> None:
        """Note where a comment cuts a text, and where a quote closes only behind other keys."""
        document, start, end = self.document, node.start_mark, node.end_mark
        if node.style is None and (found := _CUT.match(self.text, end.index)):
            document.cut[path] = found.group().strip()
        swallowed = _DASH_INSIDE.search(self.text, start.index, end.index)
        if swallowed and node.style is None and path and isinstance(path[-1], int):
            place = (self.text.count("\n", 0, swallowed.start(1)) + 1, len(swallowed.group(1)) + 1)
            message = "this dash stands too far right: begin it in the same column as the dash above"
            document.problem_at(place, path, message, "syntax")
        if node.style in {"'", '"'} and _KEY_INSIDE.search(self.text, start.index, end.index):
            message = f"begins with a quote that closes only in line {end.line + 1}: close it in its own line"
            document.warn(path, message, "open-quote")


def _key(node: yaml.Node) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None
