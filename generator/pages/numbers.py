"""Numbers in HTML: each is a `data` element that names its figure, or says why there is none."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from generator.charts.words import AT_LEAST, Form, Said, Shown, Words, number, unit_of
from generator.ledger import Declaration, Entry
from generator.money import fiat_text, group, sat_text
from generator.report.definitions import MSAT
from generator.report.model import Figure, ProjectReport


class Numbers:
    """Writes figures; knows the projects, because why a number is missing depends on them."""

    def __init__(self, projects: Mapping[str, ProjectReport]) -> None:
        self._projects = projects

    def data(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number alone, without its unit."""
        if figure.value is None:
            return Markup('<span class="unknown">{}</span>').format(self.why(figure))
        text = ("" if figure.complete else AT_LEAST) + number(figure, Form(form))
        whole, point, rest = text.partition(".")
        if figure.unit != MSAT or form != Form.PLAIN or not rest:
            whole, point, rest = text, "", ""
        part = Markup('<span class="milli">{}{}</span>').format(point, rest) if rest else ""
        return Markup('<data value="{}" data-figure="{}">{}{}</data>').format(
            figure.value, figure.id, whole, part
        )

    def amount(self, figure: Figure, form: str = "plain") -> Markup:
        """Return the number with its unit, small beside it."""
        found = self.data(figure, form)
        unit = "" if figure.value is None else unit_of(figure, Form(form))
        return found + Markup("<small>{}</small>").format(unit) if unit else found

    def words(self, words: Words) -> Markup:
        """Return a sentence with its figures."""
        return Markup("").join(self._word(part) for part in words)

    def _word(self, part: str | Shown | Said) -> Markup:
        if isinstance(part, Said):
            return Markup('<bdi data-said="source">{}</bdi>').format(part.text)
        if isinstance(part, str):
            return escape(part)
        unit = unit_of(part.figure, part.form) if part.unit and part.figure.value is not None else ""
        return self.data(part.figure, part.form) + unit

    def why(self, figure: Figure) -> str:
        """Return why a figure has no value, in two or three words."""
        project = self._projects.get(figure.project or "")
        if project is None:
            return "not known"
        match figure.name:
            case "goal":
                return "no goal" if figure.complete else "goal not read"
            case "progress" if project.goal is None:
                return "no goal" if project.figures["goal"].complete else "goal not read"
            case "progress" if project.figures["raised"].value is not None:
                return f"not stated: part has no value in {project.figures['goal'].unit}"
            case _:
                return "not read"


def entry_amount(entry: Entry) -> Markup:
    """Return the amount of a ledger row, in satoshis."""
    return Markup('<data value="{}" data-entry="{}">{}</data>').format(
        entry.amount_msat, entry.id, sat_text(entry.amount_msat)
    )


def entry_count(entry: Entry) -> Markup:
    """Return how many movements a ledger row holds."""
    return Markup('<data value="{}" data-count="{}">{}</data>').format(
        entry.count, entry.id, group(str(entry.count))
    )


def declaration_amount(one: Declaration) -> Markup:
    """Return what a declaration says, in its own currency."""
    return Markup('<data value="{}" data-declaration="{}">{}</data>').format(
        f"{one.amount:f}", one.id, fiat_text(one.amount, one.currency)
    )
