"""What the log says of texts that were taken down from it."""

from typing import ClassVar, Final

from generator.ledger import Observation
from generator.origin import Origins, fields
from generator.places import ANGOR, BTCPAY

#: A project's own words, as fields of `Project`.
WORDS: Final = ("title", "tagline", "description", "website", "picture")


class Redaction(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="redaction"):
    """The texts of a place, of an author or of one event are not kept any more.

    `id` is the place, the author's Nostr key in hex, or the event's id.
    """

    _OWN: ClassVar = fields(derived="source", publisher="id reason words hashes of")
    ORIGINS: ClassVar[Origins] = {ANGOR: _OWN, BTCPAY: _OWN}

    reason: str  #: the maintainer's, published
    words: tuple[str, ...] = ()  #: which of `WORDS` of a project go with it
    hashes: tuple[str, ...] = ()  #: sha256 of each text that was taken out, sorted
    of: str = ""  #: place with which this was taken down, empty for what the maintainer named
