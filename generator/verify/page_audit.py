"""A page against the figures: every number it states is a figure, and no amount stands there bare.

For tests, for `sunlit verify`, and for anyone who changes a template. It knows nothing of how a
page was made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from typing import Final

from generator.money import fiat_text, sat_text
from generator.report import Figure
from generator.report.figures.figure import MSAT
from generator.verify.known_numbers import KnownNumbers
from generator.wording import AT_MOST, Form, marked, unit_of

#: Elements whose text is no statement of the report: quoted program output, code, markup of dates.
_QUIET: Final = frozenset({"code", "pre", "samp", "time", "style", "title", "head"})
_QUIET_CLASSES: Final = frozenset({"tick", "hash", "said"})
_VOID: Final = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr"})
_READ_ALOUD: Final = ("aria-label", "title", "alt")


@dataclass(slots=True, kw_only=True)
class StatingElement:
    """An element that states numbers, with its text as it is collected."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def names(self) -> str:
        """What it says its numbers are: ``data-figure=well/raised``."""
        return ", ".join(
            f"{name}={value}" for name, value in self.attributes.items() if name.startswith("data-")
        )


class PageReader(HTMLParser):
    """Collects what a page states; feed it HTML or SVG, then close it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stating: list[StatingElement] = []
        self.loose: list[str] = []  #: text outside of them, but what is quoted, code or a date
        self._open: list[tuple[str, bool, bool]] = []  #: tag, whether its text is quiet, whether it states
        self._inside: list[StatingElement] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        found = {name: value or "" for name, value in attrs}
        self.loose += [found[name] for name in _READ_ALOUD if name in found]
        if tag in _VOID:
            return
        classes = found.get("class", "").split()
        quiet = tag in _QUIET or "data-said" in found or bool(_QUIET_CLASSES & set(classes))
        stating = tag == "data" or "data-figure" in found or "data-figures" in found
        self._open.append((tag, quiet, stating))
        if stating:
            self.stating.append(StatingElement(tag=tag, attributes=found))
            self._inside.append(self.stating[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element and close it."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those inside of it that were left open."""
        while self._open:
            name, _, stating = self._open.pop()
            if stating:
                self._inside.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Collect text where it belongs."""
        if self._inside:
            self._inside[-1].text += data
        elif not any(quiet for _, quiet, _ in self._open):
            self.loose.append(data)


_SPACE: Final = r"[ \u00a0\u2009\u202f]"
_GROUPED: Final = rf"\d{{1,3}}(?:(?:{_SPACE}|,)\d{{3}})+(?!\d)"
_UNITS: Final = r"(?:sats?|msat|BTC|bitcoins?|%|percent|€|\$|£|₿|[kMG]\b|EUR|USD|GBP|CHF)"
#: What looks like an amount: grouped digits, a number before a unit, a currency before a number.
BARE: Final = re.compile(
    rf"{_GROUPED}|\d[\d.,]*{_SPACE}?{_UNITS}(?![A-Za-z])|(?:€|\$|£|₿|\b(?:EUR|USD|GBP|CHF|BTC)){_SPACE}?\d"
)
#: Numbers of a sentence whose figures are listed beside it.
_NUMBER: Final = re.compile(
    rf"(?:≥{_SPACE}?|{AT_MOST})?(?:(?:{_GROUPED}|\d+)(?:\.\d+)?(?:{_SPACE}?(?:%|[kMG]?{_SPACE}?sats?|BTC))"
    rf"|[A-Z]{{3}}{_SPACE}(?:{_GROUPED}|\d+)(?:\.\d+)?)"
)


@dataclass(slots=True)
class Audit:
    """What a page was found to state."""

    numbers: int = 0  #: elements compared
    problems: list[str] = field(default_factory=list)


def audit(html: str, known: KnownNumbers) -> Audit:
    """Return how many numbers a page states and every one that is wrong, or bare."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    found = Audit(numbers=len(reader.stating))
    for element in reader.stating:
        found.problems += [f"{element.tag} {element.names}: {problem}" for problem in _wrong(element, known)]
    for text in reader.loose:
        found.problems += [
            f"bare amount {match[0]!r} in {text.strip()[:90]!r}" for match in BARE.finditer(text)
        ]
    return found


def _wrong(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    attributes = element.attributes
    if "data-figures" in attributes:
        yield from _wrong_in_sentence(element, known)
    elif "data-figure" in attributes:
        yield from _wrong_figure(element, known)
    elif "data-entry" in attributes:
        rows = {msat for msat, _ in known.entries.get(attributes["data-entry"], ())}
        yield from _wrong_in_row(element, {str(msat): sat_text(msat) for msat in rows})
    elif "data-count" in attributes:
        counts = {count for _, count in known.entries.get(attributes["data-count"], ())}
        yield from _wrong_in_row(element, {str(count): str(count) for count in counts})
    elif "data-currency" in attributes:
        when = "receipt" if "data-receipt" in attributes else "today"
        currency = attributes["data-currency"]
        worths = known.worths.get((when, attributes.get(f"data-{when}", ""), currency), frozenset())
        yield from _wrong_in_row(element, {worth: fiat_text(Decimal(worth), currency) for worth in worths})
    elif "data-declaration" in attributes:
        row = known.declarations.get(attributes["data-declaration"])
        yield from _wrong_in_row(
            element, {f"{row.amount:f}": fiat_text(row.amount, row.currency)} if row else {}
        )
    else:
        yield "names neither a figure nor a row"


def _wrong_in_row(element: StatingElement, allowed: Mapping[str, str]) -> Iterator[str]:
    value = element.attributes.get("value", "")
    if value not in allowed:
        yield f"value {value!r}, the ledger says {sorted(allowed) or 'nothing'}"
    elif element.text.replace("\u202f", "") != allowed[value].replace("\u202f", ""):
        yield f"text {element.text!r}, expected {allowed[value]!r}"


def _wrong_figure(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    figure = known.figures.get(element.attributes["data-figure"])
    if figure is None or figure.value is None:
        yield "no such figure, or it has no value"
        return
    value = element.attributes.get("value")
    if element.tag == "data" and value != str(figure.value):
        yield f"value {value!r}, figures.json says {figure.value!r}"
    allowed = texts(figure)
    if element.tag == "data" and element.text not in allowed:
        yield f"text {element.text!r}, expected one of {sorted(allowed)}"
    elif not any(_says(element.text, text) for text in allowed):
        yield f"label {element.text!r} has none of {sorted(allowed)}"


def _says(label: str, text: str) -> bool:
    """Tell whether a label holds a figure's text and no other digit."""
    before, found, after = label.partition(text)
    return bool(found) and not re.search(rf"[\d≥]|{AT_MOST}", before + after)


def _wrong_in_sentence(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    names = element.attributes["data-figures"].split()
    spoken = [match[0] for match in _NUMBER.finditer(element.text)]
    if len(spoken) != len(names):
        yield f"{len(spoken)} amounts {spoken} for {len(names)} figures"
        return
    for name, words in zip(names, spoken, strict=True):
        figure = known.figures.get(name)
        allowed = (
            {text + unit_of(figure, form) for form in Form for text in texts(figure, form)}
            if figure
            else set()
        )
        if words not in allowed:
            yield f"{words!r} for {name}, expected one of {sorted(allowed)}"


def texts(figure: Figure, *forms: Form) -> set[str]:
    """Return the texts a figure may have, with its bound before it exactly where it has one."""
    if figure.value is None:
        return set()
    wanted = forms or (tuple(Form) if figure.unit == MSAT else (Form.PLAIN,))
    return {marked(figure, form) for form in wanted}
