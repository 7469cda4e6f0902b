"""Numbers in HTML: each is a `data` element that names its figure, or says why there is none."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from generator.language import ENGLISH, Language
from generator.ledger import Declaration
from generator.money import fiat_text
from generator.pages.clean import escaped
from generator.report import Figure, ProjectReport
from generator.report.figures import balance_values
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import AT_MONTH_END, AT_RECEIPT, MONTH_RATE, RATE, TODAY
from generator.report.figures.figure import MSAT
from generator.report.series.raised_over_time import BY_DAY, IN_BY_DAY, INFLOW_WORTH
from generator.sentence import Sentence, say
from generator.wording import (
    AT_LEAST,
    NOT_KNOWN,
    Form,
    Quoted,
    SaidWord,
    Word,
    Words,
    exact,
    mark_of,
    number,
    plain,
    said,
    unit_of,
)

#: Figures that need a rate, and what stands where there is none.
VALUES: Final = tuple(
    definition.name
    for definition in (
        *(AT_RECEIPT, BY_DAY, IN_BY_DAY, INFLOW_WORTH, MONTH_RATE, AT_MONTH_END, RATE, TODAY),
        *balance_values.DEFINITIONS,
        *balance_values.TODAY.values(),
        balance_values.WEEK_WORTH,
    )
)
NOT_AVAILABLE: Final = say("n/a")
NO_GOAL: Final = say("no goal")
_GOAL_NOT_READ: Final = say("goal not read")


class Numbers:
    """Writes figures in a language; knows the projects, because why a number is missing depends on them."""

    def __init__(self, projects: Mapping[str, ProjectReport], language: Language = ENGLISH) -> None:
        self._projects, self.language = projects, language

    def said_in(self, language: Language) -> "Numbers":
        """Return the same in another language."""
        return Numbers(self._projects, language)

    def data(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number alone, without its unit."""
        return Markup(self._data(figure, Form(form)))  # noqa: S704 -- each text in it is escaped

    def amount(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number with its unit, small beside it."""
        unit = "" if figure.value is None else unit_of(figure, Form(form))
        small = f"<small>{unit}</small>" if unit else ""
        return Markup(self._data(figure, Form(form)) + small)  # noqa: S704 -- each text in it is escaped

    def words(self, words: Word | Words) -> Markup:
        """Return a sentence with its figures."""
        return Markup("".join([self._word(part) for part in said(words, self.language)]))  # noqa: S704 -- each text in it is escaped

    def _data(self, figure: Figure, form: Form, *, first: bool = False) -> str:
        if figure.value is None:
            return f'<span class="unknown">{escaped(plain(self.why(figure), self.language))}</span>'
        text = escaped(number(figure, form, self.language))
        whole, point, rest = text.partition(self.language.decimal)
        if figure.unit == MSAT and form is Form.EXACT and rest:
            text = f'{whole}<span class="milli">{point}{rest}</span>'
        bound = escaped(mark_of(figure, self.language, first=first))
        if figure.bound is Bound.AT_MOST or (bound and first):
            bound = f'<span class="bound">{bound}</span>'
        all_digits = exact(figure, self.language) if figure.unit == MSAT and form is Form.PLAIN else ""
        title = f' title="{all_digits}"' if all_digits else ""
        value = escaped(str(figure.value))
        return f'<data value="{value}" data-figure="{escaped(figure.id)}"{title}>{bound}{text}</data>'

    def _word(self, part: SaidWord) -> str:
        if isinstance(part, Quoted):
            return f'<bdi data-said="source">{escaped(str(part.text))}</bdi>'
        if isinstance(part, str):
            return escaped(part)
        unit = unit_of(part.figure, part.form) if part.unit and part.figure.value is not None else ""
        return self._data(part.figure, part.form, first=part.first) + unit

    def why(self, figure: Figure) -> Sentence:
        """Return why a figure has no value, in two or three words."""
        project = self._projects.get(figure.project or "")
        raised_is_known = project is None or project.figures["raised"].value is not None
        if figure.name.partition("@")[0] in VALUES and raised_is_known:
            return NOT_AVAILABLE
        if project is None:
            return NOT_KNOWN
        match figure.name:
            case "goal":
                return NO_GOAL if figure.bound is Bound.EXACT else _GOAL_NOT_READ
            case "progress" if project.goal is None:
                return NO_GOAL if figure.bound is Bound.EXACT else _GOAL_NOT_READ
            case "progress" if project.figures["raised"].value is not None:
                return say("not stated: no value in {currency}", currency=project.figures["goal"].unit)
            case _:
                return NOT_KNOWN

    def declaration_amount(self, declaration: Declaration) -> Markup:
        """Return what a declaration says, in its own currency: at least, where some of it says nothing."""
        currency = declaration.currency
        if declaration.known_amount is None:
            return self.words(say("an amount that is not known, in {currency}", currency=currency))
        return Markup('{}<data value="{}" data-declaration="{}">{}</data>').format(
            AT_LEAST if declaration.amounts_unknown else "",
            f"{declaration.amount:f}",
            declaration.id,
            self.language.digits(fiat_text(declaration.amount, currency)),
        )
