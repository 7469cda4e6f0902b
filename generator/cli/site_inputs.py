"""Everything a site is made from, read once, and the key of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from generator import inputs, store
from generator.build.code_stamp import code_stamp, libraries
from generator.cli.site_folder import SiteFolder
from generator.units.key import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """Templates, texts and log of a site, and the stamp of the code that renders them."""

    templates: Mapping[str, bytes]
    texts: Mapping[str, str]
    log: Mapping[str, bytes]
    code: str

    @classmethod
    def read(cls, site: SiteFolder) -> Self:
        """Read them; raise `ConfigError` or `LogError` for what cannot be used."""
        return cls(
            templates=inputs.templates(site.root),
            texts=inputs.pages(site.root),
            log=store.prefixes(site.log),
            code=code_stamp(libraries()),
        )

    def key(self, site: SiteFolder) -> str:
        """Return the key of the whole site: with the same one, every byte of it is the same."""
        return digest(
            self.code,
            site.demo,
            site.config,
            sorted(self.texts.items()),
            _hashes(self.templates),
            _hashes(self.log),
        )


def _hashes(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    return sorted((path, sha256(data).hexdigest()) for path, data in files.items())
