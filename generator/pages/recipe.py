"""``data/recipe.json``: what a site is made from besides its log, so that anyone can make it again."""

import json
from hashlib import sha256
from typing import Final

from generator import __version__
from generator.pages.content import Content
from generator.report import Report

RECIPE: Final = "data/recipe.json"
SCHEMA: Final = 1


def recipe(report: Report, content: Content) -> bytes:
    """Return version, libraries, configuration, texts, and the hashes of the templates, as canonical JSON."""
    document = {
        "schema": SCHEMA,
        "sunlit": __version__,
        "libraries": dict(content.libraries),
        "config": report.config.model_dump(mode="json"),
        "pages": dict(content.pages),
        "templates": {name: sha256(data).hexdigest() for name, data in content.templates.items()},
    }
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"
