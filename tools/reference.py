"""Writes `docs/configuration.md` and `docs/config.schema.json`, every key of `config.yaml`, from its models.

`make reference` runs it; editors of reports that `sunlit init` began read the schema from there.
"""

import json

from generator import config
from generator.config.reference import reference
from tools.rooms import ROOT

PAGE = ROOT / "docs" / "configuration.md"
SCHEMA = ROOT / "docs" / "config.schema.json"


def schema() -> str:
    """Return the schema as the file has it."""
    return json.dumps(config.schema(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")
