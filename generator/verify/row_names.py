"""Numbers of a ledger's row are those of the row whose id its cell with ``data-row`` names.

The cell shows the id short, and has it whole: as the end of the address it leads to elsewhere, or as a title.
A part of a transaction says how its own id goes on.
"""

from typing import Final

from generator.report.ledger_rows import short_id

#: What says that a number is one of a row; empty, or the end of a part's id.
_OF_ROW: Final = ("data-entry", "data-count", "data-receipt")
_PART: Final = (":", "/")


class RowNames:
    """Fills in the id of each row when the row ends; without one its numbers stay those of no row."""

    def __init__(self, found: list[str]) -> None:
        self._found = found  #: takes the id of each row that names one
        self._row = 0  #: depth of the row that is read
        self._cell = 0  #: depth of the cell with its id
        self._titles: list[str] = []
        self._shown: list[str] = []
        self._waiting: list[
            tuple[dict[str, str], str]
        ] = []  #: attributes of a number, and which lacks the id

    def enter(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Look at an element; its attributes may be filled in later. A title that is an id is taken away."""
        if tag == "tr":
            self._row, self._cell, self._titles, self._shown, self._waiting = depth, 0, [], [], []
        elif "data-row" in attributes:
            self._cell = depth
        if self._cell and "title" in attributes:
            self._titles.append(attributes.pop("title"))
        elif self._cell and "://" in attributes.get("href", ""):
            self._titles.append(attributes["href"].rpartition("/")[2])
        self._waiting += (
            (attributes, name)
            for name in _OF_ROW
            if not (of := attributes.get(name, "-")) or of.startswith(_PART)
        )

    def text(self, text: str) -> None:
        """Take a text that stands where the reader is."""
        if self._cell:
            self._shown.append(text)

    def leave(self, depth: int) -> None:
        """Look at the end of an element."""
        was_cell = depth == self._cell
        self._cell = 0 if was_cell else self._cell
        if depth == self._row or (was_cell and not self._row):
            row = self._named()
            for attributes, name in self._waiting:
                attributes[name] = f"{row}{attributes[name]}" if row else ""
            if self._titles or self._shown:
                self._found.append(row)
            self._row, self._titles, self._shown, self._waiting = 0, [], [], []

    def _named(self) -> str:
        """Return the id that the row names, nothing where it is not the one that is shown."""
        [row] = self._titles if len(self._titles) == 1 else [""]
        return row if row and short_id(row) == "".join(self._shown).strip() else ""
