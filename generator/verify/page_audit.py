"""A page against the figures: every number it states is a figure, and no amount stands there bare.

For tests, for `sunlit verify`, and for anyone who changes a template. It knows nothing of how a
page was made.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Final

from generator.language import ENGLISH, Language
from generator.money import fiat_text, sat_text
from generator.pages.structured_data import PROPERTY_OF
from generator.report import Figure
from generator.verify.figure_texts import every_text, texts, texts_in
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_passages import Passage, StatingElement
from generator.verify.page_reader import read_page
from generator.verify.plain_text import BARE, GROUPED, SCALE_AFTER, SCALE_BEFORE, SPACE, UNIT_AFTER, as_seen
from generator.wording import Form, bounds_in, exact, unit_of

_AMOUNT: Final = (
    rf"(?:(?:{GROUPED}|(?<!\d)\d++)(?:[.,]\d++)?(?:{SPACE}?(?:%|[kMG]?{SPACE}?sats?|BTC))"
    rf"|[A-Z]{{3}}{SPACE}(?:{GROUPED}|\d+)(?:[.,]\d+)?)"
)


@lru_cache
def numbers_said(bounds: tuple[str, ...] = bounds_in(ENGLISH)) -> re.Pattern[str]:
    """Return what finds numbers of a sentence whose figures are listed beside it, with their bounds.

    A run of digits is read once.
    """
    return re.compile(rf"(?:≥{SPACE}?|{_any_of(bounds)})?{_AMOUNT}")


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts))


#: The end of a text that makes another number of the one after it: digits, a sign, a bound, a currency.
_CHANGES_NEXT: Final = re.compile(
    rf"(?:\d[.,'\u2019\ue000]?|[+\u00d7÷*/\u2044\u2215^≥≤<>~≈±€$£₿¥]"
    rf"|(?<!\w)[-\u2212\u2013]|\b(?:EUR|USD|GBP|CHF|BTC) ?|{SCALE_BEFORE})\Z"
)
#: The beginning of a text that makes another number of the one before it.
_CHANGES_LAST: Final = re.compile(rf"[.,'\u2019\ue000]?\d|[\u0300-\u036f\u20d0-\u20ff‰≥≤]|{SCALE_AFTER}")
_NUMBER: Final = re.compile(r"\d+(?:[.,\u202f]\d+)*+")
_LONGEST_NUMBER: Final = 200  #: letters of a figure's text
_LONGEST_UNIT: Final = 24  #: letters in which a unit ends, or a sign begins
_NARROW: Final = re.compile("[\u00a0\u2009\u202f]")


@dataclass(slots=True)
class Audit:
    """What a page was found to state."""

    numbers: int = 0  #: elements compared
    problems: list[str] = field(default_factory=list)


def audit(html: str, known: KnownNumbers) -> Audit:
    """Return how many numbers a page states and every one that is wrong, or bare."""
    page = read_page(html)
    found = Audit(numbers=len(page.stating))
    found.problems += [f"no row is called {row[:90]!r}" for row in page.rows if row not in known.rows]
    found.problems += [
        f"row {row[:90]!r} stands on it {times} times"
        for row, times in Counter(page.rows).items()
        if times > max(len(known.rows.get(row, ())), 1)
    ]
    for element in page.stating:
        found.problems += [f"{element.tag} {element.names}: {problem}" for problem in _wrong(element, known)]
    for passage in page.passages:
        found.problems += _wrong_beside(passage, known)
        found.problems += bare(
            "".join("\ufffc" if part.element or part.quoted else part.text for part in passage)
        )
    found.problems += (problem for text in page.spoken for problem in bare(text))
    return found


def bare(text: str) -> Iterator[str]:
    """Yield what looks like an amount in a text that names no figure."""
    seen = as_seen(text).strip()
    for match in BARE.finditer(seen):
        yield f"bare amount {match[0][:40]!r} in {seen[:90]!r}"


def _wrong_beside(passage: Passage, known: KnownNumbers) -> Iterator[str]:
    """Yield what stands right beside a number and makes another one of it."""
    number: StatingElement | None = None
    tail, following = "", list[str]()
    for part in passage:
        seen = _beside(part.text)
        if part.element is None:
            following.append(seen)
        else:
            yield from _wrong_after(number, "".join(following) + seen, known)
            if seen[:1].isdigit() and _CHANGES_NEXT.search(tail):
                yield f"{part.element.names}: {seen[:40]!r} comes after {tail[-20:]!r}"
            number, following = part.element, []
        tail = (tail + seen)[-_LONGEST_UNIT:]
    yield from _wrong_after(number, "".join(following), known)


def _beside(text: str) -> str:
    return re.sub(r"\s+", " ", as_seen(_NARROW.sub("\ue000", text)))


def _wrong_after(number: StatingElement | None, after: str, known: KnownNumbers) -> Iterator[str]:
    unit = UNIT_AFTER.match(after.replace("\ue000", " ").lstrip())
    changed = _CHANGES_LAST.match(after)
    if number and (
        (changed and number.seen[-1:].isalnum()) or (unit and not _has_unit(number, unit[1], known))
    ):
        yield f"{number.names}: {number.text[:40]!r} is followed by {after[:20]!r}"


def _has_unit(element: StatingElement, unit: str, known: KnownNumbers) -> bool:
    """Tell whether a number may have the unit that stands behind its element."""
    figure = known.figures.get(element.attributes.get("data-figure", ""))
    if figure is None:
        return "data-entry" in element.attributes and unit.lower().startswith("sat")
    if len(element.seen) > _LONGEST_NUMBER:
        return False
    said = "".join((element.seen + re.sub("(?i)satoshi", "sat", unit)).split())
    forms = (
        f"{text}{unit_of(figure, form)}" for form in Form for text in texts_in(figure, form, known.language)
    )
    return any(said == "".join(as_seen(form).split()) for form in forms)


def _wrong(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    attributes, said = element.attributes, known.language.digits
    if element.tag == "data" and "title" in attributes:
        figure = known.figures.get(attributes.get("data-figure", ""))
        if figure is None or figure.value is None or attributes["title"] != exact(figure, known.language):
            yield f"title {attributes['title'][:90]!r} is not its number with all digits"
    is_split = any(map(_split, element.pieces, element.pieces[1:]))
    if is_split if element.tag == "data" else _is_torn(element):
        yield f"{element.text[:90]!r} stands in pieces, which a style may show in another order"
    elif "data-figures" in attributes:
        yield from _wrong_in_sentence(element, known)
    elif "data-figure" in attributes:
        yield from _wrong_figure(element, known)
    elif "data-entry" in attributes:
        amounts = known.amounts_msat(attributes["data-entry"])
        yield from _wrong_in_row(element, {str(msat): said(sat_text(msat)) for msat in amounts})
    elif "data-count" in attributes:
        counts = {row.first.count for row in known.rows.get(attributes["data-count"], ())}
        yield from _wrong_in_row(element, {str(count): str(count) for count in counts})
    elif "data-currency" in attributes:
        currency = attributes["data-currency"]
        worths = known.worths(attributes.get("data-receipt", ""), currency)
        yield from _wrong_in_row(
            element, {worth: said(fiat_text(Decimal(worth), currency)) for worth in worths}
        )
    elif "data-declaration" in attributes:
        row = known.declarations.get(attributes["data-declaration"])
        yield from _wrong_in_row(
            element, {f"{row.amount:f}": said(fiat_text(row.amount, row.currency))} if row else {}
        )
    else:
        yield "names neither a figure nor a row"


def _split(piece: str, following: str) -> bool:
    """Tell whether digits of one number are apart; before a decimal point they may be."""
    return any(letter.isdigit() for letter in piece) and not following.startswith((".", ","))


def _is_torn(element: StatingElement) -> bool:
    """Tell whether a number of a sentence goes on in another piece."""
    ends = set(accumulate(map(len, element.pieces)))
    numbers = (found.span() for found in _NUMBER.finditer(element.text))
    return any(not ends.isdisjoint(range(begins + 1, end)) for begins, end in numbers)


def _wrong_in_row(element: StatingElement, allowed: Mapping[str, str]) -> Iterator[str]:
    value = element.attributes.get("value", "")
    if value not in allowed:
        yield f"value {value!r}, the ledger says {sorted(allowed) or 'nothing'}"
    elif element.text.replace("\u202f", "") != allowed[value].replace("\u202f", ""):
        yield f"text {element.text[:90]!r}, expected {allowed[value]!r}"


def _wrong_figure(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    figure = known.figures.get(element.attributes["data-figure"])
    if figure is None or figure.value is None:
        yield "no such figure, or it has no value"
        return
    if element.tag == "script":
        yield from _wrong_property(element.attributes, figure)
        return
    value = element.attributes.get("value")
    if element.tag == "data" and value != str(figure.value):
        yield f"value {value!r}, figures.json says {figure.value!r}"
    said, language = element.text, known.language
    allowed = every_text(figure, language)
    if element.tag == "data":
        if said not in allowed:
            yield f"text {said[:90]!r}, expected one of {sorted(texts(figure, language))}"
    elif not any(_says(said, text, language) for text in allowed):
        yield f"label {said[:90]!r} has none of {sorted(texts(figure, language))}"


def _wrong_property(said: Mapping[str, str], figure: Figure) -> Iterator[str]:
    """Yield what structured data says otherwise than its figure: the value by its bound, and the unit."""
    wanted = {PROPERTY_OF[figure.bound]: str(figure.value), "unitText": figure.unit}
    found = {name: said[name] for name in (*PROPERTY_OF.values(), "unitText") if name in said}
    if found != wanted:
        yield f"structured data says {found}, expected {wanted}"


def _says(label: str, text: str, language: Language) -> bool:
    """Tell whether a label holds a figure's text and no other digit."""
    before, found, after = label.partition(text)
    other = rf"[\d≥]|{_any_of(bounds_in(language))}"
    return bool(found) and not re.search(other, as_seen(before + after))


def _wrong_in_sentence(element: StatingElement, known: KnownNumbers) -> Iterator[str]:
    """Yield what is wrong as it stands, if it is too without the titles in it: they may have amounts."""
    names = element.attributes["data-figures"].split()
    found = list(_wrong_amounts(element.text, names, known))
    if found and any(_wrong_amounts(known.without_titles(element.text, names), names, known)):
        yield from found


def _wrong_amounts(text: str, names: Sequence[str], known: KnownNumbers) -> Iterator[str]:
    spoken = [match[0] for match in numbers_said(bounds_in(known.language)).finditer(text)]
    if len(spoken) != len(names):
        yield f"{len(spoken)} amounts {spoken[:5]} for {len(names)} figures"
        return
    for name, words in zip(names, spoken, strict=True):
        figure = known.figures.get(name)
        allowed = (
            {text + unit_of(figure, form) for form in Form for text in texts_in(figure, form, known.language)}
            if figure
            else set()
        )
        if words not in allowed:
            yield f"{words!r} for {name}, expected one of {sorted(allowed)}"
