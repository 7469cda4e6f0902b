"""Evidence: what proofs rest on, each piece stored once and checked by itself."""

from typing import ClassVar

from generator.ledger import Observation
from generator.number_bounds import Whole
from generator.origin import Origins, fields
from generator.places import ANGOR


class EventRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """Evidence: a signed Nostr event; `id` is the event id, `json` its exact content and fields."""

    ORIGINS: ClassVar[Origins] = {ANGOR: fields(derived="id source json redacted")}

    json: str = ""  #: empty for one that was taken down
    redacted: str = ""  #: sha256 of the text that was taken down


class TransactionRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="transaction"):
    """Evidence: a raw transaction; `id` is the txid."""

    ORIGINS: ClassVar[Origins] = {ANGOR: fields(derived="id source hex")}

    hex: str


class HeaderRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="header"):
    """Evidence: a block header; `id` is the block hash."""

    ORIGINS: ClassVar[Origins] = {ANGOR: fields(derived="id source hex", indexer="height")}

    height: Whole
    hex: str


class BranchRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="branch"):
    """Evidence: a Merkle branch from a transaction (`id` = ``txid@block hash``) to its block's root."""

    ORIGINS: ClassVar[Origins] = {ANGOR: fields(derived="id source position hashes")}

    position: Whole
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed (reversed) hex


Evidence = EventRecord | TransactionRecord | HeaderRecord | BranchRecord
