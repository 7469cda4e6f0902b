"""Languages read from disk: a catalogue of gettext for each, in Sunlit or beside a site's `config.yaml`.

Babel knows how a locale writes days and numbers, and reads catalogues. It is imported only for other
languages than English.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.catalogue_faults import MOST_BYTES, faults
from generator.errors import ConfigError, Problem
from generator.language import EN_DASH, ENGLISH, DateForms, Language

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

#: Where a catalogue lies in a folder of languages.
CATALOGUE: Final = "{code}/LC_MESSAGES/sunlit.po"
#: Folder beside `config.yaml` with further languages, or better words for those that we ship.
FOLDER: Final = "languages"
NO_CATALOGUE: Final = "English is what messages are written in: say it otherwise in templates of your own"


def own_catalogues(root: Path, codes: Iterable[str] | None = None) -> dict[str, bytes]:
    """Return the catalogues beside a site's `config.yaml`, by code: of some languages, or all there are.

    Raise `ConfigError` for one that nobody could read to its end, or of the language that messages are in.
    """
    folder = root / FOLDER
    there = sorted(item.name for item in folder.iterdir() if item.is_dir()) if folder.is_dir() else []
    found = {code: folder / place_of(code) for code in there if codes is None or code in codes}
    problems = [
        _problem(f"{FOLDER}/{place_of(code)}", why)
        for code, path in found.items()
        if (why := _refused(code, path))
    ]
    if problems:
        raise ConfigError(*problems)
    return {code: path.read_bytes() for code, path in found.items()}


def _refused(code: str, path: Path) -> str:
    if code == ENGLISH.code:
        return NO_CATALOGUE
    if not path.is_file():
        return f"there is no such file: write it, or take the folder {FOLDER}/{code} away"
    return f"longer than {MOST_BYTES} bytes" if path.stat().st_size > MOST_BYTES else ""


def languages(own: Mapping[str, bytes], codes: Iterable[str]) -> dict[str, Language]:
    """Return languages by code, from Sunlit's catalogues and those of a site's `own`, by code.

    Raise `ConfigError` for one that nobody wrote a catalogue for, or whose catalogue cannot be used.
    """
    return {code: ENGLISH if code == ENGLISH.code else _language(code, own.get(code)) for code in codes}


def every_language(own: Mapping[str, bytes] | None = None) -> dict[str, Language]:
    """Return all languages that a site could have: Sunlit's, and those of its `own` catalogues."""
    return languages(own or {}, [ENGLISH.code, *sorted({*shipped_codes(), *(own or {})})])


def shipped_catalogue(code: str) -> bytes:
    """Return the bytes of a catalogue that Sunlit ships."""
    return _shipped().joinpath(place_of(code)).read_bytes()


def untranslated(languages: Iterable[Language]) -> Iterator[Problem]:
    """Yield a warning for each language that lacks messages."""
    for language in languages:
        if count := language.untranslated:
            step = f"`sunlit translate {language.code}` puts them into the file"
            message = f"{count} messages have no translation, so pages say them in English; {step}"
            yield replace(_problem(f"{FOLDER}/{place_of(language.code)}", message), severity="warning")


def place_of(code: str) -> str:
    """Return where the catalogue of a language lies in a folder of languages."""
    return CATALOGUE.format(code=code)


def shipped_codes() -> list[str]:
    """Return the codes of the languages that Sunlit ships besides English."""
    return sorted(item.name for item in _shipped().iterdir() if item.joinpath("LC_MESSAGES").is_dir())


def _language(code: str, own: bytes | None) -> Language:
    place = place_of(code)
    shipped = _shipped().joinpath(place)
    known = parsed(code, shipped.read_bytes(), file=place) if shipped.is_file() else None
    if own is None and known is None:
        have = ", ".join([ENGLISH.code, *shipped_codes()])
        message = (
            f"there is no catalogue for {code!r}; Sunlit has {have}: `sunlit translate {code}` begins one"
        )
        raise ConfigError(_problem("config.yaml", message, path="site.languages"))
    if own is None or known is None:
        found = known or parsed(code, own or b"", file=f"{FOLDER}/{place}")
        english = code.partition("-")[0] == ENGLISH.code
        return found if english else replace(found, untranslated=len(_every_key() - found.messages.keys()))
    return _joined(known, parsed(code, own, file=f"{FOLDER}/{place}"), f"{FOLDER}/{place}")


def _joined(known: Language, own: Language, file: str) -> Language:
    """Return a language of Sunlit's in which a site's own catalogue says some messages otherwise."""
    if own.plural != known.plural:
        message = f"Plural-Forms must have the rule of Sunlit's own catalogue: plural={known.plural};"
        raise ConfigError(_problem(file, message))
    return replace(known, messages={**known.messages, **own.messages})


@lru_cache(maxsize=1)
def _every_key() -> frozenset[str]:
    """Return the keys of all messages: a shipped catalogue is whole."""
    code = shipped_codes()[0]
    return frozenset(parsed(code, shipped_catalogue(code), file="").messages)


def _problem(file: str, message: str, *, line: int = 1, path: str = "") -> Problem:
    return Problem(file=file, line=line, path=path, message=message, code="language")


@lru_cache(maxsize=16)  # a tenth of a second each; a preview reads the same ones again and again
def parsed(code: str, data: bytes, *, file: str) -> Language:
    """Return a language from the bytes of its catalogue; raise `ConfigError` for what is none."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 -- a tenth of a second
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    try:
        locale = Locale.parse(code, sep="-")
        catalogue = read_po(BytesIO(data), locale=locale, abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError) as error:
        message = f"no catalogue of gettext for {code!r} ({error}); `msgfmt --check` says more"
        raise ConfigError(_problem(file, message)) from None
    if problems := [_problem(file, message, line=line) for line, message in faults(catalogue)]:
        raise ConfigError(*problems)
    return _with_forms(locale, code, catalogue)


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
