"""What a file of figures leaves out because it stands elsewhere once: definitions; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final

import msgspec

from generator.report.catalogue import FAMILIES, OF_EARLIER_RUNS, OF_TODAY, SINGLE
from generator.report.figures.figure import Figure
from generator.report.files.figure_series import LETTERS, OF

#: Before the name of a figure that is an input of one of the same project.
OWN: Final = "./"
#: Name and how many parts stand after it, each behind an ``@``, to formula.
Formulas = Mapping[tuple[str, int], str]


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a figure is, or each one of a family ``<name>@<by>``."""

    name: str
    formula: Annotated[
        str, msgspec.Meta(max_length=LETTERS)
    ]  #: ``{of}`` is what stands after the first ``@``
    unit: str  #: empty where each figure has its own


@cache
def definitions() -> tuple[Definition, ...]:
    """Return the definition of every figure there can be, by name."""
    every = (*SINGLE, *FAMILIES, *OF_TODAY, *OF_EARLIER_RUNS)
    found = (Definition(name=each.name_of(each.by), formula=each.formula, unit=each.unit) for each in every)
    return tuple(sorted(found, key=lambda each: each.name))


def formulas(found: Iterable[Definition]) -> Formulas:
    """Return the formula of each definition, to be looked up by a figure."""
    return {_shape(each.name): each.formula for each in found}


def contradictions(found: Iterable[Definition], figures: Iterable[Figure]) -> Iterator[str]:
    """Yield which definitions are there twice, or name another unit than the figures they define."""
    units: dict[tuple[str, int], str] = {}
    for each in found:
        if _shape(each.name) in units:
            yield f"{each.name} is defined twice"
        units[_shape(each.name)] = each.unit
    for figure in figures:
        unit = units.get(_shape(figure.name), "")
        if unit and unit != figure.unit:
            yield f"{figure.id}: is defined in {unit}, the log gives {figure.unit}"


@dataclass(frozen=True, slots=True)
class Shorthand:
    """How inputs and formulas are written in a file of one project, or of none."""

    project: str | None
    formulas: Formulas

    def short_inputs(self, inputs: Iterable[str]) -> list[str]:
        """Return inputs, figures of the same project named by `OWN`."""
        own = f"{self.project}/" if self.project else ""
        return [OWN + each.removeprefix(own) if own and each.startswith(own) else each for each in inputs]

    def whole_inputs(self, inputs: Iterable[str]) -> list[str]:
        """Return inputs as they are everywhere else."""
        own = f"{self.project}/" if self.project else ""
        return [own + each.removeprefix(OWN) if own and each.startswith(OWN) else each for each in inputs]

    def formula(self, name: str) -> str:
        """Return what the definition of a figure says of it, by its id; empty without one."""
        own = name.partition("/")[2]
        return self.formulas.get(_shape(own), "").replace(OF, own.partition("@")[2])


def _shape(name: str) -> tuple[str, int]:
    return name.partition("@")[0], name.count("@")
