"""One site on disk: its configuration, its folders, and the files that the configuration names."""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from generator.cli.site_paths import SitePaths
from generator.errors import ConfigError, Problem

if TYPE_CHECKING:
    from generator.config import Config
    from generator.config.positions import YamlDocument
    from generator.sources.rates.own_file import OwnRate

_LETTER_BYTES: Final = 4  #: of a letter in UTF-8 at most
#: What the last `doctor --probe` found, below the folder of config.yaml.
PROBE = Path(".sunlit/probe.json")


class SiteFolder(SitePaths, frozen=True, kw_only=True):
    """A site whose configuration was read, with the files that it names."""

    config: "Config"
    document: "YamlDocument"  #: places in config.yaml
    own_rates: "tuple[OwnRate, ...]" = ()  #: what the file of sources.rates.file says
    authorities: Mapping[str, str] = msgspec.field(default_factory=dict)  #: BTCPay server id → PEM text

    @property
    def named(self) -> list[str]:
        """The files that the configuration names, relative to its folder."""
        rates = self.config.sources.rates.file
        return [
            *(server.ca_file for server in self.config.sources.btcpay if server.ca_file is not None),
            *([] if rates is None else [rates]),
        ]


def load_site(config: Path, output: Path | None = None) -> SiteFolder:
    """Read config.yaml, and put back a site that a killed build left aside.

    Raise `ConfigError` with every problem, or one that says the file is not there.
    """
    from generator.config import parse_document
    from generator.config.yaml_reader import read_yaml
    from generator.inputs import refuse_foreign
    from generator.publish import recover

    text = _text(config)
    paths = SitePaths.of(config, output, demo=False)
    refuse_foreign(paths.root)
    recover(paths.output)
    document = read_yaml(text, str(config))
    parsed = parse_document(document)
    return SiteFolder(
        file=config,
        root=paths.root,
        output=paths.output,
        config=parsed,
        document=document,
        own_rates=_own_rates(parsed, document, paths.root),
        authorities=_authorities(parsed, document, paths.root),
    )


def _text(config: Path) -> str:
    from generator.config.positions import LONGEST
    from generator.inputs import plain_bytes, text_of

    try:
        return text_of(str(config), plain_bytes(config, _LETTER_BYTES * LONGEST), "no-text")
    except FileNotFoundError:
        message = f"there is no such file; {_where_it_may_be(config)}"
        raise ConfigError(Problem(file=str(config), path="", message=message, code="no-file")) from None
    except OSError as error:
        beyond = error.errno == errno.EFBIG
        message = (
            f"longer than {LONGEST} letters, more than any configuration"
            if beyond
            else f"cannot be read ({error.strerror})"
        )
        code = "too-long" if beyond else "no-file"
        raise ConfigError(Problem(file=str(config), path="", message=message, code=code)) from error


def _where_it_may_be(config: Path) -> str:
    """Tell what somebody may do who has no configuration here: it is named otherwise, elsewhere, or lost."""
    folder = config.parent
    for other in (config.with_suffix(".yml"), config.with_suffix(".yaml"), folder / "config.yaml.txt"):
        if other.is_file():
            return f"there is {other.name}: rename it to {config.name}"
    if (folder / "content/snapshots").is_dir():
        return f"a report's log is here: bring the file back with `git checkout -- {config.name}`"
    for above in folder.absolute().parents:
        if (above / config.name).is_file() and (above / "content").is_dir():
            return f"the report's folder is {above}: run sunlit there"
    return "go to the folder of your report, or begin one with `sunlit init`; `sunlit build --demo` shows one"


def _own_rates(config: "Config", document: "YamlDocument", root: Path) -> "tuple[OwnRate, ...]":
    """Read the file of exchange rates, if the configuration names one."""
    if config.sources.rates.file is None:
        return ()
    from generator.inputs import plain_bytes
    from generator.sources.rates.own_file import parse_rates

    path = root / config.sources.rates.file
    try:
        data = plain_bytes(path)
    except OSError as error:
        message = (
            f"sources.rates.file: {path} cannot be read ({error.strerror}); "
            "make it, with the first line day,currency,rate,source"
        )
        raise ConfigError(document.problem(("sources", "rates", "file"), message, "no-file")) from None
    return parse_rates(data, config.sources.rates.file)


def _authorities(config: "Config", document: "YamlDocument", root: Path) -> dict[str, str]:
    """Read the certificates of BTCPay servers that the configuration names a file for."""
    import ssl

    from generator.inputs import plain_bytes

    found: dict[str, str] = {}
    for number, server in enumerate(config.sources.btcpay):
        if server.ca_file is None:
            continue
        path = root / server.ca_file
        try:
            text = plain_bytes(path).decode("ascii")
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
