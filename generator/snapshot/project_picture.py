"""The picture of a project, as it was found and made small."""

from typing import ClassVar

from generator.ledger import Observation
from generator.origin import Origins, fields
from generator.places import ANGOR, BTCPAY


class ProjectPicture(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="picture"):
    """What stood at the address that a place names as its picture; `id` is the place.

    It stands in the log itself, because it can be asked for again as little as anything else in there.
    """

    _OWN: ClassVar = fields(derived="id source address", publisher="webp reason evidence")
    ORIGINS: ClassVar[Origins] = {ANGOR: _OWN, BTCPAY: _OWN}

    address: str  #: where it was found
    webp: str = ""  #: base64 of a file as `generator.webp` tells it; empty where none could be taken
    reason: str = ""  #: why none could be taken, one phrase
    evidence: tuple[str, ...] = ()  #: what the place's record rested on, so that it goes with it
