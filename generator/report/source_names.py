"""Names of sources, and which kind of source a name stands for."""

from typing import Final

from generator.config import ProjectConfig

ANGOR: Final = "angor"
BTCPAY: Final = "btcpay"
RATES: Final = "rates"


def source_kind(source: str) -> str:
    """Return ``angor``, ``rates``, or ``btcpay`` for any ``btcpay-<id>``; raise `ValueError` for others."""
    if source in (ANGOR, RATES):
        return source
    if source.startswith(f"{BTCPAY}-"):
        return BTCPAY
    msg = f"no source is called {source!r}"
    raise ValueError(msg)


def expected_sources(setting: ProjectConfig | None) -> tuple[str, ...]:
    """Return the sources that a project is read from, Angor first; of a discovered one (None) it alone."""
    if setting is None:
        return (ANGOR,)
    names = [ANGOR] if setting.angor else []
    if setting.btcpay:
        names.append(f"{BTCPAY}-{setting.btcpay.source}")
    return tuple(names)
