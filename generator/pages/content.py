"""What a site is made from besides the report: templates, texts, and files to publish as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: invoice status, additional status, payment status, how it counts, class, reason
StateRow = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Values that the caller read; pages never open a file."""

    templates: Mapping[str, bytes]  #: by relative path; style sheets and icons too
    pages: Mapping[str, str]  #: Markdown by name without ``.md``
    log: Mapping[str, bytes] = field(default_factory=dict)  #: the snapshot log, by relative path
    states: Sequence[StateRow] = ()  #: BTCPay's state table, as the method page prints it
    libraries: Mapping[str, str] = field(default_factory=dict)  #: versions of what decides about bytes
    schemas: Mapping[str, bytes] = field(default_factory=dict)  #: JSON Schemas by short name
