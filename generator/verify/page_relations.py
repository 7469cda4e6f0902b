"""What a page relates to a name: the number behind a label, the look of a mark, the place a link leads to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Self


class Relation(Enum):
    """How a name on a page and what belongs to it stand to each other."""

    FIRST_AFTER_LABEL = auto()
    WHOSE_IN_ROW = auto()  #: whom numbers of a row are of, and of which day or month
    MARK_IN_ROW = auto()  #: how the mark of a state in a row looks
    LOOK_OF_MARK = auto()  #: how the mark of a word looks
    BELOW_HEAD = auto()  #: what numbers below the head of a column are
    WHERE_LINK_LEADS = auto()
    ITEM = auto()  #: date, project and figures of an item of a feed, date of an event of a calendar
    IN_SENTENCE = auto()  #: figures, quotes and marks in the gaps of a sentence
    DIGITS = auto()  #: digits of a sentence that are no figures
    MOMENT = auto()  #: the day or minute that a date stands for


@dataclass(slots=True)
class Relations:
    """Names of each kind, each with what was found to belong to it, in the order found."""

    found: dict[tuple[Relation, str], dict[str, None]] = field(default_factory=dict)

    def add(self, kind: Relation, name: str, value: str) -> None:
        """Keep what belongs to a name; an empty one names nothing."""
        if name:
            self.found.setdefault((kind, name), {})[value] = None

    def learn(self, other: Self) -> None:
        """Add what another page relates."""
        for name, values in other.found.items():
            self.found.setdefault(name, {}).update(values)

    def contradictions(self, page: Self) -> Iterator[str]:
        """Yield what a page relates to a name that is known here, and for something else."""
        for key, values in page.found.items():
            known = self.found.get(key, values)
            yield from (
                f"shows {value[:90]} as {key[1][:90]!r}, which is {min(known)[:90]}"
                for value in values
                if value not in known
            )
