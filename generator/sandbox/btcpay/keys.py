"""API keys and what each may do, with BTCPay's inclusion of rights."""

from dataclasses import dataclass
from typing import Final

VIEW_INVOICES: Final = "btcpay.store.canviewinvoices"
VIEW_SETTINGS: Final = "btcpay.store.canviewstoresettings"
VIEW_PULLS: Final = "btcpay.store.canviewpullpayments"
VIEW_PAYOUTS: Final = "btcpay.store.canviewpayouts"
VIEW_REQUESTS: Final = "btcpay.store.canviewpaymentrequests"
CREATE_INVOICE: Final = "btcpay.store.cancreateinvoice"
MODIFY_WEBHOOKS: Final = "btcpay.store.webhooks.canmodifywebhooks"
MODIFY_SETTINGS: Final = "btcpay.store.canmodifystoresettings"
UNRESTRICTED: Final = "unrestricted"

#: right → rights it brings along
_CONTAINS: Final = {
    VIEW_SETTINGS: frozenset(
        {
            VIEW_INVOICES,
            VIEW_PULLS,
            VIEW_PAYOUTS,
            VIEW_REQUESTS,
            "btcpay.store.canviewreports",
        }
    ),
    MODIFY_SETTINGS: frozenset(
        {
            VIEW_SETTINGS,
            VIEW_INVOICES,
            VIEW_PULLS,
            VIEW_PAYOUTS,
            VIEW_REQUESTS,
            MODIFY_WEBHOOKS,
            CREATE_INVOICE,
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key: its text and permissions such as ``btcpay.store.canviewinvoices:<store id>``."""

    text: str
    permissions: tuple[str, ...]

    def may(self, right: str, store: str) -> bool:
        """Tell whether the key has a right in a store."""
        return any(self._grants(permission, right, store) for permission in self.permissions)

    def _grants(self, permission: str, right: str, store: str) -> bool:
        policy, _, scope = permission.partition(":")
        if scope and scope != store:
            return False
        return policy in (UNRESTRICTED, right) or right in _CONTAINS.get(policy, ())


def token_of(header: str) -> str | None:
    """Return the key of an ``Authorization`` header; None for anything but ``token`` or ``bearer``."""
    match header.split():
        case [scheme, text] if scheme.lower() in ("token", "bearer"):
            return text
        case _:
            return None
