"""Reads every BTCPay server whole, to learn which id a new key makes of each row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from generator.config import ID_KEY_ENV, Config
from generator.errors import ConfigError, LogError, Problem
from generator.places import store_source
from generator.snapshot import Asked, Known, Outcome, Record
from generator.snapshot.gate import judge
from generator.snapshot.rekey import Rekeyed, rekeyed, rekeyed_anew, taken_in
from generator.sources import last_asked
from generator.sources.btcpay.privacy import KeyedIds, fingerprint
from generator.sources.btcpay.source import BTCPay
from generator.sources.clients import open_clients
from generator.sources.from_config import btcpay_of
from generator.sources.http import HttpLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key that made the ids in the log, and the one that is to make them."""

    old: bytes | None  #: none when it is lost
    new: bytes

    @property
    def fingerprints(self) -> tuple[str, str]:
        """Of the old key and the new one: what the log may hold of them."""
        return ("lost" if self.old is None else fingerprint(self.old), fingerprint(self.new))


@dataclass(frozen=True, slots=True, kw_only=True)
class RekeyedServer:
    """What one server's rows become, and what its run record says."""

    asked: Asked
    rekeyed: Rekeyed


def due(config: Config, known: Known, keys: Keys) -> list[str]:
    """Name the sources whose rows have ids of the old key or a lost one; none when all have the new one's.

    Raise `ConfigError`, before anything is asked, when the old key made none of them.
    """
    old, new = keys.fingerprints
    found = []
    for name in (store_source(store) for server in config.sources.open_btcpay for store in server.stores):
        last = last_asked(known, name)
        made = last.reads.get("id_key") if last else None
        if made is None or made == new:
            continue
        if keys.old is not None and made != old:
            message = (
                f"the ids of {name} in the log were made with a key of fingerprint {made}, "
                f"that of {ID_KEY_ENV} is {old}: set it to the key that made them"
            )
            raise ConfigError(Problem(path="privacy.rows", message=message, code="id-key"))
        found.append(name)
    return found


async def read_again(
    config: Config,
    secrets: Mapping[str, str],
    known: Known,
    keys: Keys,
    *,
    at: datetime,
    authorities: Mapping[str, str],
) -> list[RekeyedServer]:
    """Read each due store whole: with the old key, or with the new one alone where the old one is lost.

    Raise `SourceError` of the first that fails. Raise `LogError` when what it shows may not be recorded,
    which is to be settled first, and with a lost key where a sum of the log is another one now.
    """
    names = due(config, known, keys)
    found = []
    async with open_clients(secrets, authorities=authorities) as clients:
        for server in config.sources.open_btcpay:
            for store in server.stores:
                if store_source(store) not in names:
                    continue
                ids = KeyedIds(key=keys.old or keys.new, next_key=keys.new if keys.old else None)
                source = await btcpay_of(
                    server, store, config, secrets, clients=clients, limits=HttpLimits(), ids=ids
                )
                if keys.old is None:
                    observed = [row async for row in source.collect(_without_key(known), at=at, full=True)]
                    made = rekeyed_anew(known, observed, source=source.name, keys=keys.fingerprints)
                else:
                    fresh = await _read_whole(source, known, at, forbid=config.quality.forbid_total_drop)
                    made = rekeyed(known, fresh, ids.renamed, source=source.name, keys=keys.fingerprints)
                source.tally.reads["id_key"] = keys.fingerprints[1]
                found.append(RekeyedServer(asked=source.tally.asked(source.name, Outcome.OK), rekeyed=made))
    return found


def _without_key(known: Known) -> Known:
    """Forget which key made the ids of the log: a source refuses to go on with another one."""
    runs = tuple(
        msgspec.structs.replace(run, asked=tuple(_forgetful(asked) for asked in run.asked))
        for run in known.runs
    )
    return replace(known, runs=runs)


def _forgetful(asked: Asked) -> Asked:
    reads = {name: value for name, value in asked.reads.items() if name != "id_key"}
    return msgspec.structs.replace(asked, reads=reads)


async def _read_whole(source: BTCPay, known: Known, at: datetime, *, forbid: bool) -> list[Record]:
    observed = [record async for record in source.collect(known, at=at, full=True)]
    fresh = taken_in(known, observed)
    verdict = judge(known, fresh, source=source.name, forbid_total_drop=forbid)
    if verdict.refused:
        msg = (
            f"{source.name}: {verdict.refused[0].reason}; settle this first with `sunlit snapshot --full`, "
            "which says how, and then give new ids; nothing was changed"
        )
        raise LogError(msg)
    return fresh
