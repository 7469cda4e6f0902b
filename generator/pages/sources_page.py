"""Every source, and of each BTCPay store where its money belongs: a page a store."""

from collections.abc import Iterator, Mapping
from typing import Final

from generator.pages import store_ledger_page
from generator.pages.page import Content, Page
from generator.pages.state_marks import freshness, not_fresh
from generator.recorded_words import recognised
from generator.report import Report
from generator.report.files.project_files import store_folder
from generator.report.store_account import StoreAccount
from generator.sentence import AtStart, Sentence, Text, say

#: What a tie of the log means, for people, the strongest first.
TIES: Final = {
    "by payment request": (
        say("by payment request"),
        say("The invoice names the payment request it was made for."),
    ),
    "by order page and term": (
        say("by order page and term"),
        say("The invoice names the app's own page, and BTCPay files it under the app's own search term."),
    ),
    "by term": (
        say("by term"),
        say("BTCPay files the invoice under the app's own search term, where no payer can write."),
    ),
    "by order page": (
        say("by order page"),
        say("The invoice names the app's own page; it is older than the search term."),
    ),
    "by old order id": (
        say("by old order id"),
        say("The invoice has the order id that older versions of BTCPay gave to all of this app."),
    ),
    "by return page": (
        say("by return page"),
        say("The payer was sent back to the app's own page; the maintainer chose to trust that."),
    ),
    "named in text a payer can write": (
        say("named in text a payer can write"),
        say(
            "Only a text that a payer can write names a place of this report, so "
            "it counts for none: it stays in the rest."
        ),
    ),
}


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the list of sources, and the pages of each store."""
    yield Page(
        path="sources/index.html",
        template="sources.html",
        title=say("Sources"),
        section="health",
        description=say("Where the numbers come from, and where the money of each store belongs."),
        values={
            "sources": [(source.at_rest, freshness(source)) for source in report.sources],
            "changed_at": max((at for account in report.stores if (at := account.changed_at)), default=None),
            "not_fresh": not_fresh(report),
            "in_doubt": sum(bool(account.shares[-1].amount.value) for account in report.stores),
        },
    )
    titles = {project.slug: project.title for project in report.projects}
    for account in report.stores:
        words: dict[str, Text] = {
            share.place: titles.get(share.slug, share.words) for share in account.shares
        }
        yield Page(
            path=f"{store_folder(account)}/index.html",
            template="store.html",
            title=say("Store at {label}", label=recognised(account.state.label)),
            section="health",
            description=say("Everything that settled in one store, and the places it belongs to."),
            values={
                "account": account,
                "titles": titles,
                "words": words,
                "ties": _ties(account),
                "tie_words": {how: words for how, (words, _) in TIES.items()},
                "noticed": _noticed(account, words),
                "state": freshness(account.state),
                "changed_at": account.changed_at,
                "sentence": sentence(account),
            },
        )
        yield from store_ledger_page.pages(report, account)


def _ties(account: StoreAccount) -> list[tuple[Sentence, Sentence]]:
    """Return what ties money to a place here, with its meaning."""
    used = {how for share in account.shares for how in share.hows}
    return [words for how, words in TIES.items() if how in used]


def _noticed(account: StoreAccount, words: Mapping[str, Text]) -> list[tuple[Sentence, tuple[Text, ...]]]:
    """Return each thing that was noticed, with the places it is about."""
    found: dict[str, dict[Text, None]] = {}
    for finding in account.findings:
        names = found.setdefault(finding.reason, {})
        if finding.place in words:
            names[words[finding.place]] = None
    return [
        (say("{reason}.", reason=AtStart(recognised(reason))), tuple(names))
        for reason, names in found.items()
    ]


def sentence(account: StoreAccount) -> Sentence:
    """Say in words how much of the store has a place."""
    if account.settled.value is None:
        return say("This store has not been read yet: nothing about its money is known.")
    if account.shares[-1].amount.value:
        return say(
            "Some of its money may belong to a place below or to none: it is counted as unassigned, and the "
            "sums it may be part of are “at least”."
        )
    return say("Every settled payment of this store has one place, and the places add up to the store.")
