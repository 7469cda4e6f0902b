"""Gathers every message of code and templates into the catalogues of `generator/languages/`: `make messages`.

A message that is new stands there without a translation, one that is gone is taken out.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from generator.catalogue_draft import updated
from generator.catalogues import CATALOGUE, shipped_codes
from generator.inputs import default_templates
from generator.pages.environment import bare_environment
from generator.report.catalogue import FAMILIES, OF_TODAY, SINGLE
from tools.rooms import ROOT

LANGUAGES: Final = ROOT / "generator" / "languages"
#: What says a message in Python, and which of its arguments are forms of it.
KEYWORDS: Final = {"say": None, "say_count": (1, 2), "counting": (1, 2)}


def messages() -> Catalog:
    """Return every message, without translations, with the files in which it stands."""
    found = Catalog(fuzzy=False)
    for path, (text, context) in sorted([*_of_code(), *_of_templates(), *_of_figures()], key=str):
        found.add(text, context=context, locations=[(path, 1)])
    return found


def _of_code() -> Iterator[tuple[str, tuple[str | tuple[str, ...], str | None]]]:
    for path in sorted((ROOT / "generator").rglob("*.py")):
        data = path.read_bytes()
        if b"from generator.sentence import" in data:  # elsewhere `say` is another function
            for _, text, _, context in extract("python", BytesIO(data), keywords=KEYWORDS):
                yield path.relative_to(ROOT).as_posix(), (text, context)


def _of_templates() -> Iterator[tuple[str, tuple[str | tuple[str, ...], str | None]]]:
    env = bare_environment(trim_blocks=True, lstrip_blocks=True)
    for name, data in default_templates().items():
        if name.endswith(".html"):
            for _, function, text in env.extract_translations(data.decode()):  # type: ignore[attr-defined]
                yield f"templates/{name}", _with_context(function, text)


def _of_figures() -> Iterator[tuple[str, tuple[str, None]]]:
    """Yield what the method page says of each figure."""
    for definition in (*SINGLE, *FAMILIES, *OF_TODAY):
        yield "generator/report/catalogue.py", (definition.words.text, None)


def _with_context(function: str, text: str | tuple[str, ...]) -> tuple[str | tuple[str, ...], str | None]:
    parts = (text,) if isinstance(text, str) else tuple(filter(None, text))
    context = parts[0] if function in ("pgettext", "npgettext") else None
    forms = parts[1:] if context else parts
    return (forms if len(forms) > 1 else forms[0]), context


def main() -> None:
    """Write every catalogue anew."""
    found = messages()
    for code in shipped_codes():
        path = LANGUAGES / CATALOGUE.format(code=code)
        data = updated(path.read_bytes(), code, found)
        path.write_bytes(data)
        empty = sum(not message.string or message.string == ("", "") for message in read_po(BytesIO(data)))
        print(f"{path.relative_to(ROOT)}: {len(found)} messages, {empty} to translate")


if __name__ == "__main__":
    main()
