"""Names of sources, and the kind of source that each stands for."""

from generator.places import ANGOR, BTCPAY, RATES


def source_kind(source: str) -> str:
    """Return ``angor``, ``rates``, or ``btcpay`` for any ``btcpay-<id>``; raise `ValueError` for others."""
    if source in (ANGOR, RATES):
        return source
    if source.startswith(f"{BTCPAY}-"):
        return BTCPAY
    msg = f"no source is called {source!r}"
    raise ValueError(msg)
