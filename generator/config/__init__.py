"""`config.yaml` as a value."""

from generator.config.config import Config, HookConfig, PrivacyConfig
from generator.config.load import parse, parse_document, schema
from generator.config.project_settings import AngorConfig, BTCPayBinding, GoalConfig, ProjectConfig
from generator.config.public_part import published, without_ids
from generator.config.secret_values import ID_KEY_ENV, secrets
from generator.config.source_settings import BTCPayServer, RatesConfig
from generator.config.value_types import Network
