"""The findings of a BTCPay source: what a reader must know that is no figure; pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from generator.snapshot import Finding, Result

OTHER_COINS: Final = "other-coins"  #: subject: month of creation
CLAIMED_ONCE: Final = "claimed-once"  #: subject: place that counts
APP_FOUND: Final = "app-found"  #: subject: place
REFUNDS_READ: Final = "refunds-read"  #: subject: place


def other_coins(found: Mapping[tuple[str, str], int], source: str) -> Iterator[Finding]:
    """Yield a finding for each place and month of creation with payments that are not bitcoin."""
    for (place, month), number in sorted(found.items()):
        reason = f"{number} payment(s) in other coins or through plugins; they are in no bitcoin figure"
        yield _finding(place, month, check=OTHER_COINS, source=source, reason=reason)


def claimed_once(twice: Iterable[tuple[str, str]], source: str) -> Iterator[Finding]:
    """Yield a finding for each pair of places (counts, also claims) whose invoices overlap."""
    for owner, other in sorted(twice):
        reason = f"invoices that {owner} claims as well count there alone: it stands first in config.yaml"
        yield _finding(other, owner, check=CLAIMED_ONCE, source=source, reason=reason, result=Result.OK)


def app_gone(place: str, source: str) -> Finding:
    """Make the finding that a crowdfund was deleted on its server; its money stays."""
    reason = "BTCPay has no such crowdfund any more; texts and goal are those it last showed"
    return _finding(place, place, check=APP_FOUND, source=source, reason=reason)


def refunds_unread(place: str, reason: str, source: str) -> Finding:
    """Make the finding that a place's refunds could not be read, with the server's reason."""
    return _finding(place, place, check=REFUNDS_READ, source=source, reason=reason)


def _finding(
    place: str, subject: str, *, check: str, source: str, reason: str, result: Result = Result.NOT_CHECKED
) -> Finding:
    return Finding(
        id=f"{check}/{place}/{subject}",
        source=source,
        place=place,
        check=check,
        subject=subject,
        result=result,
        reason=reason,
    )
