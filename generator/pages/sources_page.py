"""Every source, and of each BTCPay store where its money belongs: a page a store."""

from collections.abc import Iterator

from generator.pages.page import Content, Page
from generator.pages.state_marks import freshness
from generator.report import Report
from generator.report.store_accounts import StoreAccount


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the list of sources, and the page of each store."""
    yield Page(
        path="sources/index.html",
        template="sources.html",
        title="Sources",
        section="health",
        description="Where the numbers come from, and where the money of each store belongs.",
        values={
            "sources": [(source, freshness(source)) for source in report.sources],
            "in_doubt": sum(account.in_doubt for account in report.stores),
        },
    )
    titles = {project.slug: project.title for project in report.projects}
    for account in report.stores:
        yield Page(
            path=f"sources/{account.state.name}/index.html",
            template="store.html",
            title=f"Store at {account.state.label}",
            section="health",
            description="Everything that settled in one store, and the places it belongs to.",
            values={
                "account": account,
                "titles": titles,
                "words": {share.place: titles.get(share.slug, share.words) for share in account.shares},
                "state": freshness(account.state),
                "sentence": sentence(account),
            },
        )


def sentence(account: StoreAccount) -> str:
    """Say in words how much of the store has a place."""
    doubtful = account.shares[-1]
    if account.settled.value is None:
        return "This store has not been read yet: nothing about its money is known."
    if doubtful.amount.value:
        why = f" {doubtful.accepted}" if doubtful.accepted else ""
        return (
            "Some of its money may belong to a place below or to none: it is counted as unassigned, and the "
            f"sums it may be part of are “at least”.{why}"
        )
    return "Every settled payment of this store has one place, and the places add up to the store."
