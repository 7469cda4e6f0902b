"""Reading all invoices of a time span from a list without cursor or count.

The list is ordered by creation, newest first; equal times come in any order,
anew at each request, and what arrives while we read moves every offset. So no
offset decides what is read: each question ends with the second of the oldest
invoice that came, and takes as many more as are known to lie there already.
Nothing can slip between two pages, and each brings a page of new invoices.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from generator.errors import Unavailable
from generator.sources.btcpay.greenfield.page_size import PageSize
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.http import TooHeavy

#: (first second, last second, skip, take) → one page; both seconds are inside the span.
Fetch = Callable[[int, int, int, int], Awaitable[Sequence[Invoice]]]


#: Invoices in a row that are stepped over where the server fails at each alone.
_STEPS: Final = 3
#: Pages in a row that bring nothing new, after which nobody skips further: a server that repeats itself.
MOST_STALE: Final = 20


class Disordered(Exception):
    """A page holds what was not asked for: its order or its times are not those of the question."""


@dataclass(slots=True, kw_only=True)
class Pager:
    """Reads one list once, from its newest invoice to its oldest.

    `largest` is the longest page this server ever gave, of whatever list: a
    page shorter than that is short because there is no more, and one that is
    not may have been cut by a server or proxy that gives less than it is asked for.
    """

    fetch: Fetch
    size: PageSize = field(default_factory=PageSize)
    largest: int = 0
    complete: bool = True  #: False when a seam in one second could not be moved, or one was stepped over
    doubled: int = 0  #: rows whose id stood earlier in the same page
    _cap: int = 0
    _edge: dict[str, int] = field(default_factory=dict)  #: id → second, of rows the next page may repeat

    async def pages(self, since: int, until: int) -> AsyncIterator[list[Invoice]]:
        """Yield invoices created from `since` to `until` (Unix seconds, both inside), each once.

        Raises `Disordered` for an answer that does not answer the question.
        """
        end, skip, oldest, steps, stale = until, 0, -1, 0, 0
        self._edge = {}
        while True:
            asked = 1 if steps else self._asked()
            try:
                page = await self.fetch(since, end, skip, asked)
            except TooHeavy:  # the size is smaller by now: the same question, for less
                continue
            except Unavailable:
                if self.size.now > 1 or steps == _STEPS:
                    raise
                skip, steps = max(skip, len(self._edge)) + 1, steps + 1  # one invoice fails alone
                self.complete = False
                continue
            _refuse_disorder(page, since, end)
            fresh = self._unseen(page)
            stale = 0 if fresh else stale + 1
            stepped, steps = steps, 0
            if skip and page and not stepped:  # more behind a page that was short: somebody cuts pages
                self.complete &= page[0].created_time != oldest
                self._cap = self._cap or (skip if fresh else 0)
            if fresh:
                yield fresh
            if not page or self._is_last(page, asked, skip):
                return
            oldest = page[-1].created_time
            self.largest = max(self.largest, len(page))
            if fresh and (skip or len(page) >= asked):
                # a server that keeps parts of a second compares them: the whole second is asked again
                end, skip = min(end, oldest + 1), 0
            elif skip > len(self._edge) + asked or stale == MOST_STALE:
                self.complete = False  # it repeats itself whatever is skipped
                return
            else:
                skip += len(page)
            self._remember(page, oldest + 1)

    def _asked(self) -> int:
        """Compute how many to ask for: a page of new ones, as far as the server gives that many."""
        asked = self.size.now + len(self._edge)
        return min(asked, self._cap) if self._cap else asked

    def _unseen(self, page: Sequence[Invoice]) -> list[Invoice]:
        found = {invoice.id: invoice for invoice in reversed(page)}
        self.doubled += len(page) - len(found)
        return [invoice for invoice in reversed(found.values()) if invoice.id not in self._edge]

    def _is_last(self, page: Sequence[Invoice], asked: int, skip: int) -> bool:
        """Tell whether a page is short although the server can give more."""
        return not skip and len(page) < asked and len(page) < self.largest

    def _remember(self, page: Sequence[Invoice], oldest: int) -> None:
        """Keep the ids that a question ending at `oldest` may bring again."""
        known = {name: second for name, second in self._edge.items() if second <= oldest}
        self._edge = known | {
            invoice.id: invoice.created_time for invoice in page if invoice.created_time <= oldest
        }


def _refuse_disorder(page: Sequence[Invoice], since: int, until: int) -> None:
    times = [invoice.created_time for invoice in page]
    if any(not since <= time <= until for time in times):
        msg = "invoices of another time than asked for"
        raise Disordered(msg)
    if any(later > earlier for earlier, later in pairwise(times)):
        msg = "invoices in another order than newest first"
        raise Disordered(msg)
