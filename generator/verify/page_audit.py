"""A page against the figures: every number it states is a figure, and no amount stands there bare.

For tests, and for anyone who changes a template. It reads the HTML as a browser
would show it and knows nothing of how it was made.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from typing import Final

from generator.ledger import Declaration, Entry
from generator.money import fiat_text, sat_text
from generator.report.figures.definitions import MSAT
from generator.report.figures.headline import decimal_text
from generator.report.model import Figure
from generator.report.prices import Prices
from generator.wording import AT_LEAST, Form, number, unit_of

_SPACE: Final = r"[ \u00a0\u2009\u202f]"
_GROUPED: Final = rf"\d{{1,3}}(?:(?:{_SPACE}|,)\d{{3}})+(?!\d)"
_UNITS: Final = r"(?:sats?|msat|BTC|bitcoins?|%|percent|€|\$|£|₿|[kMG]\b|EUR|USD|GBP|CHF)"
#: What looks like an amount: grouped digits, a number before a unit, a currency before a number.
BARE: Final = re.compile(
    rf"{_GROUPED}|\d[\d.,]*{_SPACE}?{_UNITS}(?![A-Za-z])|(?:€|\$|£|₿|\b(?:EUR|USD|GBP|CHF|BTC)){_SPACE}?\d"
)
#: Numbers of a sentence whose figures are listed beside it.
_NUMBER: Final = re.compile(
    rf"(?:≥{_SPACE}?)?(?:(?:{_GROUPED}|\d+)(?:\.\d+)?(?:{_SPACE}?(?:%|[kMG]?{_SPACE}?sats?|BTC))"
    rf"|[A-Z]{{3}}{_SPACE}(?:{_GROUPED}|\d+)(?:\.\d+)?)"
)
#: Elements whose text is no statement of the report: quoted program output, code, markup of dates.
_QUIET: Final = frozenset({"code", "pre", "samp", "time", "style", "title", "head"})
_QUIET_CLASSES: Final = frozenset({"tick", "hash", "said"})
_VOID: Final = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a site may state: its figures and the rows of its ledger."""

    figures: Mapping[str, Figure]
    entries: Mapping[str, frozenset[tuple[int, int]]]  #: id → (msat, count), for each source that has this id
    declarations: Mapping[str, Declaration]
    worths: Mapping[
        tuple[str, str, str], frozenset[str]
    ]  #: (receipt or today, id, currency) → exact decimals

    @classmethod
    def of(
        cls,
        figures: Iterable[Figure],
        entries: Sequence[Entry],
        declarations: Iterable[Declaration],
        prices: Prices | None = None,
    ) -> "Published":
        """Index what was published by id."""
        rows: dict[str, set[tuple[int, int]]] = {}
        for entry in entries:
            rows.setdefault(entry.id, set()).add((entry.amount_msat, entry.count))
        return cls(
            figures={figure.id: figure for figure in figures},
            entries={name: frozenset(found) for name, found in rows.items()},
            declarations={one.id: one for one in declarations},
            worths=_worths(entries, prices or Prices()),
        )


def _worths(entries: Iterable[Entry], prices: Prices) -> dict[tuple[str, str, str], frozenset[str]]:
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for entry in entries:
        for currency in prices.currencies:
            values = {
                "receipt": prices.at_receipt(entry, currency),
                "today": prices.today(entry.amount_msat, currency),
            }
            for what, value in values.items():
                if value is not None:
                    key = (what, entry.id, currency)
                    found[key] = found.get(key, frozenset()) | {decimal_text(value)}
    return found


@dataclass(slots=True)
class Audit:
    """What a page was found to state."""

    numbers: int = 0  #: elements compared
    problems: list[str] = field(default_factory=list)


def audit(html: str, published: Published) -> Audit:
    """Return how many numbers a page states and every one that is wrong, or bare."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = Audit(numbers=len(reader.stated))
    for stated in reader.stated:
        found.problems += [f"{stated.tag} {stated.names}: {problem}" for problem in _wrong(stated, published)]
    for text in reader.loose:
        found.problems += [
            f"bare amount {match[0]!r} in {text.strip()[:90]!r}" for match in BARE.finditer(text)
        ]
    return found


@dataclass(slots=True, kw_only=True)
class _Stated:
    """An element that states numbers: its attributes, and its text as it is collected."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def names(self) -> str:
        return ", ".join(
            f"{name}={value}" for name, value in self.attributes.items() if name.startswith("data-")
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stated: list[_Stated] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, bool]] = []  #: tag, and whether its text is quiet
        self._inside: list[_Stated] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("aria-label", "title", "alt"):
            self.loose += [found[name]] if name in found else []
        if tag in _VOID:
            return
        classes = found.get("class", "").split()
        quiet = tag in _QUIET or "data-said" in found or bool(_QUIET_CLASSES & set(classes))
        self._open.append((tag, quiet))
        if tag == "data" or "data-figure" in found or "data-figures" in found:
            self.stated.append(_Stated(tag=tag, attributes=found))
            self._inside.append(self.stated[-1])
            self._open[-1] = (f"{tag}!", quiet)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _ = self._open.pop()
            if name.endswith("!"):
                self._inside.pop()
            if name.rstrip("!") == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._inside[-1].text += data
        elif not any(quiet for _, quiet in self._open):
            self.loose.append(data)


def _wrong(stated: _Stated, published: Published) -> Iterator[str]:
    attributes = stated.attributes
    if "data-figures" in attributes:
        yield from _sentence(stated, published)
    elif "data-figure" in attributes:
        yield from _figure(stated, published)
    elif "data-entry" in attributes:
        rows = {msat for msat, _ in published.entries.get(attributes["data-entry"], ())}
        yield from _row(stated, {str(msat): sat_text(msat) for msat in rows})
    elif "data-count" in attributes:
        counts = {count for _, count in published.entries.get(attributes["data-count"], ())}
        yield from _row(stated, {str(count): str(count) for count in counts})
    elif "data-currency" in attributes:
        what = "receipt" if "data-receipt" in attributes else "today"
        currency = attributes["data-currency"]
        worths = published.worths.get((what, attributes.get(f"data-{what}", ""), currency), frozenset())
        yield from _row(stated, {one: fiat_text(Decimal(one), currency) for one in worths})
    elif "data-declaration" in attributes:
        one = published.declarations.get(attributes["data-declaration"])
        yield from _row(stated, {f"{one.amount:f}": fiat_text(one.amount, one.currency)} if one else {})
    else:
        yield "names neither a figure nor a row"


def _row(stated: _Stated, allowed: Mapping[str, str]) -> Iterator[str]:
    value = stated.attributes.get("value", "")
    if value not in allowed:
        yield f"value {value!r}, the ledger says {sorted(allowed) or 'nothing'}"
    elif stated.text.replace("\u202f", "") != allowed[value].replace("\u202f", ""):
        yield f"text {stated.text!r}, expected {allowed[value]!r}"


def _figure(stated: _Stated, published: Published) -> Iterator[str]:
    figure = published.figures.get(stated.attributes["data-figure"])
    if figure is None or figure.value is None:
        yield "no such figure, or it has no value"
        return
    value = stated.attributes.get("value")
    if stated.tag == "data" and value != str(figure.value):
        yield f"value {value!r}, figures.json says {figure.value!r}"
    allowed = texts(figure)
    if stated.tag == "data" and stated.text not in allowed:
        yield f"text {stated.text!r}, expected one of {sorted(allowed)}"
    elif not any(_says(stated.text, one) for one in allowed):
        yield f"label {stated.text!r} has none of {sorted(allowed)}"


def _says(label: str, text: str) -> bool:
    """Tell whether a label holds a figure's text and no other digit."""
    before, found, after = label.partition(text)
    return bool(found) and not re.search(r"[\d≥]", before + after)


def _sentence(stated: _Stated, published: Published) -> Iterator[str]:
    names = stated.attributes["data-figures"].split()
    spoken = [match[0] for match in _NUMBER.finditer(stated.text)]
    if len(spoken) != len(names):
        yield f"{len(spoken)} amounts {spoken} for {len(names)} figures"
        return
    for name, words in zip(names, spoken, strict=True):
        figure = published.figures.get(name)
        allowed = (
            {text + unit_of(figure, form) for form in Form for text in texts(figure, form)}
            if figure
            else set()
        )
        if words not in allowed:
            yield f"{words!r} for {name}, expected one of {sorted(allowed)}"


def texts(figure: Figure, *forms: Form) -> set[str]:
    """Return the texts a figure may have, with "≥" exactly where it may be more."""
    mark = "" if figure.complete else AT_LEAST
    if figure.value is None:
        return set()
    wanted = forms or (tuple(Form) if figure.unit == MSAT else (Form.PLAIN,))
    return {mark + number(figure, form) for form in wanted}
