"""Writes `docs/configuration.md`, every key of `config.yaml`, from its models: `make reference`."""

from generator.config.reference import reference
from tools.rooms import ROOT

PAGE = ROOT / "docs" / "configuration.md"

if __name__ == "__main__":
    PAGE.write_text(reference())
