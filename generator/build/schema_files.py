"""The schemas that every site publishes, as files."""

import json
from collections.abc import Mapping
from typing import Final

import msgspec

from generator.build.beside_code import keep, kept

_NAME: Final = "schemas.bin"


def schema_files(code: str) -> Mapping[str, bytes]:
    """Return each schema as its file, by short name; `code` is the stamp of what they follow from.

    They are made once by an installation: that takes as long as thirty pages.
    """
    if (data := kept(_NAME, code)) is not None:
        return msgspec.msgpack.decode(data, type=dict[str, bytes])
    made = made_schema_files()
    keep(_NAME, code, msgspec.msgpack.encode(made))
    return made


def made_schema_files() -> dict[str, bytes]:
    """Make them."""
    from generator import schemas  # noqa: PLC0415 -- what is kept is not made

    return {
        name: json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
        for name, document in schemas.documents().items()
    }
