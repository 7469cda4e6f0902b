"""How the numbers are made: definitions of every figure, the accounting rules, BTCPay's state table."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from generator.language import counted_hours
from generator.ledger import MOVES, Account, Kind, Status
from generator.pages.figure_labels import labels
from generator.pages.ledger_row import GROUPS, KINDS, STATUSES
from generator.pages.own_pages import proses
from generator.pages.own_texts import method_text
from generator.pages.page import Content, Page, StateRow
from generator.recorded_words import recognised
from generator.report import Figure, Report
from generator.report.catalogue import FAMILIES, OF_TODAY, SINGLE
from generator.report.figures.definitions import HEADLINES
from generator.report.figures.figure import FigureDefinition
from generator.report.rate_providers import unnamed_rates
from generator.sentence import Text, say
from generator.wording import Words

MEANINGS: Final = {
    Kind.PAYMENT: say("Money received by BTCPay."),
    Kind.REFUND: say("A completed BTCPay payout of a refund."),
    Kind.PAYOUT: say("Any other completed BTCPay payout."),
    Kind.INVESTMENT: say("One Angor stage output, funded."),
    Kind.FEE: say("The protocol's fee output."),
    Kind.CLAIM: say("The founder spends a stage output after its opening."),
    Kind.PENALTY: say("An investor leaves early; the coins wait in a time lock."),
    Kind.RELEASE: say("That time lock is over and the coins are taken."),
    Kind.RECOVERY: say("End of the project, below the threshold, a seeder's secret, or an unfunded release."),
    Kind.UNCLASSIFIED: say("A spend that fits none of these: shown, never guessed."),
}
ACCOUNTS: Final = {
    Account.BACKERS: say("backers"),
    Account.FOUNDER: say("founder"),
    Account.PAID_OUT: say("paid out"),
    Account.LOCKED: say("locked"),
    Account.PENALTY: say("penalty"),
    Account.ANGOR: say("Angor"),
    Account.UNKNOWN: say("unknown"),
}
#: Who tells rates, by the provider's name in the configuration.
RATE_SOURCES: Final = {
    "csv": say("a file kept by the maintainers of this report"),
    "btcpay": say("a BTCPay store, for the current day"),
    "mempool": say("the price history of a Bitcoin indexer"),
}

_MEANINGS: Final = {definition.name: definition.words for definition in SINGLE}

#: Former providers of rates that are named.
MOST_NAMED: Final = 20
#: Inputs shown of a figure: an example, while a sum over many projects has thousands.
MOST_INPUTS: Final = 12


class DefinitionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One figure in words."""

    name: str  #: its anchor
    meaning: Text
    inputs: tuple[str, ...]  #: which rows it sums, in an example


def pages(report: Report, content: Content) -> Iterator[Page]:
    """Yield the method page."""
    own = method_text(content, report.config.site.languages)
    delay = report.config.privacy.publish_delay_hours
    yield Page(
        path="method/index.html",
        template="method.html",
        title=say("How the numbers are made"),
        section="method",
        description=say(
            "Definitions of every figure, rounding, privacy, and the limits of what can be known."
        ),
        values={
            "labels": labels,
            "definitions": definitions(report),
            "families": [(_label(family), family.words) for family in (*FAMILIES, *OF_TODAY)],
            "moves": [
                (KINDS[kind], *(ACCOUNTS[account] for account in MOVES[kind]), MEANINGS[kind])
                for kind in Kind
            ],
            "states": [_state(row) for row in content.states],
            "rate_sources": rate_sources(report),
            "other_rates": other_rates(report),
            "delay": counted_hours(delay) if delay else "",
            "prose": proses(own, prefix="own-"),
        },
    )


def _state(row: StateRow) -> tuple[Text, ...]:
    """Return a row of BTCPay's state table, with our words for what becomes of a payment."""
    invoice, additional, payment, status, group, reason = row
    word = STATUSES[Status(status)][0] if status else ""
    return (
        invoice,
        additional,
        payment,
        word,
        GROUPS.get(group, group) or say("on time"),
        recognised(reason),
    )


def rate_sources(report: Report) -> Words:
    """Return who tells the rates, in words, in the order in which they are asked."""
    words = [(RATE_SOURCES[name],) for name in report.config.sources.rates.asked]
    if not words:
        return (say("earlier runs; nobody is asked any more"),)
    return tuple(
        word
        for at, (said,) in enumerate(words)
        for word in ((", ", say("else"), " ", said) if at else (said,))
    )


def other_rates(report: Report) -> list[str]:
    """Return who told recorded rates and is not asked; a file of the maintainer's may name anybody."""
    if "csv" in report.config.sources.rates.asked:
        return []
    rates = unnamed_rates(report.prices.rates.values(), report.config)
    return sorted({rate.provider for rate in rates})[:MOST_NAMED]


def definitions(report: Report) -> list[DefinitionRow]:
    """Return each headline figure once: as a project has it, for it says more than the sum of projects."""
    found: dict[str, Figure] = {}
    own: list[Mapping[str, Figure]] = [project.single_figures for project in report.projects]
    for figures in (*own, report.figures):
        for name, figure in figures.items():
            if "@" not in name:
                found.setdefault(name, figure)
    return [_definition(figure) for figure in found.values()]


def _definition(figure: Figure) -> DefinitionRow:
    return DefinitionRow(
        name=figure.name,
        meaning=_MEANINGS.get(figure.name, figure.formula),
        inputs=tuple(
            name.replace(f"{figure.project}/", "").partition(":since=")[0]  # a day that moves
            for name in figure.inputs[:MOST_INPUTS]
            if ":" in name or "/" in name
        ),
    )


def _label(family: FigureDefinition) -> str:
    """Return the name of a family, with what it is by where a headline figure has the same name."""
    headlines = {definition.name for definition in HEADLINES}
    return family.name_of(family.by) if family.name in headlines else family.name
