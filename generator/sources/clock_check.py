"""Whether a run's own clock can be right, and which server's is not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from generator.addresses import operator_of
from generator.config import Config
from generator.errors import ClockError
from generator.places import ANGOR, store_source
from generator.protocol.bitcoin import Header, MalformedData
from generator.snapshot import Finding, HeaderRecord, Known, Outcome, Record, Result, Withdrawn, news
from generator.snapshot.batch import Batch, latest_by_key
from generator.snapshot.clock import SERVER_CLOCK, TOLERANCE, median_ahead

#: Stands for the clock that miners keep, beside the servers' operators.
_BLOCKS = "the newest block"


def with_clocks(
    batch: Batch, ahead: Mapping[str, timedelta], now: datetime, config: Config, known: Known
) -> Batch:
    """Return a batch with a finding for each server whose clock is off; raise `ClockError` where ours is.

    `ahead` says by host how far each is ahead of `now`, our time after the run. One server alone says nothing
    of our clock, nor do two that disagree; the newest block may lag and counts where it is ahead. A finding
    of a server that agrees again is taken back.
    """
    by_operator: dict[str, timedelta] = {}
    for host, away in ahead.items():
        name = operator_of(f"https://{host}") if ":" not in host else host
        by_operator[name] = min(away, by_operator.get(name, away), key=abs)
    if (lead := max((time - now for time in _block_times(batch)), default=timedelta())) > timedelta():
        by_operator[_BLOCKS] = lead
    away = median_ahead(by_operator.values())
    if abs(away) > TOLERANCE:
        msg = (
            f"this machine's clock is {_apart(-away)} the others' ({', '.join(sorted(by_operator))}): "
            "set it right and run again; nothing of this run was recorded"
        )
        raise ClockError(msg)
    answered = [asked.source for asked in batch.asked if asked.outcome is Outcome.OK]
    found = [record for source in answered for record in _of_servers(source, ahead, config)]
    return msgspec.structs.replace(batch, records=latest_by_key([*batch.records, *news(known, found)]))


def _block_times(batch: Batch) -> Iterator[datetime]:
    for record in batch.records:
        if isinstance(record, HeaderRecord):
            with suppress(MalformedData, ValueError, OverflowError):
                yield datetime.fromtimestamp(Header.parse(bytes.fromhex(record.hex)).time, UTC)


def _of_servers(source: str, ahead: Mapping[str, timedelta], config: Config) -> Iterator[Record]:
    """Yield what is to be said of the clock of each server behind a source that told the time."""
    for host in sorted(ahead.keys() & {urlsplit(url).hostname for url in _addresses(source, config)}):
        name = f"{SERVER_CLOCK}/{host}"
        if abs(ahead[host]) <= TOLERANCE:
            yield Withdrawn(id=f"finding/{name}", source=source, reason="its clock and ours agree again")
            continue
        side = "ahead of" if ahead[host] > timedelta() else "behind"
        hours = round(abs(ahead[host]) / timedelta(hours=1))  # so that it is no news each time
        reason = f"its clock is about {hours} hours {side} ours, so days and times that it tells may be wrong"
        yield Finding(
            id=name, source=source, check=SERVER_CLOCK, subject=host, result=Result.FAILED, reason=reason
        )


def _addresses(source: str, config: Config) -> Sequence[str]:
    if source == ANGOR:
        return config.sources.indexer_urls
    servers = config.sources.open_btcpay
    return [server.url for server in servers if source in map(store_source, server.stores)]


def _apart(away: timedelta) -> str:
    minutes = round(abs(away) / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min {'ahead of' if away > timedelta() else 'behind'}"
