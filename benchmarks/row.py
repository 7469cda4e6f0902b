"""A row of the table: what was measured, what it must be, and whether it is."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import log
from typing import Self

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison. `value` is a ratio or exponent, None where nothing could be measured."""

    name: str
    value: float | None = None
    text: str = ""  #: both sides with their units
    most: float | None = None
    least: float | None = None
    held: bool = False  #: the bench fails where this is missed, because it held before
    figures: Mapping[str, float] = field(default_factory=dict)  #: raw measures, seconds, bytes or MiB

    @property
    def met(self) -> bool | None:
        """Tell whether the value is within its bounds; None without a value or without bounds."""
        if self.value is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def must(self) -> str:
        """The bounds as text."""
        bounds = [f"≤ {self.most:g}"] if self.most is not None else []
        return " ".join([*bounds, *([f"≥ {self.least:g}"] if self.least is not None else [])])

    def as_json(self) -> str:
        """Return the row as one line of JSON."""
        return json.dumps(asdict(self) | {"met": self.met}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` wrote."""
        fields = json.loads(text)
        fields.pop("met")
        return cls(**fields)


def exponent(small: float, large: float, times: float) -> float:
    """Return by which power work grows when its size grows by `times`."""
    return log(large / small) / log(times)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    marks = {True: "yes", False: "**no**", None: ""}
    lines = ["| measure | value | must | met | measured |", "|---|---:|---|---|---|"]
    for row in rows:
        value = "" if row.value is None else f"{row.value:.3g}"
        lines.append(f"| {row.name} | {value} | {row.must} | {marks[row.met]} | {row.text} |")
    return "\n".join(lines)
