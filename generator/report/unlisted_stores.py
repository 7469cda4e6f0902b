"""Money of stores that the configuration lists no more: it never leaves a sum silently; pure."""

from dataclasses import replace

from generator.errors import LogError
from generator.ledger import Declaration, Entry, OtherMoney
from generator.places import BTCPAY
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Attributed, Finding, Known, OwnNumber

Stated = Entry | Declaration | OtherMoney | Attributed | Finding | OwnNumber  #: what is said of a place


def unlisted(known: Known, owners: PlaceOwners) -> dict[str, tuple[Stated, ...]]:
    """Return by source what stands of stores that are listed no more, at places that no project has.

    A source without money there is left out.
    """
    listed = {source for stores in owners.stores.values() for source in stores}
    gone = {name for name in known.sources - listed if name.startswith(f"{BTCPAY}-")}
    found: dict[str, list[Stated]] = {}
    for record in (known.records[key] for key in known.records if key[1] in gone) if gone else ():
        if isinstance(record, Stated) and record.place and not owners.slug(record.place):
            found.setdefault(record.source, []).append(record)
    return {
        source: tuple(records)
        for source, records in sorted(found.items())
        if any(isinstance(record, Entry | Declaration | OtherMoney) for record in records)
    }


def refuse_unlisted(known: Known, owners: PlaceOwners) -> None:
    """Raise `LogError` for money of a store that is listed no more; the gate lets it go, with a reason."""
    for source, records in unlisted(known, owners).items():
        rows = sum(isinstance(record, Entry | Declaration | OtherMoney) for record in records)
        msg = (
            f"the log has {rows} row(s) of money of {source}, a store that sources.btcpay of config.yaml "
            "lists no more, and it would leave every sum: list the store again (with closed: true on its "
            "server if that is gone), or let it go with sunlit build "
            f"--accept-drop {source}/empty/rows-of-money --reason …"
        )
        raise LogError(msg)


def without_let_go(known: Known, later: Known, owners: PlaceOwners) -> Known:
    """Return an old state of the log without money of unlisted stores that a `later` state has let go."""
    gone = unlisted(known, owners).keys() - unlisted(later, owners).keys()
    kept = {
        key: record
        for key, record in known.records.items()
        if not (isinstance(record, Stated) and record.source in gone)
    }
    return replace(known, records=kept) if gone else known
