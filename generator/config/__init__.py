"""`config.yaml` as a value."""

from generator.config.model import (
    BTCPayBinding,
    BTCPayServer,
    Config,
    GoalConfig,
    Network,
    Privacy,
    ProjectConfig,
    Rates,
)

__all__ = [
    "BTCPayBinding",
    "BTCPayServer",
    "Config",
    "GoalConfig",
    "Network",
    "Privacy",
    "ProjectConfig",
    "Rates",
]
