"""What somebody wrote where something else belongs: each function names it and says the fix, or nothing."""

import re
import unicodedata
from typing import Final

from generator.config.secret_shapes import looks_secret

_IDENTIFIER: Final = re.compile(r"angor1[02-9ac-hj-np-z]{39}")
_IDENTIFIER_LETTERS: Final = 45
#: Beginnings of what people copy from pages of Nostr and Bitcoin, and what these are.
_OTHER_KEYS: Final = (
    (r"npub1", "this is the Nostr key of a person"),
    (r"nprofile1", "this is the Nostr profile of a person"),
    (r"(?:note|nevent|naddr)1", "this is the name of a Nostr event"),
    (r"nsec1", "this is a secret key: use it no more"),
    (r"(?:bc|tb|bcrt)1|[13mn2][1-9A-HJ-NP-Za-km-z]{25,34}$", "this is a Bitcoin address"),
    (r"(?:02|03)[0-9a-fA-F]{64}$", "this is a public key, such as the founder's"),
    (r"[0-9a-fA-F]{64}$", "this is a key or the id of an event, in hex digits"),
)
_ON_ITS_PAGE: Final = "copy the identifier, which begins with angor1, from the project's page"
_SYMBOLS: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "fr": "CHF", "sfr": "CHF", "euro": "EUR", "euros": "EUR",
    "dollar": "USD", "dollars": "USD", "us$": "USD", "pound": "GBP", "pounds": "GBP", "yen": "JPY",
}  # fmt: skip
_CODE: Final = 3
_ID_PLACE: Final = re.compile(r"/(?:stores|apps|payment-requests|pull-payments)/([A-Za-z0-9_-]+)")


def identifier_slip(text: str) -> str:
    """Say what stands in place of a project's identifier."""
    if (found := _IDENTIFIER.search(text.lower())) and found.group() != text:
        return f"write {found.group()} alone"
    for pattern, what in _OTHER_KEYS:
        if re.match(pattern, text):
            return f"{what}: {_ON_ITS_PAGE}"
    if re.match(r"https?://", text):
        return f"this is the address of a page: {_ON_ITS_PAGE}"
    if text.lower().startswith("angor1"):
        odd = next((letter for letter in text.lower()[6:] if letter in "1bio" or not letter.isalnum()), "")
        if len(text) != _IDENTIFIER_LETTERS:
            return f"this one has {len(text)} letters instead of {_IDENTIFIER_LETTERS}: copy it again"
        return f"the letter {odd!r} is in no identifier: copy it again" if odd else "copy it again"
    return _ON_ITS_PAGE


def nostr_key_slip(text: str) -> str:
    """Say what stands in place of a public Nostr key."""
    if found := re.search(r"npub1[02-9ac-hj-np-z]{58}", text):
        whole = found.group() == text
        return "a letter of it is wrong: copy it again" if whole else f"write {found.group()} alone"
    if text.lower().startswith("npub1"):
        return "it was not copied whole: copy it again"
    if re.fullmatch(r"[0-9A-F]{64}", text, re.IGNORECASE):
        return "write its letters small"
    if "@" in text:
        return "this is a name: copy the npub from that person's profile"
    other = next((what for pattern, what in _OTHER_KEYS if re.match(pattern, text)), "")
    return f"{other}: copy the npub from the moderator's profile" if other else "copy it from their profile"


def id_slip(text: str) -> str:
    """Say what stands in place of an id of BTCPay."""
    if found := _ID_PLACE.search(text):
        return f"write {found.group(1)} alone"
    if text.endswith(("…", "...")):
        return "it was shortened: copy the whole id"
    if "://" in text:
        return "this is an address: copy the id alone, the part behind /stores/ or /apps/"
    if not text.strip():
        return "nothing stands here: copy the id from the address of its page"
    return "blanks, commas, brackets and quotes are no part of it: copy the id alone"


def variable_slip(text: str) -> str:
    """Say what stands in place of a variable's name; a secret may, so it is not repeated."""
    text = text.strip(" \"'“”„\u2018\u2019").removeprefix("export ")
    if re.fullmatch(r"[A-Z_][A-Z0-9_]{0,15}", text):
        return f"write {text} alone"
    if found := re.fullmatch(r"\$\{*\s*(?:secrets\.|env\.)?([A-Z_][A-Z0-9_]*)\s*\}*", text):
        return f"write {found.group(1)} alone"
    if re.fullmatch(r"[A-Z_][A-Z0-9_]*\s*=.*", text):
        return "write the name alone; what it holds is set where the job runs, and never stands in this file"
    if is_variable_like(text):
        return f"write {re.sub(r'[^A-Z0-9]+', '_', text.upper()).strip('_')}"
    return "what it holds never stands in this file: if a real key stood here, revoke it and make a new one"


def is_variable_like(text: str) -> bool:
    """Tell whether a text is a name in another spelling, which can be no secret."""
    words = re.split(r"[-_. ]+", text.strip().lower())
    known = {"token", "key", "api", "secret", "btcpay", "env", "nostr", "webhook", "hook", "github", "store"}
    plain = all(re.fullmatch(r"[a-z]{1,12}\d?", word) for word in words)
    return plain and any(name in word for word in words for name in known) and not looks_secret(text)


def slug_slip(text: str) -> str:
    """Write a text as a slug."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    return f"write {slug}" if slug else "write a short name in Latin letters"


def currency_slip(text: str) -> str:
    """Say which code is meant."""
    code = _SYMBOLS.get(text.strip().lower(), text.strip().upper())
    return f"write {code}" if re.fullmatch(r"[A-Z]{3}", code) else "write the three letters of its code"


def money_slip(text: str) -> str:
    """Say how an amount of a currency is written that was written otherwise."""
    codes = [word.upper() for word in re.findall(r"[A-Za-z]+", text) if len(word) == _CODE]
    codes += [_SYMBOLS[sign] for sign in "€$£¥" if sign in text]
    if not codes:
        return "the currency is missing: write its code behind the number"
    found = re.search(r"\d[\d.,' _]*", text)
    number = re.sub(r"[\s'_]", "", found.group()) if found else ""
    number = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".").rstrip(".")
    simple = re.fullmatch(r"\d+(\.\d{1,2})?", number) and not re.search(r"\d\s*[kKmM]\b", text)
    return f"write {number} {codes[0]}" if simple else "write all digits, a blank and the code"


def repository_slip(text: str) -> str:
    """Say what stands in place of the name of a repository."""
    found = repository_in(text)
    return f"write {found}" if found else "write the owner, a slash and the name"


def repository_in(text: str) -> str | None:
    """Find owner and name in an address of GitHub."""
    found = re.search(r"github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?(?:[/?#].*)?$", text)
    return f"{found.group(1)}/{found.group(2)}" if found else None


def workflow_slip(text: str) -> str:
    """Find the file's name in a path."""
    name = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"write {name}" if re.fullmatch(r"[\w.-]+\.ya?ml", name) else "it ends with .yml"


def number_slip(text: str) -> str:
    """Say how a whole number is written that has commas or a unit."""
    digits = re.sub(r"[\s,._']", "", text)
    plain = re.fullmatch(r"\d{1,15}", digits) and not re.search(r"[.,]\d{1,2}$|\.\d{4,}$", text)
    if plain:
        return f"write {int(digits)}"
    if found := re.fullmatch(r"(\d{1,15})\s*(?:h|hours?|s|seconds?|sats?|days?|%)", text.strip()):
        return f"write {found.group(1)}"
    return "write all digits, and nothing else"


def day_slip(text: str) -> str:
    """Say how a day is written that was written in another order."""
    day_first = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text.strip())
    year_first = re.fullmatch(r"(\d{4})[./ ](\d{1,2})[./ ](\d{1,2})", text.strip())
    if day_first:
        day, month, year = day_first.groups()
    elif year_first:
        year, month, day = year_first.groups()
    else:
        return "write the year first, then month and day"
    return f"write {year}-{month:0>2}-{day:0>2}"
