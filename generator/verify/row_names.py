"""Numbers of a ledger's row are those of the entry whose id the row shows, in the cell with ``data-row``."""

from typing import Final

#: What says that a number is one of a row; empty where the id stands in the row once.
_OF_ROW: Final = ("data-entry", "data-count", "data-receipt")


class RowNames:
    """Fills in the id of each row when the row ends; without one its numbers stay those of no row."""

    def __init__(self) -> None:
        self._row = 0  #: depth of the row that is read
        self._cell = 0  #: depth of the cell with its id
        self._id: list[str] = []
        self._waiting: list[
            tuple[dict[str, str], str]
        ] = []  #: attributes of a number, and which lacks the id

    def enter(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Look at an element; its attributes may be filled in later."""
        if tag == "tr":
            self._row, self._cell, self._id, self._waiting = depth, 0, [], []
        elif "data-row" in attributes:
            self._cell = depth
        self._waiting += ((attributes, name) for name in _OF_ROW if attributes.get(name) == "")

    def text(self, text: str) -> None:
        """Take a text that stands where the reader is."""
        if self._cell:
            self._id.append(text)

    def leave(self, depth: int) -> None:
        """Look at the end of an element."""
        if depth == self._cell:
            self._cell = 0
        if depth == self._row:
            for attributes, name in self._waiting:
                attributes[name] = "".join(self._id).strip()
            self._row, self._waiting = 0, []
