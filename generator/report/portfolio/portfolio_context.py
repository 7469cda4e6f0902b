"""What the figures of the portfolio are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from generator.ledger import Entry
from generator.report.figures.figure import Figure
from generator.report.model import ProjectReport
from generator.report.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioContext:
    """All projects as makers of figures see them."""

    projects: Sequence[ProjectReport]
    entries: Sequence[Entry]  #: of the projects whose raised is known
    prices: Prices
    today: date  #: of as-of
    network_wide: bool  #: every project of the network, not only the configured ones
    listed: bool  #: False while even the list of projects is unknown
    figures: Mapping[str, Figure] = field(default_factory=dict)  #: by name, what earlier makers made
