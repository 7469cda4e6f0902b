"""The result of a named check, and whose word each check is."""

from typing import ClassVar, Final

from generator.ledger import Observation
from generator.origin import Origins, fields
from generator.places import ANGOR, BTCPAY, RATES
from generator.protocol.proof.checked_claims import Result

#: The check whether two indexers have the same block where money stands.
HEADER_AGREEMENT: Final = "header-agreement"
#: Kind of source → check → whose word its result and reason are. There is no other check.
CHECKS: Final[Origins] = {
    ANGOR: fields(
        derived="event-id event-signature event-author founder-key-address founding-commitment "
        "single-founding network-name terms window after-founding stage-scripts stage-amounts spend-script "
        "spend-witness penalty-days inclusion",
        relay="profile definition-standing moderation",
        indexer=f"history witness {HEADER_AGREEMENT} investment-note server-clock",
        publisher="accepted-drop",
    ),
    BTCPAY: fields(
        btcpay="app-found app-known settings-read records-readable claimed-once payment-shared unassigned "
        "named-in-text attribution-moved refunds-read refunds-hidden payouts-unexplained payouts-unreadable "
        "payouts-ahead refunds-promised refunds-by-order refunds-other-coin refunds-unproven "
        "server-clock",
        publisher="accepted-drop rekeyed",
    ),
    RATES: fields(provider="rate-plausible", publisher="accepted-drop"),
}


class Finding(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="finding"):
    """The result of one named check on one subject; `id` is ``<check>/<subject>``.

    Whose word result and reason are `CHECKS` says, check by check.
    """

    _OWN: ClassVar = fields(derived="id source place check subject result reason")
    ORIGINS: ClassVar[Origins] = {ANGOR: _OWN, BTCPAY: _OWN, RATES: _OWN}

    place: str = ""  #: empty for findings about a source
    check: str = ""  #: ``event-signature``, ``founding-commitment``, ``stage-scripts`` …
    subject: str = ""  #: event id, txid, outpoint, relay or host
    result: Result
    reason: str = ""  #: observed and expected, one sentence, for failed and not checked
