"""What decoding and booking a store's invoices costs, as times of decoding alone; prints rows as JSON.

    python -m benchmarks.invoices

Decoding alone is msgspec decoding the same pages to the same typed structs and keeping them, because
whoever adds a store up from decoded invoices holds them all. The stricter ratio is printed as well:
against pages that are dropped once they are decoded, which nobody could have added up. Everything
is measured in turns in one process, in its own CPU time, and the best of each is taken.
"""

import gc
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from benchmarks.row import Row
from generator.config import PrivacyConfig
from generator.sandbox.btcpay import Deeds, build_town
from generator.sandbox.btcpay.campaigns import Crowdfund
from generator.sandbox.btcpay.documents import Desk
from generator.sandbox.btcpay.texts import Texts
from generator.sources.btcpay.attribution import Attribution
from generator.sources.btcpay.digest_set import digest_of
from generator.sources.btcpay.greenfield import wire
from generator.sources.btcpay.intake import Intake
from generator.sources.btcpay.invoice_reader import InvoiceReader
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.privacy import PrivacyFilter
from generator.sources.btcpay.store_place import StorePlace

MOST = 3.0
INVOICES, PAGE, TURNS = 100_000, 200, 3
SHARE = 0.75  #: of a town's invoices that its store of crowdfunds has
AT = datetime(2026, 3, 17, 12, tzinfo=UTC)


def store_of_crowdfunds() -> tuple[list[StorePlace], list[bytes]]:
    """Return the bound crowdfunds of a store, their terms listed, and the pages of its invoices."""
    town = build_town(1, invoices=round(INVOICES / SHARE), now=int(AT.timestamp()), deeds=Deeds())
    funds = [campaign.app for campaign in town.campaigns if campaign.app]
    places = {fund.term: place_of(fund) for fund in funds}
    own = [invoice for invoice in town.books.invoices if invoice.store == funds[0].store][:INVOICES]
    for invoice in own:
        for term in places.keys() & invoice.terms:
            places[term].listed.add(digest_of(invoice.id))
    desk = Desk(base="https://pay.example.org", texts=Texts(seed=1))
    newest_first = sorted(own, key=lambda invoice: -invoice.created)
    documents = [desk.invoice(invoice, with_methods=True) for invoice in newest_first]
    pages = [json.dumps(documents[at : at + PAGE]).encode() for at in range(0, len(own), PAGE)]
    return list(places.values()), pages


def place_of(fund: Crowdfund) -> StorePlace:
    """Return the place of a crowdfund whose own number is compared too."""
    settings = wire.Crowdfund(id=fund.id, store_id=fund.store, target_currency=fund.currency)
    return StorePlace(place=f"s/{fund.id}", kind="crowdfund", private_id=fund.id, crowdfund=settings)


def new_reader(bound: Sequence[StorePlace]) -> InvoiceReader:
    """Return what takes the invoices of a store in."""
    return InvoiceReader(
        bound=bound,
        rest=StorePlace(place="s/rest", kind="store"),
        unassigned=StorePlace(place="s/unassigned", kind="unassigned"),
        attribution=Attribution([place.claimant() for place in bound]),
        intake=Intake(
            privacy=PrivacyFilter(source="s", privacy=PrivacyConfig(), at=AT),
            counts=Counter(),
            own=OwnNumbers(),
        ),
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of some work."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Compare decoding alone with decoding and booking."""
    bound, pages = store_of_crowdfunds()

    def drop() -> None:
        for page in pages:
            wire.INVOICES.decode(page)

    def keep() -> list[tuple[wire.Invoice, ...]]:
        return [wire.INVOICES.decode(page) for page in pages]

    def book() -> None:
        reader = new_reader(bound)
        for page in pages:
            reader.take(wire.INVOICES.decode(page), AT, owners=False)

    turns = [[seconds(work) for work in (drop, keep, book)] for _ in range(TURNS)]
    dropped, kept, booked = (min(times) / INVOICES * 1e6 for times in zip(*turns, strict=True))
    text = (
        f"{INVOICES} invoices, {sum(map(len, pages)) / INVOICES:.0f} bytes each: decoded and booked in "
        f"{booked:.1f} µs; decoded and kept in {kept:.1f} µs"
    )
    print(
        Row(
            name="booking invoices ÷ decoding", value=booked / kept, most=MOST, text=text, held=True
        ).as_json()
    )
    text = f"dropped once they are decoded, {dropped:.1f} µs"
    print(Row(name="booking invoices ÷ decoding, not kept", value=booked / dropped, text=text).as_json())


if __name__ == "__main__":
    main()
