"""One site on disk: its configuration, its folders, and the options every command shares."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.config import Config, parse
from generator.config.positions import Document, read
from generator.errors import ConfigError, Problem
from generator.publish import recover
from generator.sources.rates.own_file import OwnRate, parse_rates

F = TypeVar("F", bound=Callable[..., Any])

DEMO = Path(".sunlit/demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a command works on. The log of a demo never lies where a real one would."""

    config: Config
    root: Path  #: folder of config.yaml
    output: Path
    document: Document | None = None  #: places in config.yaml, None for the demo
    demo: bool = False
    own_rates: tuple[OwnRate, ...] = ()  #: what the file of sources.rates.file says
    authorities: Mapping[str, str] = field(default_factory=dict)  #: BTCPay server id → PEM text

    @property
    def log(self) -> Path:
        """Return the folder of the snapshot log."""
        return self.root / (DEMO / "snapshots" if self.demo else "content/snapshots")

    @property
    def quarantine(self) -> Path:
        """Return the folder of what the plausibility gate refused."""
        return self.root / (DEMO / "quarantine" if self.demo else ".sunlit/quarantine")


def load_site(config: Path, output: Path | None) -> Site:
    """Read config.yaml, and put back a site that a killed build left aside.

    Raise `ConfigError` with every problem, or one that says the file is not there.
    """
    try:
        text = config.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = (
            "there is no such file; start with `sunlit build --demo`, or copy config.yaml from the repository"
        )
        raise ConfigError(Problem(file=str(config), path="", message=message, code="no-file")) from None
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read as UTF-8 text ({error})"
        raise ConfigError(Problem(file=str(config), path="", message=message, code="no-file")) from error
    root = config.parent
    where = output or root / "output"
    recover(where)
    parsed, document = parse(text, str(config)), read(text, str(config))
    own = _own_rates(parsed, document, root)
    trusted = _authorities(parsed, document, root)
    return Site(config=parsed, document=document, root=root, output=where, own_rates=own, authorities=trusted)


def _authorities(config: Config, document: Document, root: Path) -> dict[str, str]:
    """Read the certificates of BTCPay servers that the configuration names a file for."""
    found: dict[str, str] = {}
    for number, server in enumerate(config.sources.btcpay):
        if server.ca_file is None:
            continue
        path = root / server.ca_file
        try:
            text = path.read_text(encoding="ascii")
            ssl.create_default_context().load_verify_locations(cadata=text)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            why = getattr(error, "strerror", None) if not isinstance(error, ssl.SSLError) else None
            message = (
                f"{path} is not a certificate in PEM form ({why or 'no certificate in it'}); "
                "save there what the server's owner signs with, from BEGIN CERTIFICATE to END CERTIFICATE"
            )
            place = ("sources", "btcpay", number, "ca_file")
            raise ConfigError(document.problem(place, message, "no-file")) from None
        found[server.id] = text
    return found


def _own_rates(config: Config, document: Document, root: Path) -> tuple[OwnRate, ...]:
    """Read the file of exchange rates, if the configuration names one."""
    if config.sources.rates.file is None:
        return ()
    path = root / config.sources.rates.file
    try:
        data = path.read_bytes()
    except OSError as error:
        message = (
            f"sources.rates.file: {path} cannot be read ({error.strerror}); "
            "make it, with the first line day,currency,rate,source"
        )
        raise ConfigError(document.problem(("sources", "rates", "file"), message, "no-file")) from None
    return parse_rates(data, config.sources.rates.file)


def config_option(command: F) -> F:
    """Add ``--config FILE``."""
    return click.option(
        "-c",
        "--config",
        "config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("config.yaml"),
        show_default=True,
        help="Configuration; log, content and templates stand beside it.",
    )(command)


def output_option(command: F) -> F:
    """Add ``--output DIR``."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the site. [default: output beside the configuration]",
    )(command)
