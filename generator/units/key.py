"""The key of a unit: the hash of everything that its files depend on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import msgspec
from pydantic import BaseModel

from generator.periods import Periods
from generator.report.prices import PricesOfDays
from generator.report.project_rows import ProjectRows
from generator.report.remembered_projects import RememberedProject
from generator.units.unit import Unit

_HTML: Final = ".html"
#: What stands in a tag that refers to another template: at least every one that Jinja sees. To parse what was
#: compiled long ago would take as long as all keys.
_TAG: Final = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(.*?)%\}", re.DOTALL)
#: The same where a name is written out, and nothing else decides which template it is.
_NAMED: Final = re.compile(
    r"""\s*(["'])([^"'\\]+)\1(?:\s*(?:as\s+\w+|import\s[\w\s,]+|ignore\s+missing))?"""
    r"(?:\s*with(?:out)?\s+context)?\s*[-+]?"
)


class Told:
    """Something large that many units hold: it is in their keys by its own hash."""

    told: str  #: `digest` of all that it is


@dataclass(frozen=True, kw_only=True)
class UnitRecipe:
    """What all units of a site are made with: templates, and the stamp of code and library versions."""

    templates: Mapping[str, bytes]  #: by name
    stamp: str
    _last: list[tuple[object, str]] = field(default_factory=list, compare=False, repr=False)
    #: The configuration, which every project's unit has, encoded once; by identity, with what keeps that.
    _models: dict[int, tuple[BaseModel, msgspec.Raw]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _parents(self) -> dict[str, frozenset[str]]:
        """What templates refer to themselves, of those that were asked for."""
        return {}

    def _referred(self, name: str) -> frozenset[str]:
        """Return what a template refers to; everything, where a name is computed or it cannot be read."""
        if name not in self._parents:
            try:
                text = (
                    self.templates[name].decode() if name in self.templates and name.endswith(_HTML) else ""
                )
                found = [_NAMED.fullmatch(tag) for tag in _TAG.findall(text)]
            except UnicodeDecodeError:
                found = [None]
            names = frozenset(match[2] for match in found if match)
            self._parents[name] = names if all(found) else frozenset(self.templates)
        return self._parents[name]

    def with_parents(self, names: tuple[str, ...]) -> list[str]:
        """Return these templates and all that they extend, include or import, by name."""
        found: set[str] = set()
        ahead = list(names)
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead.extend(self._referred(name))
        return sorted(found)

    @cached_property
    def _hashes(self) -> Mapping[str, str]:
        return {name: sha256(data).hexdigest() for name, data in self.templates.items()}

    @cached_property
    def _of_names(self) -> dict[tuple[str, ...], list[tuple[str, str]]]:
        """What `hashes` returned: most units have the templates of others."""
        return {}

    def hashes(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return name and hash of these templates and their parents; no hash for one that is missing."""
        if names not in self._of_names:
            found = [(name, self._hashes.get(name, "")) for name in self.with_parents(names)]
            self._of_names[names] = found
        return self._of_names[names]

    def value_hash(self, value: object) -> str:
        """Return the hash of a unit's value; units that follow one another may have the same large one."""
        if not self._last or self._last[0][0] is not value:
            self._last[:] = [(value, _hash_of((value,), self._encoder))]
        return self._last[0][1]

    @cached_property
    def _encoder(self) -> msgspec.json.Encoder:
        return msgspec.json.Encoder(enc_hook=self._plain)

    def _plain(self, value: object) -> object:
        if not isinstance(value, BaseModel):
            return _plain(value)
        if id(value) not in self._models:
            self._models[id(value)] = value, msgspec.Raw(_ENCODER.encode(value))
        return self._models[id(value)][1]


def key(unit: Unit[Any, Any], recipe: UnitRecipe) -> str:
    """Return the key of a unit, as 64 hex digits: units of one key have files of the same bytes."""
    return digest(unit.id, recipe.stamp, recipe.hashes(unit.templates), recipe.value_hash(unit.value))


def digest(*values: object) -> str:
    """Return the hash of the canonical encoding of plain values.

    The order of a mapping counts, because pages show it. Types are told apart by where a value stands: a
    field that may hold a text or a number is encoded as JSON does. Raise `TypeError` for what has no
    canonical form, a set for instance.
    """
    return _hash_of(values, _ENCODER)


def _hash_of(values: tuple[object, ...], encoder: msgspec.json.Encoder) -> str:
    return sha256(encoder.encode(values)).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Told):
        return value.told
    if isinstance(value, ProjectRows | PricesOfDays):
        return value.digest
    if isinstance(value, RememberedProject):
        return value.summary.told
    if isinstance(value, Periods):
        return vars(value)
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
