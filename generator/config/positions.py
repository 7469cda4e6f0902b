"""Where each key and item of a file stands, and what was noted about it while it was read."""

from typing import Final

import msgspec

from generator.errors import Problem, Severity

KeyPath = tuple[str | int, ...]
Position = tuple[int, int]  #: line and column, counted from 1
#: More than any configuration is made of; a list of 2,000 projects has two thirds of it.
LONGEST: Final = 250_000  #: letters
MOST_VALUES: Final = 15_000  #: written out, each alias as what it stands for
DEEPEST: Final = 40
#: Stands in a message where a secret stood.
MASK: Final = "•••"


class YamlDocument(msgspec.Struct):
    """A parsed file: its value, the place of every path in it, and what was wrong with it already."""

    file: str
    value: object = None
    places: dict[KeyPath, Position] = msgspec.field(default_factory=dict)
    starts: dict[KeyPath, Position] = msgspec.field(default_factory=dict)  #: of values, behind their keys
    #: what is no text as it stands in the file
    written: dict[KeyPath, str] = msgspec.field(default_factory=dict)
    cut: dict[KeyPath, str] = msgspec.field(default_factory=dict)  #: comments that begin right behind a text
    hidden: set[str] = msgspec.field(default_factory=set)  #: secrets, which no message repeats
    problems: list[Problem] = msgspec.field(default_factory=list)
    warnings: list[Problem] = msgspec.field(default_factory=list)

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

    def problem_of_text(self, path: KeyPath, message: str, code: str) -> Problem:
        """Say what is wrong with a text where a group of keys belongs: it may begin below its key."""
        place, start = self.place(path), self.starts.get(path, (1, 1))
        return self._problem(start if start[0] > place[0] else place, path, message, code)

    def problem_at(self, place: Position, path: KeyPath, message: str, code: str) -> None:
        """Note a problem at a place that is no path's, such as a key that stands twice."""
        self.problems.append(self._problem(place, path, message, code))

    def warn(self, path: KeyPath, message: str, code: str) -> None:
        """Note what is allowed at a path, and hardly what somebody meant."""
        found = self._problem(self.place(path), path, f"{dotted(path)} {message}", code, "warning")
        self.warnings.append(found)

    def _problem(
        self, place: Position, path: KeyPath, message: str, code: str, severity: Severity = "error"
    ) -> Problem:
        line, column = place
        return Problem(
            file=self.file,
            line=line,
            column=column,
            path=self.masked(dotted(path)),
            message=self.masked(message),
            code=code,
            severity=severity,
        )

    def masked(self, text: str) -> str:
        """Return a text without the secrets that this file holds."""
        for secret in sorted(self.hidden, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text


def dotted(path: KeyPath) -> str:
    """Write a path as people do: ``projects[0].slug``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
