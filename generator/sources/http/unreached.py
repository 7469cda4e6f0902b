"""Whether anybody was reached at all: a machine without a network hears of every address that it is wrong."""

import re
from collections.abc import Iterable
from typing import Final

from generator.sources.http.retrying import UNREACHED

#: What is said once where nobody was reached, beside the fault of each address.
OFFLINE: Final = (
    "not one address answers: this machine seems to be offline. Connect it to the internet (behind a proxy, "
    "set HTTPS_PROXY), then run the same command again; no address needs to be changed"
)
#: Somebody was there after all: a certificate, or a status.
_HEARD: Final = re.compile(r"SSL|\banswered \d")


def seems_offline(messages: Iterable[str]) -> bool:
    """Tell whether no message is of an address that was reached; one address alone may just be away."""
    told = list(messages)
    failures = [sum(map(message.count, UNREACHED)) for message in told]
    return all(failures) and sum(failures) > 1 and not any(map(_HEARD.search, told))
