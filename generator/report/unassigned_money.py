"""Money of stores that may belong to a bound place or to none: how much, to whom, what to do; pure."""

from collections.abc import Iterable, Iterator

from generator.language import english
from generator.money import sat_text
from generator.places import UNASSIGNED
from generator.report.store_account import StoreAccount, StoreShare
from generator.report.store_places import place_words
from generator.text_format import counted


def unassigned_shares(accounts: Iterable[StoreAccount]) -> Iterator[tuple[StoreAccount, StoreShare]]:
    """Yield each store with money in doubt, accepted or not, and that money."""
    for account in accounts:
        for share in account.shares:
            if share.place.endswith(f"/{UNASSIGNED}") and share.amount.value:
                yield account, share


def unassigned_words(account: StoreAccount, share: StoreShare) -> str:
    """Say how much is in doubt, and to which places and projects it may belong."""
    slugs = {other.place: other.slug for other in account.shares}
    named = [
        english(place_words(place)) + (f" of {slugs[place]}" if slugs.get(place) else "")
        for place in share.candidates
    ]
    others = ", ".join(named) or "one of its projects"
    payments = counted(int(share.count.value or 0), "payment")
    return f"{sat_text(int(share.amount.value or 0))} sat in {payments} may belong to {others}, or to none"


def unassigned_step(account: StoreAccount, share: StoreShare) -> str:
    """Say what a maintainer can do about money in doubt."""
    return (
        f"The page sources/{account.state.name}/ says which; to accept it, add to accepted in config.yaml: "
        f"{{place: {share.place!r}, reason: …}}"
    )


def unassigned_lines(accounts: Iterable[StoreAccount]) -> Iterator[str]:
    """Yield a sentence for each store with money in doubt that nobody has accepted."""
    for account, share in unassigned_shares(accounts):
        if not share.accepted:
            yield (
                f"{account.state.label}: {unassigned_words(account, share)}; sums that it may be part of are "
                f"at least what is shown. {unassigned_step(account, share)}"
            )
