"""Languages read from disk: a catalogue of gettext for each, in Sunlit or beside a site's `config.yaml`.

Babel knows how a locale writes days and numbers, and reads catalogues. It is imported only for other
languages than English.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.errors import ConfigError, Problem
from generator.language import EN_DASH, ENGLISH, DateForms, Language

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

#: What of a message each translation has as often: placeholders of either kind, and tags.
_SLOT: Final = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w+[^>]*>")
#: Of these a form for one may say a word.
_COUNTS: Final = frozenset({"{count}", "%(count)s", "%(num)s", "{number}"})
#: Where a catalogue lies in a folder of languages.
CATALOGUE: Final = "{code}/LC_MESSAGES/sunlit.po"
#: Folder beside `config.yaml` with further languages, or better words for those that we ship.
FOLDER: Final = "languages"


def languages(root: Path, codes: Iterable[str]) -> dict[str, Language]:
    """Return the languages of a site by code.

    Raise `ConfigError` for one that nobody wrote a catalogue for, or whose catalogue cannot be read.
    """
    return {code: ENGLISH if code == ENGLISH.code else _language(root, code) for code in codes}


def every_language(root: Path | None = None) -> dict[str, Language]:
    """Return all languages that a site could have here, those of a repository among them."""
    own = root / FOLDER if root else None
    codes = {
        *shipped_codes(),
        *([item.name for item in own.iterdir() if item.is_dir()] if own and own.is_dir() else []),
    }
    return languages(root or Path(), [ENGLISH.code, *sorted(codes)])


def shipped_codes() -> list[str]:
    """Return the codes of the languages that Sunlit ships besides English."""
    return sorted(item.name for item in _shipped().iterdir() if item.joinpath("LC_MESSAGES").is_dir())


def _language(root: Path, code: str) -> Language:
    place = CATALOGUE.format(code=code)
    own: Traversable = root / FOLDER / place
    found = own if own.is_file() else _shipped().joinpath(place)
    if not found.is_file():
        shipped = ", ".join([ENGLISH.code, *shipped_codes()])
        message = (
            f"there is no catalogue for {code!r}; Sunlit has {shipped}, others are read from {FOLDER}/{place}"
        )
        raise ConfigError(
            Problem(file="config.yaml", path="site.languages", message=message, code="language")
        )
    return parsed(code, found.read_bytes(), file=f"{FOLDER}/{place}")


@lru_cache(maxsize=16)  # a tenth of a second each; a preview reads the same ones again and again
def parsed(code: str, data: bytes, *, file: str) -> Language:
    """Return a language from the bytes of its catalogue; raise `ConfigError` for what is none."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 -- a tenth of a second
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    try:
        locale = Locale.parse(code, sep="-")
        catalogue = read_po(BytesIO(data), locale=code, abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError) as error:
        message = f"no catalogue of gettext for {code!r} ({error}); `msgfmt --check` says more"
        raise ConfigError(Problem(file=file, path="", message=message, code="language")) from None
    problems = [
        Problem(file=file, line=line, path="", message=message, code="language")
        for line, message in _faults(catalogue)
    ]
    if problems:
        raise ConfigError(*problems)
    return _with_forms(locale, code, catalogue)


def _faults(catalogue: "Catalog") -> Iterator[tuple[int, str]]:
    """Yield line and fault of each translation that lacks a slot or tag of its message, or has one more."""
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


def _odd(form: str, text: str, *, counted: bool) -> list[str]:
    """Return what a translation lacks of a message, or has more than it; a count may be said in a word."""
    wanted, found = Counter(_SLOT.findall(text)), Counter(_SLOT.findall(form))
    lacks = [slot for slot in wanted - found if not counted or slot not in _COUNTS]
    more = [slot for slot in found - wanted if not counted or slot not in _COUNTS]
    return [*lacks, *more] or _braces(form, text)


def _braces(form: str, text: str) -> list[str]:
    """Return the braces of a translation that hold no placeholder, where the message has none such."""
    left = re.findall("[{}]", _SLOT.sub("", form))
    return left if len(left) != len(re.findall("[{}]", _SLOT.sub("", text))) else []


def _with_forms(locale: "Locale", code: str, catalogue: "Catalog") -> Language:
    months = locale.months["format"]
    return Language(
        code=code,
        name=(locale.get_display_name(locale) or code).capitalize(),
        messages=dict(_messages(catalogue)),
        plural=catalogue.plural_expr,
        rtl=locale.character_order == "right-to-left",
        decimal=locale.number_symbols["latn"]["decimal"],
        dates=DateForms(
            day=str(locale.datetime_skeletons["yMMMd"].pattern),
            day_of_year=str(locale.datetime_skeletons["MMMd"].pattern),
            month=str(locale.datetime_skeletons["yMMMM"].pattern),
            spans=tuple(_span(locale, *names) for names in (("MMMd", "d"), ("MMMd", "M"), ("yMMMd", "y"))),
            months=tuple(months["abbreviated"][number] for number in range(1, 13)),
            month_names=tuple(months["wide"][number] for number in range(1, 13)),
        ),
    )


def _span(locale: "Locale", pattern: str, differs: str) -> tuple[str, str]:
    """Return how a locale writes days from one to another: the first one, with what joins them, the last."""
    day = str(locale.datetime_skeletons[pattern].pattern)
    begin, end = locale.interval_formats.get(pattern, {}).get(differs) or (f"{day} {EN_DASH} ", day)
    return begin, end


def _messages(catalogue: "Catalog") -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield key and forms of each message that is translated and not in doubt."""
    for message in catalogue:
        text = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if text and all(forms) and not message.fuzzy:
            yield (f"{message.context}\x04{text}" if message.context else text), forms


def _shipped() -> Traversable:
    return files("generator").joinpath("languages")
