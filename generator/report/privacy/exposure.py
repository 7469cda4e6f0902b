"""One way to link a published row with something outside of the report."""

from typing import Final

import msgspec

ROW: Final = "rows"
SETTING: Final = "setting"


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """What could be linked, as far as it was observed, and what helps against it."""

    code: str
    kind: str  #: ``rows``: in what is published; ``setting``: in what the next run would publish
    project: str = ""  #: slug; empty where it concerns all
    count: int = 0  #: rows, payments or steps concerned
    of: int = 0  #: of so many
    observed: str
    advice: str
    keys: tuple[str, ...]  #: of config.yaml; none where only the job's schedule helps
    rows: tuple[str, ...] = ()  #: ids of the rows, as the ledger publishes them
