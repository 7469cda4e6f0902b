"""What a site is made from besides its report: templates, texts, the log, and what this installation adds."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from generator import inputs, schemas, store
from generator.pages import Content
from generator.sources.btcpay import STATES

#: Libraries whose version decides about the bytes of a site.
LIBRARIES: Final = ("jinja2", "markdown", "markupsafe", "matplotlib", "msgspec", "nh3")


def content_of(root: Path, log: Path) -> Content:
    """Read templates and texts from a site's folder, and its log as it is."""
    return content_from(inputs.templates(root), pages=inputs.pages(root), log=store.prefixes(log))


def content_from(
    templates: Mapping[str, bytes], *, pages: Mapping[str, str], log: Mapping[str, bytes]
) -> Content:
    """Return templates, texts and log with what this installation adds to every site."""
    return Content(
        templates=templates,
        pages=pages,
        log=log,
        libraries={name: version(name) for name in LIBRARIES},
        states=[
            (*state, treatment.status, treatment.group, treatment.reason)
            for state, treatment in STATES.items()
        ],
        schemas={
            name: json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
            for name, document in schemas.documents().items()
        },
    )
