"""Catalogues as files to be translated: with every message that there is, and what was translated of them."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

from generator.catalogues import shipped_catalogue, shipped_codes

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

#: A catalogue without messages; one without a head is given one with the year in it.
_EMPTY: Final = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
#: Lines of a head that differ from day to day, or say what nobody asks.
_HEAD: Final = ("POT-", "PO-", "Report-", "Last-", "Language-Team", "Generated-")


def drafted(code: str, own: bytes | None) -> bytes:
    """Return the catalogue of a language with every message of Sunlit's; translations of `own` stay.

    What a theme of one's own says is no message of Sunlit's, and stays where it is translated.
    """
    from babel import Locale  # noqa: PLC0415 -- a tenth of a second
    from babel.messages.catalog import Catalog  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    locale = Locale.parse(code, sep="-")
    whole = read_po(BytesIO(shipped_catalogue(shipped_codes()[0])))
    found = Catalog(fuzzy=False)
    for message in whole:
        if message.id:
            found.add(message.id, context=message.context, locations=message.locations)
    for message in read_po(BytesIO(own or b""), locale=locale):
        if message.id and message.string and found.get(message.id, message.context) is None:
            found.add(message.id, context=message.context)
    return updated(own or _EMPTY, locale, found)


def updated(catalogue: bytes, locale: "Locale | str", found: "Catalog") -> bytes:
    """Return a catalogue with the messages that there are: its translations stay, by their exact text."""
    from babel.messages.pofile import read_po, write_po  # noqa: PLC0415 -- a tenth of a second

    catalog = read_po(BytesIO(catalogue), locale=locale)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    out = BytesIO()
    write_po(out, catalog, width=100, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip('"').startswith(_HEAD)).encode()
