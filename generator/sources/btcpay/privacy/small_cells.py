"""Small cells: a row of too few payments joins its neighbour, because it would show one of them; pure."""

from collections.abc import Iterable, Iterator

from generator.sources.btcpay.privacy.rows import Cell, Row, by_stratum


def merged(rows: Iterable[Row], min_group: int) -> Iterator[Row]:
    """Join rows of fewer than `min_group` payments with the next of their stratum, the last one backwards."""
    for stratum in by_stratum(rows):
        kept: list[Row] = []
        waiting: Row | None = None
        for row in stratum:
            grown = row if waiting is None else row.joined(waiting)
            waiting = grown if grown.count < min_group else None
            if waiting is None:
                kept.append(grown)
        if waiting is not None:
            kept.append(waiting.joined(kept.pop()) if kept else waiting)
        yield from _once_a_cell(kept)  # two rows of a day may both have become mixed


def _once_a_cell(rows: Iterable[Row]) -> Iterable[Row]:
    cells: dict[Cell, Row] = {}
    for row in rows:
        cells[row.cell] = cells[row.cell].joined(row) if row.cell in cells else row
    return cells.values()
