"""What a page was found to show and say, as values: its passages, and the elements that state numbers."""

from dataclasses import dataclass, field
from functools import cached_property

from generator.verify.page_relations import Relations
from generator.verify.plain_text import as_seen


@dataclass(kw_only=True, eq=False)
class StatingElement:
    """An element that states numbers; its text is joined once, after the page was read."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Its text, whatever stands inside of it."""
        return "".join(self.pieces)

    @cached_property
    def seen(self) -> str:
        """Its text as a person sees it."""
        return as_seen(self.text)

    @property
    def names(self) -> str:
        """What it says its numbers are: ``data-figure=well/raised``."""
        return ", ".join(
            f"{name}={value}" for name, value in self.attributes.items() if name.startswith("data-")
        )


@dataclass(slots=True, kw_only=True)
class Part:
    """A piece of a passage: the text of one element that states, quoted text, or neither."""

    pieces: list[str]
    element: StatingElement | None = None
    quoted: bool = False
    said: bool = False  #: quoted from a person, who may say any number
    drawn: bool = False  #: text of a drawing, such as the label of an axis
    marks: bool = False  #: of what says in a word and a picture how sure something is
    in_head: bool = False  #: for whoever lists the page elsewhere

    @property
    def text(self) -> str:
        """The text of the piece."""
        return "".join(self.pieces)

    def goes_on_in(self, other: "Part") -> bool:
        """Tell whether a piece is of the same kind, and of the same element."""
        return self.element is other.element and (self.quoted, self.said, self.drawn, self.marks) == (
            other.quoted,
            other.said,
            other.drawn,
            other.marks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerLink:
    """A link that leads to a file of the same site."""

    label: str
    address: str  #: as it is written, seen from its page
    names: bool  #: its label is a name, such as the title of a project
    in_navigation: bool


Passage = list[Part]  #: what a reader sees in one line of text


@dataclass(slots=True)
class PageText:
    """What a page shows and says."""

    stating: list[StatingElement] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)  #: values of attributes that are shown or read aloud
    styles: list[str] = field(default_factory=list)  #: each by itself: a comment of one ends with it
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  #: what may show a number that is no text
    forbidden: list[str] = field(default_factory=list)  #: what no page of a report has
    times: list[str] = field(default_factory=list)  #: moments that the markup names
    inner: list[InnerLink] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)  #: what a browser is told to load and to run
    language: str = ""  #: code of the whole page
    rows: list[str] = field(default_factory=list)  #: ids of rows of a ledger; empty where it is shown wrongly
    relations: Relations = field(default_factory=Relations)
    outside: list[str] = field(default_factory=list)  #: addresses of links that lead away
    project: str = ""  #: whose page it is, where it says so
