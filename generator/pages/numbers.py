"""Numbers in HTML: each is a `data` element that names its figure, or says why there is none."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from generator.ledger import Declaration
from generator.money import fiat_text
from generator.pages.clean import escaped
from generator.report import Figure, ProjectReport
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import AT_MONTH_END, AT_RECEIPT, MONTH_RATE, RATE, TODAY
from generator.report.figures.figure import MSAT
from generator.report.series.raised_over_time import BY_DAY, IN_BY_DAY, INFLOW_WORTH
from generator.wording import (
    AT_LEAST,
    AT_MOST,
    MARKS,
    NOT_KNOWN,
    Form,
    Quoted,
    Word,
    Words,
    exact,
    number,
    unit_of,
)

#: Figures that need a rate, and what stands where there is none.
VALUES: Final = tuple(
    definition.name
    for definition in (AT_RECEIPT, BY_DAY, IN_BY_DAY, INFLOW_WORTH, MONTH_RATE, AT_MONTH_END, RATE, TODAY)
)
NOT_AVAILABLE: Final = "n/a"
NO_GOAL: Final = "no goal"


class Numbers:
    """Writes figures; knows the projects, because why a number is missing depends on them."""

    def __init__(self, projects: Mapping[str, ProjectReport]) -> None:
        self._projects = projects

    def data(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number alone, without its unit."""
        return Markup(self._data(figure, Form(form)))  # noqa: S704 -- each text in it is escaped

    def amount(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number with its unit, small beside it."""
        unit = "" if figure.value is None else unit_of(figure, Form(form))
        small = f"<small>{unit}</small>" if unit else ""
        return Markup(self._data(figure, Form(form)) + small)  # noqa: S704 -- each text in it is escaped

    def words(self, words: Words) -> Markup:
        """Return a sentence with its figures."""
        return Markup("".join([self._word(part) for part in words]))  # noqa: S704 -- each text in it is escaped

    def _data(self, figure: Figure, form: Form) -> str:
        if figure.value is None:
            return f'<span class="unknown">{escaped(self.why(figure))}</span>'
        text = escaped(number(figure, form))
        whole, point, rest = text.partition(".")
        if figure.unit == MSAT and form is Form.EXACT and rest:
            text = f'{whole}<span class="milli">{point}{rest}</span>'
        bound = MARKS[figure.bound]
        if bound == AT_MOST:
            bound = f'<span class="bound">{bound}</span>'
        all_digits = exact(figure) if figure.unit == MSAT and form is Form.PLAIN else ""
        title = f' title="{all_digits}"' if all_digits else ""
        value = escaped(str(figure.value))
        return f'<data value="{value}" data-figure="{escaped(figure.id)}"{title}>{bound}{text}</data>'

    def _word(self, part: Word) -> str:
        if isinstance(part, Quoted):
            return f'<bdi data-said="source">{escaped(part.text)}</bdi>'
        if isinstance(part, str):
            return escaped(part)
        unit = unit_of(part.figure, part.form) if part.unit and part.figure.value is not None else ""
        return self._data(part.figure, part.form) + unit

    def why(self, figure: Figure) -> str:
        """Return why a figure has no value, in two or three words."""
        project = self._projects.get(figure.project or "")
        raised_is_known = project is None or project.figures["raised"].value is not None
        if figure.name.partition("@")[0] in VALUES and raised_is_known:
            return NOT_AVAILABLE
        if project is None:
            return NOT_KNOWN
        match figure.name:
            case "goal":
                return NO_GOAL if figure.bound is Bound.EXACT else "goal not read"
            case "progress" if project.goal is None:
                return NO_GOAL if figure.bound is Bound.EXACT else "goal not read"
            case "progress" if project.figures["raised"].value is not None:
                return f"not stated: no value in {project.figures['goal'].unit}"
            case _:
                return NOT_KNOWN


def declaration_amount(declaration: Declaration) -> Markup:
    """Return what a declaration says, in its own currency: at least, where some of it says nothing."""
    if declaration.known_amount is None:
        return Markup("{} {}").format("an amount that is not known, in", declaration.currency)
    return Markup('{}<data value="{}" data-declaration="{}">{}</data>').format(
        AT_LEAST if declaration.amounts_unknown else "",
        f"{declaration.amount:f}",
        declaration.id,
        fiat_text(declaration.amount, declaration.currency),
    )
