"""Dated notes of the maintainer's, from `content/notes.yaml`: shown in text and on charts; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from generator.config.hints import hint, quoted
from generator.config.positions import KeyPath, YamlDocument
from generator.config.value_types import LANGUAGE
from generator.config.yaml_reader import read_yaml
from generator.errors import ConfigError
from generator.language import ENGLISH
from generator.sentence import Sentence, Written, say
from generator.text_format import clean

#: Where the file stands in the repository.
FILE: Final = "content/notes.yaml"
MOST: Final = 500
LONGEST_TEXT: Final = 500
#: Letters of what stands on a chart.
LONGEST_LABEL: Final = 24
_KEYS: Final = ("day", "until", "text", "label", "project")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


_NOTE: Final = say("note")


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What the maintainer says about a day, or several; `id` is stable while its day and place stay."""

    id: str
    day: date
    until: date | None = None  #: the last day, where there are several
    text: Written
    label: Written | Sentence = _NOTE  #: on charts; it has no digits, which would look like a figure
    project: str = ""  #: slug; empty: the whole report


def annotations(text: str, codes: Sequence[str] = ()) -> tuple[Annotation, ...]:
    """Return the notes of a file, the newest first; raise `ConfigError` naming everything that is wrong.

    `codes` are of the site's languages; without any only what holds for all sites is told.
    """
    document = read_yaml(text, FILE)
    found = [] if document.problems else list(_items(document, codes))
    if document.problems:
        raise ConfigError(*document.problems)
    return tuple(sorted(found, key=lambda note: (note.day, note.id), reverse=True))


def of_project(notes: tuple[Annotation, ...], slug: str) -> tuple[Annotation, ...]:
    """Return the notes on the page of a project; with an empty slug those about the whole report."""
    return tuple(note for note in notes if note.project == slug)


def _items(document: YamlDocument, codes: Sequence[str]) -> Iterator[Annotation]:
    items = document.value
    if items is None:
        return
    if not isinstance(items, list) or len(items) > MOST:
        _wrong(document, (), f"expected a list of at most {MOST} notes, each behind a dash")
        return
    seen: dict[str, int] = {}
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            _wrong(document, (number,), "expected a note with the keys day and text")
            continue
        for key in item.keys() - set(_KEYS):
            message = f"unknown key {quoted(key)}{hint(key, _KEYS)}; allowed: {', '.join(_KEYS)}"
            _wrong(document, (number, key), message)
        if (note := _note(document, number, item, seen, codes)) is not None:
            yield note


def _note(
    document: YamlDocument,
    number: int,
    item: Mapping[str, object],
    seen: dict[str, int],
    codes: Sequence[str],
) -> Annotation | None:
    before = len(document.problems)
    day, until = (_day(document, number, item, key) for key in ("day", "until"))
    text = _written(document, (number, "text"), item.get("text"), LONGEST_TEXT, codes)
    label = (
        _written(document, (number, "label"), item["label"], LONGEST_LABEL, codes)
        if "label" in item
        else _NOTE
    )
    project = item.get("project", "")
    if day is None and "day" not in item:
        _wrong(document, (number,), "the note has no day: add day: 2027-03-31")
    if day and until and until < day:
        _wrong(document, (number, "until"), "until is before day: the first day stands in day")
    if isinstance(label, Written) and any(map(str.isnumeric, "".join(label.all))):
        _wrong(document, (number, "label"), "a label has no digits: on a chart they would look like a figure")
    if not isinstance(project, str) or (project and not _SLUG.fullmatch(project)):
        _wrong(document, (number, "project"), "project must be the slug of one, such as village-well")
    if day is None or len(document.problems) > before:
        return None
    name = f"note/{project or 'all'}/{day}"
    seen[name] = seen.get(name, 0) + 1
    found = name if seen[name] == 1 else f"{name}/{seen[name]}"
    return Annotation(id=found, day=day, until=until, text=text, label=label, project=str(project))


def _day(document: YamlDocument, number: int, item: Mapping[str, object], key: str) -> date | None:
    value = item.get(key)
    if key not in item or (isinstance(value, date) and not isinstance(value, datetime)):
        return value if isinstance(value, date) else None
    _wrong(document, (number, key), f"{key} must be a day such as 2027-03-31")
    return None


def _written(
    document: YamlDocument, path: KeyPath, value: object, most: int, codes: Sequence[str]
) -> Written:
    """Return a text in one language, the first of the site, or in those that its keys are codes of."""
    first = codes[0] if codes else ENGLISH.code
    if not isinstance(value, dict):
        return Written(_text(document, path, value, most), first)
    for code in value:
        if not isinstance(code, str) or not re.fullmatch(LANGUAGE.pattern, code):
            _wrong(
                document, path, f"{quoted(str(code))} is no code of a language, such as de: put it in quotes"
            )
        elif codes and code not in codes:
            step = "add it to site.languages in config.yaml, or take it out"
            _wrong(
                document, (*path, code), f"the site has no language {code}, so nobody would see this: {step}"
            )
    if first not in value:
        _wrong(document, path, f"give it in {first} too, the first language of the site")
    texts = {code: _text(document, (*path, code), said, most) for code, said in value.items()}
    others = tuple(sorted((code, said) for code, said in texts.items() if code != first))
    return Written(texts.get(first, ""), first, others)


def _text(document: YamlDocument, path: KeyPath, value: object, most: int) -> str:
    said = clean(value).strip() if isinstance(value, str) else ""
    if not 0 < len(said) <= most:
        where = path if value is not None else path[:1]
        _wrong(document, where, f"{path[-1]} must be a text of 1 to {most} letters")
    return said


def _wrong(document: YamlDocument, path: KeyPath, message: str) -> None:
    document.problems.append(document.problem(path, message, "note"))
