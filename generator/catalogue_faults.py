"""What is wrong with a catalogue of gettext: a translation has the slots, tags and numbers of its message."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from gettext import c2py
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: Bytes of a catalogue: ten times those of the one that we ship.
MOST_BYTES: Final = 2 * 2**20
#: What of a message each translation has as often: placeholders of either kind, and tags.
_SLOT: Final = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w+[^>]*>")
#: Of these a form for one may say a word.
_COUNTS: Final = frozenset({"{count}", "%(count)s", "%(num)s", "{number}"})
#: What else of a message a browser or we would read as a sign.
_SIGNS: Final = re.compile("[{}<>]")
_DIGITS: Final = re.compile(r"\d+")
#: Money by code, sign and the names that many languages have for it, and powers of ten; coins are money
#: too, where a message is about sats.
_UNITS: Final = {
    name: re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)
    for name, forms in {
        "BTC": "m?btc",
        "EUR": "eur|euros?",
        "USD": "usd|dollars?",
        "GBP": "gbp|pounds?|pfund",
        "CHF": "chf|franken|francs",
        "a million": r"million\w*|mio\.?",
        "a billion": r"milliard\w*|billion\w*|mrd\.?",
        "a thousand sats": r"kilo-?sats?|ksats?",
    }.items()
}
#: What a number is said to be bounded by: whoever takes one for the other reads a lie.
_OPPOSITE: Final = ("at least", "at most")
_UNIT_SIGNS: Final = re.compile("[₿€$£]")
_SATS: Final = re.compile(r"(?<!\w)sats?(?!\w)")
_COINS: Final = re.compile(r"(?<!\w)bitcoins?(?!\w)", re.IGNORECASE)
#: Letters of a rule of plurals; the longest of Unicode's has half of them.
_LONGEST_RULE: Final = 500
_COUNTED: Final = 1_000  #: no language counts otherwise beyond


def faults(catalogue: "Catalog") -> Iterator[tuple[int, str]]:
    """Yield line and fault of each translation that would break a page, or state another number.

    It lacks a slot or tag of its message, or has one more, or a number or a unit that the message has not.
    """
    if why := _plural_fault(catalogue.plural_expr, catalogue.num_plurals):
        yield 1, f"Plural-Forms {why}; `msgfmt --check` says more"
    least, most = (_forms_of(catalogue, words) for words in _OPPOSITE)
    if both := least & most:
        yield 1, f"{min(both)!r} is said for {_OPPOSITE[0]!r} and for {_OPPOSITE[1]!r}: translate them apart"
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        if not ids[0] or message.fuzzy:
            continue
        for form in filter(None, forms):
            odd = [_odd(form, text, counted=len(ids) > 1) for text in ids]
            if all(odd):
                text = f"{form[:60]!r} and its message must have the same placeholders and tags: {odd[-1][0]}"
                yield message.lineno or 1, text
            elif more := _numbers(form) - set().union(*map(_numbers, ids)):
                text = f"{form[:60]!r} states {min(more)}, which its message does not: take it out"
                yield message.lineno or 1, text
            elif units := _units(form, ids) - set().union(*(_units(text, ids) for text in ids)):
                text = f"{form[:60]!r} names {min(units)}, which its message does not: take it out"
                yield message.lineno or 1, text


def _forms_of(catalogue: "Catalog", words: str) -> set[str]:
    """Return how a catalogue says words, written small or large."""
    messages = (message for message in catalogue if isinstance(message.id, str) and not message.fuzzy)
    return {str(message.string).lower() for message in messages if str(message.id).lower() == words} - {""}


def _odd(form: str, text: str, *, counted: bool) -> list[str]:
    """Return what a translation lacks of a message, or has more than it; a count may be said in a word."""
    wanted, found = Counter(_SLOT.findall(text)), Counter(_SLOT.findall(form))
    lacks = [slot for slot in wanted - found if not counted or slot not in _COUNTS]
    more = [slot for slot in found - wanted if not counted or slot not in _COUNTS]
    return [*lacks, *more] or _signs(form, text)


def _signs(form: str, text: str) -> list[str]:
    """Return the signs of a translation that are no placeholder or tag, where its message has others."""
    left = _SIGNS.findall(_SLOT.sub("", form))
    return left if len(left) != len(_SIGNS.findall(_SLOT.sub("", text))) else []


def _numbers(text: str) -> set[int]:
    """Return the numbers that a text states itself, in whichever digits."""
    return set(map(int, _DIGITS.findall(_SLOT.sub("", text))))


def _units(text: str, message: Iterable[str]) -> set[str]:
    """Return the units that a text names: beside a number of sats another one makes another amount of it."""
    bare = _SLOT.sub("", text)
    coins = _COINS.findall(bare) if any(map(_SATS.search, message)) else []
    named = {name for name, pattern in _UNITS.items() if pattern.search(bare)}
    return {*named, *_UNIT_SIGNS.findall(bare), *(coin.lower() for coin in coins)}


def _plural_fault(rule: str, count: int) -> str:
    """Return what is wrong with a rule that says which of so many forms a count takes."""
    if len(rule) > _LONGEST_RULE:
        return f"has a rule of more than {_LONGEST_RULE} letters"
    try:
        form_of = c2py(rule)
        beyond = next((number for number in range(_COUNTED) if not 0 <= form_of(number) < count), None)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return f"has a rule that cannot be followed ({error})"
    return "" if beyond is None else f"leads {beyond} to a form that there is not"
