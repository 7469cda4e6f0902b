"""One HTML page before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.charts.chart import Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page stands, its template, its title, and what the template states."""

    path: str
    template: str
    title: str
    section: str = ""  #: which entry of the navigation it belongs to
    description: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()  #: those that are files of their own too, in `folder`
    folder: str = ""

    @property
    def root(self) -> str:
        """The relative way from this page to the top of the site."""
        return "../" * self.path.count("/")
