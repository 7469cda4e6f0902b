"""Money that the log holds and nobody knows whose it is: per store, with its candidates; asks nobody."""

from collections.abc import Iterator

from generator.config import Config, published
from generator.doctor.diagnosis import Diagnosis, Level
from generator.errors import LogError
from generator.places import store_source
from generator.report.health.source_states import source_states
from generator.report.place_owners import PlaceOwners
from generator.report.store_account import StoreAccount
from generator.report.store_accounts import store_accounts
from generator.report.unassigned_money import unassigned_shares, unassigned_step, unassigned_words
from generator.snapshot import Known
from generator.text_format import time_text


def examine_unassigned(known: Known, config: Config, *, only: str = "") -> Iterator[Diagnosis]:
    """Yield for each store of a log what is unassigned there; `only` is the id of one server."""
    if not known.runs:
        return
    public, as_of = published(config), known.runs[-1].at
    owners, states = PlaceOwners.of(public), source_states(public, known.runs, as_of)
    accounts = {account.state.name: account for account in store_accounts(known, public, owners, states)}
    for server in config.sources.btcpay:
        for store in server.stores:
            account = accounts[store_source(store)]
            if only in ("", server.id) and account.state.data_at is not None:
                yield _judged(account, server.id, store, f"as of {time_text(as_of)}")


def _judged(account: StoreAccount, server: str, store: str, when: str) -> Diagnosis:
    level, observed, expected, fix = Level.OK, f"nothing is unassigned, {when}", "", ""
    for _, share in unassigned_shares([account]):
        observed = f"{unassigned_words(account, share)}, {when}"
        if share.accepted:
            observed += f"; accepted: {share.accepted}"
        else:
            level, expected, fix = Level.WARNING, "a place for each payment", unassigned_step(account, share)
    return Diagnosis(
        code="btcpay-unassigned",
        level=level,
        source=server,
        subject=f"store {store}",
        observed=observed,
        expected=expected,
        fix=fix,
    )


def damaged_log(error: LogError) -> Diagnosis:
    """Return what is said of a log that cannot be read."""
    return Diagnosis(
        code="log",
        level=Level.ERROR,
        source="log",
        subject="content/snapshots",
        observed=str(error),
        fix="Put the files back as they were committed last; until then nothing can be built",
    )
