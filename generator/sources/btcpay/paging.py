"""Reading all invoices of a time span from a list without cursor, count or stable order.

The list is ordered by creation, newest first; equal times may swap between
pages and new invoices shift offsets. So the span is closed by an end date,
walked in calendar months from the newest that has any, paged inside, and
recounted: the rows of all pages must be as many as the different ids in them.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from generator.sources.btcpay.wire import Invoice

TAKE: Final = 200
#: Page sizes of the second and third pass move the seams between pages, as multiples of the first.
_PASSES: Final = (1, 2, 3)

#: (first second, last second, skip, take) → one page; both seconds are inside the span.
Fetch = Callable[[int, int, int, int], Awaitable[tuple[Invoice, ...]]]


@dataclass(slots=True)
class Listing:
    """The invoices of a span by id, and whether the recount agreed."""

    invoices: dict[str, Invoice] = field(default_factory=dict)
    complete: bool = True

    def add(self, page: Iterable[Invoice]) -> list[Invoice]:
        """Take in a page; return what was not there yet."""
        fresh = [invoice for invoice in page if invoice.id not in self.invoices]
        self.invoices |= {invoice.id: invoice for invoice in page}
        return fresh


async def walk(fetch: Fetch, *, since: int, until: int, take: int = TAKE) -> Listing:
    """Return every invoice created from `since` to `until` (Unix seconds, both inside)."""
    listing = Listing()
    end = until
    while True:
        page = await fetch(since, end, 0, take)
        skip, fresh = len(page), listing.add(page)
        while page and not fresh:  # all of it seen already: two spans share a second
            page = await fetch(since, end, skip, take)
            skip, fresh = skip + len(page), listing.add(page)
        if not page:
            return listing
        if len(page) < take and not await fetch(since, end, skip, take):
            return listing
        start = max(since, month_start(max(invoice.created_time for invoice in fresh)))
        listing.complete &= await _window(fetch, (start, end), take, listing)
        # the next span ends at this one's first second: a server that keeps parts of a
        # second compares them, and would show what was created in between in neither
        end = start


async def _window(fetch: Fetch, span: tuple[int, int], take: int, listing: Listing) -> bool:
    """Page through one window until nothing comes; return whether ids and rows are as many."""
    ids: set[str] = set()
    for factor in _PASSES:
        rows = 0
        while page := await fetch(*span, rows, take * factor):
            rows += len(page)
            ids |= {invoice.id for invoice in page}
            listing.add(page)
        if rows == len(ids):
            return True
    return False


def month_start(seconds: int) -> int:
    """Return the first second of a time's UTC month."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return int(moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())
