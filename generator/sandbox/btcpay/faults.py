"""What can go wrong with a server, on demand."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from starlette.responses import Response

#: Longer than any patience; a server that is shut down does not wait for it.
_FOR_EVER: Final = 3600.0


class Fault(StrEnum):
    """One way to fail."""

    DOWN = "down"  #: 503 by a proxy, as HTML
    GATEWAY = "gateway"  #: 502 by a proxy, as HTML
    ERROR = "error"  #: 500, empty body
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    LIMITED = "429"
    HTML = "html200"
    EMPTY = "empty200"
    TRUNCATED = "truncated"
    SLOW = "slow"  #: answers, after `seconds`
    TIMEOUT = "timeout"  #: never answers


@dataclass(slots=True, kw_only=True)
class Plan:
    """A fault, where it strikes and how often."""

    fault: Fault
    path: str = ""  #: part of the paths it strikes; empty for all
    times: int | None = None  #: requests it strikes; None for all
    seconds: float = 1.0  #: of `SLOW`, and of ``Retry-After``

    def strikes(self, path: str) -> bool:
        """Tell whether a request is struck, and count it."""
        if self.path not in path or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults of one server; the first that fits a request strikes it."""

    html: str = "<html><body><h1>Service Unavailable</h1></body></html>"
    plans: list[Plan] = field(default_factory=list)

    def add(self, fault: Fault, *, path: str = "", times: int | None = None, seconds: float = 1.0) -> None:
        """Let a fault strike requests whose path has `path` in it, the next `times` or all."""
        self.plans.append(Plan(fault=fault, path=path, times=times, seconds=seconds))

    def heal(self) -> None:
        """Let everything work again."""
        self.plans.clear()

    def striking(self, path: str) -> Plan | None:
        """Return the fault that strikes a request, None for none."""
        return next((plan for plan in self.plans if plan.strikes(path)), None)

    async def answer(self, plan: Plan) -> Response | None:
        """Return what a struck request gets; None for one that is only slow or cut."""
        if plan.fault in (Fault.SLOW, Fault.TIMEOUT):
            await asyncio.sleep(plan.seconds if plan.fault is Fault.SLOW else _FOR_EVER)
            return None
        if plan.fault is Fault.TRUNCATED:
            return None
        status, media, body = _AT_ONCE[plan.fault]
        headers = {"Retry-After": f"{plan.seconds:g}"} if plan.fault is Fault.LIMITED else {}
        return Response(self.html if body is None else body, status, headers, media)


_HTML: Final = "text/html"
_JSON: Final = "application/json"
_UNKNOWN_KEY: Final = '{"code":"unauthenticated","message":"ApiKey authentication failed: Unknown API Key"}'
_NO_RIGHT: Final = (
    '{"missingPermission":"btcpay.store.canviewinvoices","code":"missing-permission",'
    '"message":"Insufficient API Permissions."}'
)
#: fault → (status, media type, body); None stands for the proxy's page
_AT_ONCE: Final[dict[Fault, tuple[int, str, str | None]]] = {
    Fault.DOWN: (503, _HTML, None),
    Fault.GATEWAY: (502, _HTML, None),
    Fault.ERROR: (500, _JSON, ""),
    Fault.UNAUTHORIZED: (401, _JSON, _UNKNOWN_KEY),
    Fault.FORBIDDEN: (403, _JSON, _NO_RIGHT),
    Fault.LIMITED: (429, _HTML, None),
    Fault.HTML: (200, _HTML, None),
    Fault.EMPTY: (200, _JSON, ""),
}
