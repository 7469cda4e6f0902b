"""What each relay implementation does where the protocol leaves a choice, as its source code says; a table.

Limits are the implementations' defaults. A relay with such a profile is `ProfiledRelay`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Over(StrEnum):
    """What a `limit` above the maximum gives."""

    CLAMP = "clamp"  #: the maximum, in silence
    QUARTER = "quarter"  #: a quarter of the maximum, in silence
    NOTICE = "notice"  #: a notice, and nothing else


class Refusal(StrEnum):
    """How a question is refused."""

    NOTICE = "notice"  #: words, no CLOSED and no EOSE
    CLOSED = "closed"
    CLOSED_ERROR = "closed-error"  #: CLOSED whose reason begins with "ERROR: "
    SILENCE = "silence"


class Guard(StrEnum):
    """Which questions are not answered."""

    NOBODY = ""
    KINDS_ALONE = "kinds-alone"  #: refused where no author or tag is named
    SCRAPERS = "scrapers"  #: EOSE at once, without an event, where only kinds are named
    MEMBERS = "members"  #: refused before a login (NIP-42)


class Fault(StrEnum):
    """What goes wrong on a bad day."""

    NOTHING = ""
    STORAGE = "storage"  #: a notice, then EOSE: failure looks complete
    SHEDDING = "shedding"  #: nothing is sent
    SLOW_READER = "slow-reader"  #: some events, and then nothing
    HANG_UP = "hang-up"  #: the connection is broken before an answer to its handshake


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayProfile:
    """How one relay implementation answers."""

    most: int | None = 500  #: `limit` at most
    over: Over = Over.CLAMP
    without_limit: int | None = 500  #: events of a question without `limit`
    oldest_without_limit: bool = False
    subscriptions: int | None = None  #: open at a time
    refusal: Refusal = Refusal.NOTICE
    guard: Guard = Guard.NOBODY
    private_kinds: tuple[int, ...] = ()  #: which alone are for members; all, if none is named
    greets_with_auth: bool = False  #: sends its challenge on connect, otherwise when it refuses
    judges_logins: bool = True
    per_minute: int | None = None  #: questions of a connection
    burst: int = 0
    closes_ids: bool = False  #: CLOSED without a reason after the EOSE of a question by ids
    zero_is_all: bool = False  #: `limit` 0 gives everything
    #: NIP-11 document, None where there is none
    information: Mapping[str, Any] | None = None
    status: int = 0  #: HTTP status with which connections are refused
    fault: Fault = Fault.NOTHING


def _document(software: str, **limits: object) -> Mapping[str, Any]:
    """Return a NIP-11 document; `limits` are its limitation, left out where there are none."""
    said = {"name": "sandbox relay", "software": software}
    return MappingProxyType({**said, "limitation": limits} if limits else said)


_STRFRY: Final = RelayProfile(
    subscriptions=200,
    refusal=Refusal.CLOSED_ERROR,
    information=_document("strfry", max_message_length=131_072, max_subscriptions=200, max_limit=500),
)
_RS: Final = RelayProfile(
    most=None,
    without_limit=None,
    oldest_without_limit=True,
    subscriptions=32,
    information=_document("nostr-rs-relay", payment_required=False, restricted_writes=False),
)
_KHATRU: Final = RelayProfile(
    most=1_500,
    over=Over.QUARTER,
    without_limit=375,
    refusal=Refusal.CLOSED,
    per_minute=20,
    burst=100,
    information=_document("khatru"),
)
_NOSTREAM: Final = RelayProfile(
    most=5_000,
    over=Over.NOTICE,
    oldest_without_limit=True,
    subscriptions=10,
    per_minute=240,
    burst=240,
    information=_document(
        "nostream", max_limit=5_000, max_subscriptions=10, max_filters=10, auth_required=False
    ),
)
_PROFILES: Final = {
    "strfry-default": _STRFRY,
    "strfry-2024": replace(_STRFRY, subscriptions=20, refusal=Refusal.NOTICE),
    "strfry-validated": replace(_STRFRY, guard=Guard.KINDS_ALONE),
    "strfry-members": replace(_STRFRY, guard=Guard.MEMBERS),
    "rs-relay": _RS,
    "rs-relay-loaded": replace(_RS, fault=Fault.SHEDDING),
    "rs-relay-slow-reader": replace(_RS, fault=Fault.SLOW_READER),
    "rs-scraper-guard": replace(_RS, guard=Guard.SCRAPERS),
    "khatru-lmdb": _KHATRU,
    "khatru-badger": replace(_KHATRU, most=1_000, without_limit=250),
    "khatru-storage-error": replace(_KHATRU, fault=Fault.STORAGE),
    "khatru-members": replace(_KHATRU, guard=Guard.MEMBERS),
    "nostream": _NOSTREAM,
    "nostream-members": replace(_NOSTREAM, guard=Guard.MEMBERS, refusal=Refusal.CLOSED),
    "sdk-local": RelayProfile(subscriptions=500, refusal=Refusal.CLOSED, closes_ids=True),
    "py-nostr-relay": RelayProfile(
        most=6_000,
        without_limit=6_000,
        subscriptions=32,
        refusal=Refusal.SILENCE,
        zero_is_all=True,
        information=_document("nostr-relay"),
    ),
    "js-nostr-relay": RelayProfile(most=1_000, without_limit=100, greets_with_auth=True),
    "one-event-a-page": RelayProfile(most=1),
    **{f"refuses-{status}": RelayProfile(status=status) for status in (403, 404, 426, 429, 503, 530)},
    "hangs-up": RelayProfile(fault=Fault.HANG_UP),
}
#: Profiles by their names.
RELAY_PROFILES: Final[Mapping[str, RelayProfile]] = MappingProxyType(_PROFILES)
