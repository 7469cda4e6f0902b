"""Numbers in HTML: each is a `data` element that names its figure, or says why there is none."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from markupsafe import Markup, escape

from generator.ledger import Declaration, Entry
from generator.money import fiat_text, group, sat_text
from generator.report import Figure, ProjectReport
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import AT_MONTH_END, AT_RECEIPT, MONTH_RATE, RATE, TODAY
from generator.report.figures.figure import MSAT, decimal_text
from generator.report.prices import Prices
from generator.report.series.raised_over_time import BY_DAY
from generator.wording import AT_LEAST, AT_MOST, MARKS, NOT_KNOWN, Form, Quoted, Word, Words, number, unit_of

#: Figures that need a rate, and what stands where there is none.
VALUES: Final = tuple(
    definition.name for definition in (AT_RECEIPT, BY_DAY, MONTH_RATE, AT_MONTH_END, RATE, TODAY)
)
NOT_AVAILABLE: Final = "n/a"
NO_GOAL: Final = "no goal"


class Numbers:
    """Writes figures; knows the projects, because why a number is missing depends on them."""

    def __init__(self, projects: Mapping[str, ProjectReport], prices: Prices) -> None:
        self._projects = projects
        self._prices = prices

    def data(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number alone, without its unit."""
        if figure.value is None:
            return Markup('<span class="unknown">{}</span>').format(self.why(figure))
        text = number(figure, Form(form))
        whole, point, rest = text.partition(".")
        if figure.unit != MSAT or form != Form.PLAIN or not rest:
            whole, point, rest = text, "", ""
        part = Markup('<span class="milli">{}{}</span>').format(point, rest) if rest else ""
        bound = MARKS[figure.bound]
        words = Markup('<span class="bound">{}</span>').format(bound) if bound == AT_MOST else bound
        return Markup('<data value="{}" data-figure="{}">{}{}{}</data>').format(
            figure.value, figure.id, words, whole, part
        )

    def amount(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number with its unit, small beside it."""
        found = self.data(figure, form)
        unit = "" if figure.value is None else unit_of(figure, Form(form))
        return found + Markup("<small>{}</small>").format(unit) if unit else found

    def words(self, words: Words) -> Markup:
        """Return a sentence with its figures."""
        return Markup("").join(self._word(part) for part in words)

    def _word(self, part: Word) -> Markup:
        if isinstance(part, Quoted):
            return Markup('<bdi data-said="source">{}</bdi>').format(part.text)
        if isinstance(part, str):
            return escape(part)
        unit = unit_of(part.figure, part.form) if part.unit and part.figure.value is not None else ""
        return self.data(part.figure, part.form) + unit

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

    def receipt(self, entry: Entry, currency: str) -> Markup:
        """Return what a ledger row was worth when it came in."""
        worth = self._prices.at_receipt(entry, currency)
        mark = AT_LEAST if worth.value is not None and worth.unrated_msat else ""
        return mark + _value(worth.value, entry, currency)


def _value(value: Fraction | None, entry: Entry, currency: str) -> Markup:
    if value is None:
        return Markup('<span class="unknown">{}</span>').format(NOT_AVAILABLE)
    text = decimal_text(value)
    of, shown = escape(entry.id), escape(fiat_text(Decimal(text), currency))
    named = f'data-receipt="{of}" data-currency="{escape(currency)}"'
    return Markup(f'<data value="{text}" {named}>{shown}</data>')  # noqa: S704 -- escaped above, text is a number


def entry_amount(entry: Entry) -> Markup:
    """Return the amount of a ledger row, in satoshis."""
    shown = sat_text(entry.amount_msat)
    # `Markup.format` takes five times as long, and a large site has a million of these
    return Markup(f'<data value="{entry.amount_msat}" data-entry="{escape(entry.id)}">{shown}</data>')  # noqa: S704 -- both are numbers


def entry_count(entry: Entry) -> Markup:
    """Return how many movements a ledger row holds."""
    return Markup('<data value="{}" data-count="{}">{}</data>').format(
        entry.count, entry.id, group(str(entry.count))
    )


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
