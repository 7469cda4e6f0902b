"""Whether a run's own clock can be right, and which server's is not."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from generator.addresses import operator_of
from generator.config import Config
from generator.errors import ClockError
from generator.places import store_source
from generator.protocol.bitcoin import Header, MalformedData
from generator.snapshot import Asked, HeaderRecord, Outcome
from generator.snapshot.batch import Batch
from generator.snapshot.clock import TOLERANCE, median_ahead

#: Stands for the clock that miners keep, beside the servers' operators.
_BLOCKS = "the newest block"


def with_clocks(batch: Batch, ahead: Mapping[str, timedelta], now: datetime, config: Config) -> Batch:
    """Return a batch that says of which servers the clock is off; raise `ClockError` where ours is.

    `ahead` says by host how far each is ahead of `now`, our time after the run. One server alone says nothing
    of our clock, nor do two that disagree; the newest block may lag and counts where it is ahead.
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
    off = {host: f"its clock is {_apart(away)} ours" for host, away in ahead.items() if abs(away) > TOLERANCE}
    return msgspec.structs.replace(batch, asked=tuple(_told(asked, off, config) for asked in batch.asked))


def _block_times(batch: Batch) -> Iterator[datetime]:
    for record in batch.records:
        if isinstance(record, HeaderRecord):
            with suppress(MalformedData, ValueError, OverflowError):
                yield datetime.fromtimestamp(Header.parse(bytes.fromhex(record.hex)).time, UTC)


def _told(asked: Asked, off: Mapping[str, str], config: Config) -> Asked:
    """Say it where health pages tell how a server answered: beside an indexer's answer, or for a store."""
    if not off or asked.outcome is not Outcome.OK:
        return asked
    reads = {
        name: "; ".join([answer, *(why for host, why in off.items() if _is_of(name, host))])
        for name, answer in asked.reads.items()
    }
    hosts = (
        urlsplit(server.url).hostname or ""
        for server in config.sources.open_btcpay
        if asked.source in map(store_source, server.stores)
    )
    said = [asked.message, *(off.get(host, "") for host in hosts)]
    return msgspec.structs.replace(asked, reads=reads, message="; ".join(filter(None, said)))


def _is_of(name: str, host: str) -> bool:
    return name == f"indexer {host}" or name.startswith(f"indexer {host}:")


def _apart(away: timedelta) -> str:
    minutes = round(abs(away) / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min {'ahead of' if away > timedelta() else 'behind'}"
