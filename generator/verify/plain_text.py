"""Text as a person sees it: letters that show nothing are gone, and every digit is one of ``0`` to ``9``."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

SPACE: Final = r"[ \u00a0\u2009\u202f]"
#: A number in groups of three; bounded, so that no text makes a search of it grow with the square.
GROUPED: Final = rf"\d{{1,3}}(?:(?:{SPACE}|,)\d{{3}}){{1,12}}(?!\d)"
#: What belongs to the network: "3 Bitcoin addresses" are no bitcoins.
_OF_NETWORK: Final = (
    "address adresse block blöcke chain core header key knot main netz network node project projekt row "
    "script server signature signatur source test transaction transaktion wallet zeile"
)
_NO_MONEY: Final = rf"(?![ -](?:{'|'.join(_OF_NETWORK.split())})(?:e?[ns]|es|e)?\b)"
#: As a person writes them, in any case; a "Sat" is a day.
_WORDS: Final = (
    rf"m?sats|m?satoshis?|[mµ]?BTC|bitcoins?{_NO_MONEY}|per ?cent|prozent|EUR|USD|GBP|CHF|euros?|dollars?"
    "|cents?|franken|rappen|pfund|yen|ethers?|francs?|pounds?|ounces?|ETH|LTC|XMR|USDT"
)
#: Of money; in small letters some of them are words.
_CODES: Final = (
    "JPY|CNY|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|TRY|BRL|INR|KRW|MXN|ZAR|XAU|XAG|AED|ARS|BGN|CLP|COP|EGP|GHS"
    "|HKD|IDR|ILS|ISK|KES|MYR|NGN|PEN|PHP|PKR|RON|RSD|RUB|SAR|SGD|THB|TWD|UAH|UYU|VES|VND|XAF|XOF|XDR"
)
_SIGNS: Final = r"%|[$£¢¤¥\u20a0-\u20cf]|[kMG]\b"
_UNITS: Final = rf"(?:m?sat|(?i:{_WORDS})|{_CODES}|{_SIGNS})"
#: What looks like an amount: grouped digits, a number before a unit, a currency before a number.
BARE: Final = re.compile(
    rf"{GROUPED}|(?<![\d.,])\d[\d.,]*+{SPACE}?{_UNITS}(?![A-Za-z])"
    rf"|(?:[$£¢¤¥\u20a0-\u20cf]|\b(?:EUR|USD|GBP|CHF|BTC)){SPACE}?\d"
)
#: Numerals of Chinese, and pictures of a number.
_NUMERALS: Final = "〇零一二三四五六七八九十百千万萬亿億兆\U0001f4af\U0001f51f"
#: The same, or letters that pass for digits; each run of them is read once.
_ALIKE: Final = rf"(?<![A-Za-z|])[OoIl|]{{2,}}+|(?<![{_NUMERALS}])[{_NUMERALS}]++"
#: Numbers in words of the languages that we ship, and what longer ones are put together of.
_SPELLED: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? "
    "thousands? millions? billions? dozens? "
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf sechzehn siebzehn zwanzig drei(?:ß|ss)ig "
    "vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend millionen? milliarden? dutzend"
)
_PIECES: Final = "|".join(sorted(_SPELLED.split(), key=len, reverse=True))
_IN_WORDS: Final = rf"(?:ein|und)*+(?:{_PIECES})(?:{_PIECES}|und|ein)*+"
#: A number in words or in such letters before a unit.
SPOKEN: Final = re.compile(
    rf"(?:\b(?i:{_IN_WORDS})[ -](?:of )?|(?:{_ALIKE}){SPACE}?)"
    rf"{_UNITS}(?![A-Za-z])"
)
#: A unit right after a number.
UNIT_AFTER: Final = re.compile(rf"{SPACE}?([kMG]?{SPACE}?{_UNITS})(?![A-Za-z])")
_SCALES: Final = (
    "hundreds?|thousands?|millions?|billions?|trillions?|dozens?|hundert|tausend|millionen|milliarden?"
    "|mio|mrd|tsd"
)
#: A word right after a number, or before it, that makes another one of it.
SCALE_AFTER: Final = rf"(?:{SPACE}|[-\ue000])?(?i:{_SCALES})(?![A-Za-z])"
SCALE_BEFORE: Final = rf"\b(?i:{_SCALES})(?: and| und)?[ -]?"
#: Words before a number that make a bound of it, or turn one round.
COMPARING: Final = (
    r"\b(?i:at most|at least|(?:less|fewer|more) than|up to|minus|höchstens|mindestens"
    r"|(?:weniger|mehr) als|bis zu)"
)
#: A unit by itself; after "and" stands the name of a network.
_LONE_UNIT: Final = re.compile(
    r"(?<!and )(?<![A-Za-z])(?i:(sats?|satoshis?)|(BTC|bitcoins?|₿)|(EUR|euros?|€)|(USD|dollars?|\$)"
    r"|(GBP|£)|(CHF))(?![A-Za-z])"
)
#: A word of at least two letters.
WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LONGEST_HEAD: Final = 6  #: words of a line that heads a column of numbers
#: Letters that turn round what stands beside them: in front of ≥, a mark makes ≤ of it.
REORDERING: Final = re.compile("[\u061c\u200f\u202a-\u202e\u2066-\u2069]")
_SHOWS_NOTHING: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
#: Letters that are read as digits, whichever they mean: of Braille, and faces of dice.
_TALLIES: Final = frozenset(map(chr, (*range(0x2801, 0x2900), *range(0x2680, 0x2686))))
#: A letter that may be a digit of another script.
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def as_seen(text: str) -> str:
    """Return a text with compatible letters made one, what shows nothing gone, and all digits in ASCII."""
    if text.isascii():
        return text
    seen = _BEYOND_ASCII.sub(lambda match: _digit(match[0]), _SHOWS_NOTHING.sub("", text))
    return unicodedata.normalize("NFKC", seen)


def units_of_head(line: str) -> set[int]:
    """Return which units a line names that may head a column: a short one without a number of its own."""
    if len(line.split()) > _LONGEST_HEAD or any(letter.isdigit() for letter in line):
        return set()
    return {match.lastindex or 0 for match in _LONE_UNIT.finditer(line)}


@lru_cache(maxsize=1024)  # a page has few letters beyond ASCII, and each of them often
def _digit(letter: str) -> str:
    if letter in _TALLIES:
        return f"{1 + ord(letter) % 6}"
    if unicodedata.category(letter) not in {"Nd", "Nl", "No"}:
        return letter
    return f"{unicodedata.numeric(letter):g}"
