"""The secrets that the configuration names: read from the environment, or asked for in one sentence each."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from generator.config.config import Config
from generator.config.positions import KeyPath, YamlDocument
from generator.config.source_settings import BTCPayServer
from generator.errors import ConfigError

#: Holds the key of the ids of BTCPay rows, where `privacy.rows` is ``payment``.
ID_KEY_ENV: Final = "SUNLIT_ID_KEY"
#: What BTCPay must allow for each part of a server that is read.
_RIGHTS: Final = {
    "invoices": "btcpay.store.canviewinvoices",
    "crowdfund": "btcpay.store.canviewinvoices",
    "payouts": "btcpay.store.canviewstoresettings",
}


def secrets(config: Config, environment: Mapping[str, str], document: YamlDocument) -> dict[str, str]:
    """Return the secrets the configuration names, by variable; raise `ConfigError` for each missing one.

    `document` is the file that the configuration was read from, for the places of the problems.
    """
    found = look_up(_named(config), environment, document)
    nostr = config.sources.nostr
    if nostr and (name := nostr.auth_key_env) in found:
        from generator.protocol.nostr import secret_of  # noqa: PLC0415 -- long to load, and only runs ask

        try:
            secret_of(found[name])
        except ValueError as error:
            path = ("sources", "nostr", "auth_key_env")
            message = f"environment variable {name} {error}"
            raise ConfigError(document.problem(path, message, "bad-secret")) from None
    return found


def secret_names(config: Config) -> list[str]:
    """Return the variables that a run of the workflow needs."""
    return [name for name, _, _ in _named(config)]


def look_up(
    named: Iterable[tuple[str, KeyPath, str]], environment: Mapping[str, str], document: YamlDocument
) -> dict[str, str]:
    """Return the values of variables that are `named` with their place and purpose, as `secrets` does."""
    found: dict[str, str] = {}
    problems = []
    for name, path, purpose in named:
        value = environment.get(name, "").strip()
        if value:
            found[name] = value
        else:
            message = f"environment variable {name} is not set: {purpose}"
            problems.append(document.problem(path, message, "missing-secret"))
    if problems:
        raise ConfigError(*problems)
    return found


def _named(config: Config) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield each variable with the place that names it, what it holds and how to come by it."""
    for number, server in enumerate(config.sources.btcpay):
        if server.closed:
            continue
        purpose = (
            f"it holds the API key of {server.url}. Create one in BTCPay: Account → Manage account → "
            f"API keys → Generate key, with only {_rights(config, server)}, "
            "and give it to this shell by export, and on GitHub as a secret of this name"
        )
        yield server.token_env, ("sources", "btcpay", number, "token_env"), purpose
    if config.sources.nostr and (name := config.sources.nostr.auth_key_env):
        purpose = (
            "it holds the secret key that logs in to relays, nsec1… or 64 hex digits. Make one for this "
            "report alone with `openssl rand -hex 32`, tell the relay its public key, and give it to the job "
            "as a secret"
        )
        yield name, ("sources", "nostr", "auth_key_env"), purpose
    if config.privacy.rows == "payment" and config.sources.btcpay:
        purpose = (
            "privacy.rows payment needs a key of its own. "
            "Make one with `openssl rand -hex 32` and keep it: another key would change every id"
        )
        yield ID_KEY_ENV, ("privacy", "rows"), purpose


def _rights(config: Config, server: BTCPayServer) -> str:
    """Return what the key of a server must allow, store by store, as BTCPay writes it."""
    rights = {f"{_RIGHTS[part]}:{store}" for part in server.include for store in server.stores}
    rates = config.sources.rates
    if "btcpay" in rates.asked and rates.server == server.id:
        rights.add(f"{_RIGHTS['payouts']}:{rates.store}")
    return " and ".join(sorted(rights))
