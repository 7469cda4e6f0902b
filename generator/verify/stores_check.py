"""What settled at each store is what its places have and what is excluded."""

from collections.abc import Iterable, Iterator

from generator.report import Figure, Report
from generator.verify.results import CheckResult, checked


def check_stores(report: Report) -> CheckResult:
    """Add up the places of each store, in amounts and payments; what is unknown is not compared."""
    problems: list[str] = []
    for account in report.stores:
        amounts = [*(share.amount for share in account.shares), account.excluded]
        counts = [*(share.count for share in account.shares), account.excluded_count]
        problems += [*_apart(account.settled, amounts), *_apart(account.settled_count, counts)]
    return checked("stores-add-up", problems, len(report.stores))


def _apart(settled: Figure, parts: Iterable[Figure]) -> Iterator[str]:
    values = [part.value for part in parts]
    known = [value for value in values if isinstance(value, int)]
    if settled.value is not None and len(known) == len(values) and settled.value != sum(known):
        yield f"{settled.id} is {settled.value} {settled.unit}, places and exclusions add up to {sum(known)}"
