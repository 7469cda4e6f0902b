"""What an API key of BTCPay may do, held against what a report needs; pure.

A key that leaks must not be able to move money or change anything, so every
permission outside of the read set is an error, whoever promises never to use it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from generator.config import BTCPayServer
from generator.doctor.diagnosis import Diagnosis, Level
from generator.sources.btcpay.greenfield.refusals import (
    VIEW_INVOICES,
    VIEW_PAYOUTS,
    VIEW_PULL_PAYMENTS,
    VIEW_REQUESTS,
    VIEW_SETTINGS,
    key_page,
)

#: Everything a reporter may hold.
READ_SET: Final = (VIEW_INVOICES, VIEW_SETTINGS, VIEW_PULL_PAYMENTS, VIEW_PAYOUTS, VIEW_REQUESTS)
#: What a permission of the read set contains (`btcpay.store.canviewstoresettings` is a parent).
_CONTAINED: Final = {
    VIEW_SETTINGS: frozenset({VIEW_INVOICES, VIEW_PULL_PAYMENTS, VIEW_PAYOUTS, VIEW_REQUESTS})
}


def judge_key(server: BTCPayServer, permissions: Iterable[str]) -> Iterator[Diagnosis]:
    """Yield what is too much, what is missing, and what is not read with it."""
    held = [tuple(permission.partition(":")[::2]) for permission in permissions]
    yield from _too_much(server, held)
    for store in server.stores:
        may = {policy for policy, scope in held if scope in ("", store)}
        may |= {inner for policy in may for inner in _CONTAINED.get(policy, ())}
        if "unrestricted" not in may:
            yield _readable(server, store, may)
    everywhere = sorted({policy for policy, scope in held if not scope and policy in READ_SET})
    if everywhere:
        yield Diagnosis(
            code="btcpay-key-every-store",
            level=Level.WARNING,
            source=server.id,
            subject=", ".join(everywhere),
            observed=f"the API key in {server.token_env} may read every store of its user",
            expected="a key for chosen stores",
            fix=_new_key(server),
        )


def _too_much(server: BTCPayServer, held: list[tuple[str, ...]]) -> Iterator[Diagnosis]:
    for policy, scope in sorted(set(held)):
        if policy in READ_SET:
            continue
        where = f" on store {scope}" if scope else " on every store of its user"
        reason = server.key_reason
        yield Diagnosis(
            code="btcpay-key-can-more",
            level=Level.WARNING if reason else Level.ERROR,
            source=server.id,
            subject=policy,
            observed=f"the API key in {server.token_env} has {policy}{where}, more than reading"
            + (f" (key_reason: {reason})" if reason else ""),
            expected=f"nothing beyond {', '.join(READ_SET)}",
            fix=f"{_new_key(server)}, put it in {server.token_env} and revoke this one",
        )


def _readable(server: BTCPayServer, store: str, may: set[str]) -> Diagnosis:
    code, level, expected, fix = "btcpay-key-reads", Level.OK, "", ""
    observed = "the key reads invoices and refunds"
    missing = [policy for policy in (VIEW_PULL_PAYMENTS, VIEW_PAYOUTS) if policy not in may]
    if VIEW_INVOICES not in may:
        code, level, fix = "btcpay-key-cannot-read", Level.ERROR, _new_key(server)
        observed = f"the API key in {server.token_env} lacks {VIEW_INVOICES} here"
        expected = "the right to read invoices"
    elif missing:
        code = "btcpay-refunds-not-read"
        observed = f"without {' and '.join(missing)} refunds are not read: raised stands, net is n/a"
        if "payouts" in server.include:
            level, fix = Level.WARNING, _new_key(server, VIEW_SETTINGS)
    return Diagnosis(
        code=code,
        level=level,
        source=server.id,
        subject=f"store {store}",
        observed=observed,
        expected=expected,
        fix=fix,
    )


def _new_key(server: BTCPayServer, need: str = VIEW_INVOICES) -> str:
    return f"Create a key with {need} for your stores alone at {key_page(server, need)}"
