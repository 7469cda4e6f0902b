"""What a file of figures leaves out because it stands elsewhere once: definitions; pure."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Final

import msgspec

from generator.report.catalogue import FAMILIES, OF_EARLIER_RUNS, OF_TODAY, SINGLE
from generator.report.figures.figure import Figure
from generator.report.files.figure_series import INPUTS, LETTERS, OF
from generator.report.files.usual_inputs import USUAL

#: Before the name of a figure that is an input of one of the same project.
OWN: Final = "./"


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a figure is, or each one of a family ``<name>@<by>``."""

    name: str
    formula: Annotated[
        str, msgspec.Meta(max_length=LETTERS)
    ]  #: ``{of}`` is what stands after the first ``@``
    unit: str  #: empty where each figure has its own
    #: What a figure of a project is made of where its row does not say so.
    inputs: Annotated[list[Annotated[str, msgspec.Meta(max_length=LETTERS)]], msgspec.Meta(max_length=INPUTS)]


#: By name and how many parts stand after it, each behind an ``@``.
Defined = Mapping[tuple[str, int], Definition]


@cache
def definitions() -> tuple[Definition, ...]:
    """Return the definition of every figure there can be, by name."""
    every = (*SINGLE, *FAMILIES, *OF_TODAY, *OF_EARLIER_RUNS)
    found = (
        Definition(name=name, formula=each.formula, unit=each.unit, inputs=list(USUAL.get(name, ())))
        for each in every
        for name in (each.name_of(each.by),)
    )
    return tuple(sorted(found, key=lambda each: each.name))


def by_figure(found: Iterable[Definition]) -> Defined:
    """Return definitions to be looked up by a figure."""
    return {_shape(each.name): each for each in found}


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


class Shorthand(msgspec.Struct, frozen=True):
    """How inputs and formulas are written in a file of one project, or of none."""

    project: str | None
    defined: Defined

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
        found = self.defined.get(_shape(own))
        return found.formula.replace(OF, own.partition("@")[2]) if found else ""

    def usual_inputs(self, name: str) -> list[str]:
        """Return what a figure of a project is made of by its definition, as rows say it; by its id."""
        own = name.partition("/")[2]
        found = self.defined.get(_shape(own)) if self.project else None
        return [each.replace(OF, own.partition("@")[2]) for each in found.inputs] if found else []


def _shape(name: str) -> tuple[str, int]:
    return name.partition("@")[0], name.count("@")
