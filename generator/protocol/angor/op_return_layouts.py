"""What founding and investment transactions say in their second output.

``ProjectScriptsBuilder.cs``: lengths tell the layouts apart. Anything else, and
any key that is not a point of the curve, is not ours: `None`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from generator.protocol.bitcoin import MalformedData, op_return
from generator.protocol.bitcoin.script import pushes
from generator.protocol.curve import is_point

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)  # DynamicStageInfo.cs
_EVENT_KEY_TYPE = b"\x01\x00"
_MAX_DAYS = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A founder binds a key to the signed event that holds the terms."""

    founder_key: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyFounding:
    """The layout of before 2024-11-29: it names the founder's Nostr key, so no event is bound."""

    founder_key: str
    nostr_pubkey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicInfo:
    """How an investment in a Fund or Subscribe project is paid out."""

    start_day: int  #: days since 2025-01-01 UTC
    pattern_id: int
    stage_count: int  #: 0: as many as the pattern says

    @property
    def starts_at(self) -> datetime:
        """Midnight UTC of the first day."""
        return _EPOCH + timedelta(days=self.start_day)

    @classmethod
    def starting(cls, day: datetime, *, pattern_id: int, stage_count: int = 0) -> "DynamicInfo":
        """Return the information for an investment that starts on the UTC day of a time."""
        return cls(start_day=(day - _EPOCH).days, pattern_id=pattern_id, stage_count=stage_count)

    @classmethod
    def parse(cls, data: bytes) -> "DynamicInfo":
        """Read exactly four bytes."""
        low, high, pattern_id, stage_count = data
        return cls(start_day=low | high << 8, pattern_id=pattern_id, stage_count=stage_count)

    def serialize(self) -> bytes:
        """Return the four bytes; raise `ValueError` for a day that two bytes cannot hold."""
        if not 0 <= self.start_day <= _MAX_DAYS:
            msg = f"day {self.start_day} since 2025-01-01 does not fit two bytes"
            raise ValueError(msg)
        return self.start_day.to_bytes(2, "little") + bytes([self.pattern_id, self.stage_count])


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentNote:
    """An investment's public side: with it and the terms every stage script can be derived."""

    investor_key: str
    secret_hash: str | None = None  #: a seeder's, in the byte order of the chain
    stage_info: DynamicInfo | None = None  #: Fund and Subscribe only

    @property
    def is_seeder(self) -> bool:
        """Whether a lead investor wrote it."""
        return self.secret_hash is not None


def parse_founding(script: bytes) -> Founding | None:
    """Read ``OP_RETURN <founder key> <0100> <event id>``."""
    items = _items(script)
    if [len(item) for item in items] != [33, 2, 32]:
        return None
    key, key_type, event_id = items
    if key_type != _EVENT_KEY_TYPE or not is_point(key):
        return None
    return Founding(founder_key=key.hex(), event_id=event_id.hex())


def parse_legacy_founding(script: bytes) -> LegacyFounding | None:
    """Read ``OP_RETURN <founder key> <nostr key>``; a seeder's investment looks the same.

    Only the founder's key tells them apart, by the halved index leading to the
    address (`generator.protocol.angor.project_identifier.Derivation`).
    """
    match _items(script):
        case (key, pubkey) if len(pubkey) == 32 and is_point(key):  # noqa: PLR2004 - x-only key
            return LegacyFounding(founder_key=key.hex(), nostr_pubkey=pubkey.hex())
        case _:
            return None


def parse_investment(script: bytes) -> InvestmentNote | None:
    """Read ``OP_RETURN <investor key> [<hash of secret>] [<dynamic stage info>]``."""
    items = _items(script)
    if not items or not is_point(items[0]):
        return None
    key = items[0].hex()
    match [len(item) for item in items[1:]]:
        case []:
            return InvestmentNote(investor_key=key)
        case [32]:
            return InvestmentNote(investor_key=key, secret_hash=items[1].hex())
        case [4]:
            return InvestmentNote(investor_key=key, stage_info=DynamicInfo.parse(items[1]))
        case [32, 4]:
            info = DynamicInfo.parse(items[2])
            return InvestmentNote(investor_key=key, secret_hash=items[1].hex(), stage_info=info)
        case _:
            return None


def founding_script(founding: Founding) -> bytes:
    """Return the output script that binds a founder key to an event."""
    return op_return(bytes.fromhex(founding.founder_key), _EVENT_KEY_TYPE, bytes.fromhex(founding.event_id))


def investment_script(note: InvestmentNote) -> bytes:
    """Return the output script of an investment."""
    items = [bytes.fromhex(note.investor_key)]
    if note.secret_hash is not None:
        items.append(bytes.fromhex(note.secret_hash))
    if note.stage_info is not None:
        items.append(note.stage_info.serialize())
    return op_return(*items)


def _items(script: bytes) -> list[bytes]:
    """Return what an OP_RETURN pushes; nothing for any other script."""
    try:
        return pushes(script)
    except MalformedData:
        return []
