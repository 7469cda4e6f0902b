"""Names of sources, and which kind of source a name stands for."""

from typing import Final

from generator.config import ProjectConfig

ANGOR: Final = "angor"
BTCPAY: Final = "btcpay"
RATES: Final = "rates"


def source_kind(source: str) -> str:
    """Return ``angor``, or ``btcpay`` for the name of any server of it."""
    return ANGOR if source == ANGOR else BTCPAY


def expected_sources(setting: ProjectConfig | None) -> tuple[str, ...]:
    """Return the sources that a project is read from, Angor first; of a discovered one (None) it alone."""
    if setting is None:
        return (ANGOR,)
    names = [ANGOR] if setting.angor else []
    if setting.btcpay:
        names.append(f"{BTCPAY}-{setting.btcpay.source}")
    return tuple(names)
