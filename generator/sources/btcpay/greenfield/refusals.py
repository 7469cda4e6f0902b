"""What a Greenfield refusal means and what the maintainer does next; pure.

BTCPay answers 403 alike for a missing right, a store of somebody else and a
store that does not exist, so no message pretends to know which. The text of a
refusal is not repeated: it may quote what was sent.
"""

from typing import Final

import msgspec

from generator.config import BTCPayServer
from generator.errors import Invalid, SourceError, Unavailable
from generator.sources.http import HttpAnswer
from generator.unreadable import UNREADABLE

VIEW_INVOICES: Final = "btcpay.store.canviewinvoices"
VIEW_SETTINGS: Final = "btcpay.store.canviewstoresettings"
VIEW_PULL_PAYMENTS: Final = "btcpay.store.canviewpullpayments"
VIEW_PAYOUTS: Final = "btcpay.store.canviewpayouts"
VIEW_REQUESTS: Final = "btcpay.store.canviewpaymentrequests"
#: There is no right to look at webhooks only.
MODIFY_WEBHOOKS: Final = "btcpay.store.webhooks.canmodifywebhooks"

#: Every status that `refusal` explains; the HTTP layer hands these answers over.
EXPLAINED: Final = frozenset({400, 401, 403, 404, 405, 409, 410, 422})
#: What to do where the server gives no reason that we know.
_LOOK: Final = "look at the server's own log, then run: sunlit doctor"
#: Codes of what has no such id; the second is a word of any route.
_NOT_FOUND: Final = frozenset({"app-not-found", "not-found", "payment-request-not-found"})
#: What each documented code means; other codes are not repeated.
_CODES: Final = {
    "app-not-found": "no app of this kind has this id; copy the id from the app's settings",
    "not-found": "the server has nothing with this id; copy the id from the app's settings",
    "invoice-not-found": "the invoice is gone since it was listed; the next run asks again",
    "paymentmethod-not-found": "the invoice has changed since it was listed; the next run asks again",
    "payment-request-not-found": "there is no payment request with this id; copy the id from its address",
    "webhook-not-found": "the webhook is gone since it was listed; the next run asks again",
    "webhookdelivery-not-found": "the delivery is gone since it was listed; the next run asks again",
    "webhookdelivery-pruned": "the server keeps deliveries for 60 days only; polling has read what it told",
    "generic-error": f"the server names no reason; {_LOOK}",
    "unsupported-in-v2": "the server no longer has this route; look for a newer Sunlit",
}
#: Parameters of ours that a refusal may name.
_PARAMETERS: Final = frozenset(
    {"startDate", "endDate", "skip", "take", "status", "textSearch", "currencyPair"}
)


class NotAllowed(Unavailable):
    """The key works, but not for this: it lacks a right, or the store is none of its user's."""


class AppNotFound(Invalid):
    """No app or request of this kind has this id in a listed store: it was deleted, or is mistyped."""


class _ErrorBody(msgspec.Struct, frozen=True):
    code: str = ""


class _RefusedParameter(msgspec.Struct, frozen=True):
    path: str = ""


_ERROR_BODY: Final = msgspec.json.Decoder(_ErrorBody)
_REFUSED_PARAMETERS: Final = msgspec.json.Decoder(tuple[_RefusedParameter, ...])


def refusal(answer: HttpAnswer, server: BTCPayServer, need: str) -> SourceError:
    """Make the error for an answer that is not 2xx: it names server, subject, status and next step."""
    if answer.status in (401, 403):
        kind = NotAllowed if answer.status == 403 else Unavailable  # noqa: PLR2004 -- rights, not the key
        return kind(answer.source, f"{answer.subject}: {_unauthorised(answer, server, need)}")
    if answer.status == 422:  # noqa: PLR2004 -- the one status with a list for a body
        return answer.invalid(
            f"refused {_refused_parameters(answer)} (422)", "is the server newer than Sunlit?"
        )
    code = _problem_code(answer)
    if code in _NOT_FOUND:
        return AppNotFound(
            answer.source, answer.invalid(f"answered {answer.status} {code}", _CODES[code]).message
        )
    if code in _CODES:
        return answer.invalid(f"answered {answer.status} {code}", _CODES[code])
    if answer.status in (404, 405) and not code:  # a body with a code is Greenfield's own
        step = f"{server.url} shows no Greenfield API here: check the url and its path prefix"
        return answer.invalid(f"answered {answer.status}", step)
    return answer.invalid(f"answered {answer.status}", f"expected 200; {_LOOK}")


def _unauthorised(answer: HttpAnswer, server: BTCPayServer, need: str) -> str:
    key = f"the API key in {server.token_env} ({answer.status})"
    create = f"create a key with {need} at {key_page(server, need)}"
    if answer.status == 401:  # noqa: PLR2004 -- the key itself, not its rights
        return f"{answer.host} does not accept {key}: unknown, revoked, or its user is disabled; {create}"
    lacks = f"it lacks {need}, or the store is not one of its user's"
    return f"{answer.host} refused {key}: {lacks}; check the store id, or {create}"


def _problem_code(answer: HttpAnswer) -> str:
    try:
        return _ERROR_BODY.decode(answer.content).code
    except UNREADABLE:
        return ""


def _refused_parameters(answer: HttpAnswer) -> str:
    try:
        refused = _REFUSED_PARAMETERS.decode(answer.content)
    except UNREADABLE:
        return "the question"
    return ", ".join(sorted({parameter.path for parameter in refused} & _PARAMETERS)) or "the question"


def key_page(server: BTCPayServer, need: str) -> str:
    """Address the server's page on which a key with just this right is made, for chosen stores."""
    query = f"permissions={need}&applicationName=Sunlit&selectiveStores=true&strict=true"
    return f"{server.url}/api-keys/authorize?{query}"
