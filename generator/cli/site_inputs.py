"""Everything a site is made from, read once, and what its units' keys have in common."""

import sys
from collections.abc import Mapping
from typing import Self

import msgspec

from generator import catalogues, inputs, store
from generator.build.code_stamp import libraries
from generator.build.standing_site import SiteRows
from generator.cli.site_folder import SiteFolder
from generator.file_rows import FileRows
from generator.language import Language
from generator.units.key import digest


class SiteInputs(msgspec.Struct, frozen=True, kw_only=True):
    """Templates, texts, log and languages of a site, and the stamp of the code that renders them."""

    templates: Mapping[str, bytes]  #: all, those of the theme among them
    theme: Mapping[str, bytes]
    texts: Mapping[str, str]
    notes: str
    static: Mapping[str, bytes]
    log: Mapping[str, bytes]
    log_hashes: Mapping[str, str]  #: sha256 by path, of all files but that of the last run
    catalogues: Mapping[str, bytes]
    languages: Mapping[str, Language]
    code: str

    @classmethod
    def read(cls, site: SiteFolder, rows: SiteRows) -> Self:
        """Read them; raise `ConfigError` or `LogError` for what cannot be used."""
        codes = site.config.site.languages
        own = catalogues.own_catalogues(site.root, codes)
        looked_at = site.log_rows(rows.inputs, rows.now_ns)
        taken = store.snapshots(site.log)  # before other files, as `store.prefixes` has it
        return cls(
            templates=inputs.templates(site.root),
            theme=inputs.theme(site.root),
            texts={
                name: text for root in reversed(site.written) for name, text in inputs.pages(root).items()
            },
            notes=next(filter(None, map(inputs.notes, site.written)), ""),
            static={
                path: data
                for root in reversed(site.written)
                for path, data in inputs.static_files(root).items()
            },
            log=store.raw_prefixes(site.log, taken[-1], looked_at) if taken else {},
            log_hashes={
                path: state.sha256
                for path, state in (taken[-1].states.items() if taken else ())
                if path != taken[-1].path
            },
            catalogues=own,
            languages=catalogues.languages(own, codes),
            code=code_stamp(rows.inputs, libraries()),
        )


def code_stamp(rows: FileRows, versions: Mapping[str, str]) -> str:
    """Return the hash of Sunlit's code, the version of Python and those of the libraries."""
    code = [
        (name, row and row.sha256)
        for name, row in rows.items()
        if name.startswith("code/") and name.endswith(".py")
    ]
    return digest(sorted(code), sys.version, sorted(versions.items()))
