"""The movements of a store that belong to no project, and which ledger has the rows of each of its sums."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from generator.pages.ledger_page import sheet_values, sheets_of
from generator.pages.page import Page
from generator.pages.state_marks import freshness
from generator.recorded_words import recognised
from generator.report import Figure, Report
from generator.report.files.project_files import store_folder
from generator.report.store_account import StoreAccount
from generator.report.store_places import place_words
from generator.sentence import Sentence, say

EXCLUDED: Final = say("Excluded")
PAID_OUT: Final = say("Paid out through BTCPay, no refunds")


class StoreSum(msgspec.Struct, frozen=True, kw_only=True):
    """A sum of a store and the ledgers that have its rows."""

    words: Sentence
    figure: Figure
    ledgers: Sequence[str]  #: slugs; empty for the store's own


def pages(report: Report, account: StoreAccount) -> Iterator[Page]:
    """Yield the pages of a store's own ledger; a store without such rows has none."""
    label = recognised(account.state.label)
    sheets = sheets_of(account.entries, lambda _month: ())
    for values in sheet_values(sheets) if sheets else ():
        yield Page(
            path=f"{store_folder(account)}/ledger/{values['link']}",
            template="store_ledger.html",
            title=say("Ledger of the store at {label}", label=label),
            section="health",
            description=say("Every movement of a store that belongs to no project, row by row."),
            values={
                **values,
                "label": label,
                "sources": [(account.state, freshness(account.state))],
                "changed_at": account.changed_at,
                "declarations": (),
                "explorer": "",
                "figures": sums(account),
                "place_words": {entry.place: place_words(entry.place) for entry in account.entries},
                "figures_file": "figures.json",
                "titles": {project.slug: project.title for project in report.projects},
            },
        )


def sums(account: StoreAccount) -> list[StoreSum]:
    """Return the sums of a store that add rows up, in the order of its page."""
    return [
        *(
            StoreSum(words=share.words, figure=share.amount, ledgers=share.ledgers)
            for share in account.shares
        ),
        StoreSum(words=EXCLUDED, figure=account.excluded, ledgers=account.excluded_in),
        StoreSum(words=PAID_OUT, figure=account.paid_out, ledgers=account.paid_out_in),
    ]
