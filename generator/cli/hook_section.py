"""The section `hook` of the configuration, with the secrets that it names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.errors import ConfigError

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.config import HookConfig


def hook_section(site: "SiteFolder") -> "HookConfig":
    """Return the section `hook`; raise `ConfigError` when there is none."""
    if site.config.hook is None:
        message = "there is no section hook; docs/webhooks.md has one to copy"
        raise ConfigError(site.document.problem((), message, "no-hook"))
    return site.config.hook


def hook_secrets(
    site: "SiteFolder", hook: "HookConfig", environment: Mapping[str, str], *, token: bool = True
) -> dict[str, str]:
    """Return the secrets of the section by variable, without the `token` if it is not needed.

    Raise `ConfigError` naming each that is missing.
    """
    from generator.config.secret_values import look_up

    names = {"secret_env": "the secret of the webhook: any long random text, the same in BTCPay"}
    if hook.token_env and token:
        names |= {"token_env": "a GitHub token for this repository alone, with Actions: write"}
    named = (
        (str(getattr(hook, field)), ("hook", field), f"it holds {what}; see docs/webhooks.md")
        for field, what in names.items()
    )
    return look_up(named, environment, site.document)
