"""What a site is made from, and one HTML page of it before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from generator.charts.chart import Chart
from generator.language import ENGLISH, Language
from generator.sentence import Text
from generator.wording import Words

#: The pages that state figures of today; every other one changes only when something on it does.
OF_TODAY: Final = frozenset({"index.html", "health/index.html"})
#: invoice status, additional status, payment status, how it counts, class, reason
StateRow: TypeAlias = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the caller read besides the report: templates, texts, files to publish; pages never open one."""

    templates: Mapping[str, bytes]  #: by relative path; style sheets and icons too
    theme: Mapping[str, bytes] = field(default_factory=dict)  #: of these templates the site's own
    pages: Mapping[str, str]  #: Markdown by name without ``.md``
    notes: str = ""  #: YAML of the maintainer's dated notes
    static: Mapping[str, bytes] = field(default_factory=dict)  #: pictures, made anew, and files, by path
    log: Mapping[str, bytes] = field(default_factory=dict)  #: the snapshot log, by relative path
    log_hashes: Mapping[str, str] = field(default_factory=dict)  #: sha256 of its files that is at hand
    states: Sequence[StateRow] = ()  #: BTCPay's state table, as the method page prints it
    libraries: Mapping[str, str] = field(default_factory=dict)  #: versions of what decides about bytes
    schemas: Mapping[str, bytes] = field(default_factory=dict)  #: JSON Schemas by short name
    catalogues: Mapping[str, bytes] = field(default_factory=dict)  #: of gettext, the site's own, by code
    languages: Mapping[str, Language] = field(default_factory=lambda: {ENGLISH.code: ENGLISH})  #: by code


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page stands, its template, its title, and what the template states."""

    path: str
    template: str
    title: Text
    section: str = ""  #: which entry of the navigation it belongs to
    description: Text | Words = ""
    structured: Mapping[str, Any] = field(default_factory=dict)  #: what search engines are told (JSON-LD)
    values: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()  #: those that are files of their own too, in `folder`
    folder: str = ""

    @property
    def of_today(self) -> bool:
        """Whether it states figures of today."""
        return self.path in OF_TODAY

    @property
    def has_terms(self) -> bool:
        """Whether its first uses of words of trade lead to the glossary: a card has one link, to its page."""
        return not self.path.startswith(("glossary/", "embed/"))

    def address(self, base_url: str, path: str = "") -> str:
        """Return where it stands on the web, or its copy at another path."""
        return f"{base_url.rstrip('/')}/{(path or self.path).removesuffix('index.html')}"

    @property
    def root(self) -> str:
        """The relative way from this page to the top of the site."""
        return "../" * self.path.count("/")
