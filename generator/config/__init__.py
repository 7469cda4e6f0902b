"""`config.yaml` as a value."""

from generator.config.hook_settings import HookConfig
from generator.config.load import ID_KEY_ENV, parse, parse_document, schema, secrets
from generator.config.model import (
    BTCPayBinding,
    BTCPayServer,
    Config,
    GoalConfig,
    Privacy,
    ProjectConfig,
    Rates,
)
from generator.config.public_part import published
from generator.config.value_types import Network

__all__ = [
    "ID_KEY_ENV",
    "BTCPayBinding",
    "BTCPayServer",
    "Config",
    "GoalConfig",
    "HookConfig",
    "Network",
    "Privacy",
    "ProjectConfig",
    "Rates",
    "parse",
    "parse_document",
    "published",
    "schema",
    "secrets",
]
