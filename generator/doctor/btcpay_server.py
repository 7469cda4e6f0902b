"""What a BTCPay server says of itself, held against what a report needs: its version and its clock; pure."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from generator.doctor.diagnosis import Diagnosis, Level

#: The first version whose list of invoices holds their payments.
BULK: Final = (2, 3, 6)
#: The version that mends what the advisory of August 2026 is about.
SAFE: Final = (2, 4, 2)
SKEW: Final = timedelta(minutes=2)
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_ADVISORY: Final = "versions before have a published security advisory"


def judge_version(source: str, text: str) -> Diagnosis:
    """Hold a server's version against `SAFE` and `BULK`; one that cannot be read is a warning."""
    parts = _VERSION.match(text)
    version = tuple(map(int, parts.groups())) if parts else ()
    told, safe = ".".join(map(str, version)), ".".join(map(str, SAFE))
    if version >= SAFE:
        return Diagnosis(
            code="btcpay-version", level=Level.OK, source=source, subject="version", observed=told
        )
    if version:
        slow = "; it lists invoices without payments, so each paid invoice is asked for"
        observed = f"{told}, before the mended {safe}{slow if version < BULK else ''}"
        fix = f"Update the server: {_ADVISORY}"
    else:
        observed = "not told in a form that Sunlit knows"
        fix = f"Look at the foot of the server's pages: {_ADVISORY}"
    return Diagnosis(
        code="btcpay-version",
        level=Level.WARNING,
        source=source,
        subject="version",
        observed=observed,
        expected=f"{safe} or later",
        fix=fix,
    )


def judge_clock(source: str, date: str, at: datetime) -> Diagnosis:
    """Hold the ``Date`` header of an answer against our clock, `at`; at most `SKEW` apart."""
    away = _apart(date, at)
    level, expected, fix = Level.WARNING, f"at most {int(SKEW.total_seconds())}", ""
    if away is None:
        observed, expected = "not known: the answer has no date that can be read", "a Date header"
        fix = "Let the proxy before the server pass the header on, or compare the clocks by hand"
    else:
        observed = f"{int(away.total_seconds())} seconds from this machine's"
        if away > SKEW:
            fix = "Set the clock that is wrong: days of payments and time locks follow it"
        else:
            level, expected = Level.OK, ""
    return Diagnosis(
        code="btcpay-clock",
        level=level,
        source=source,
        subject="clock",
        observed=observed,
        expected=expected,
        fix=fix,
    )


def _apart(date: str, at: datetime) -> timedelta | None:
    try:
        return abs(parsedate_to_datetime(date).astimezone(UTC) - at)
    except (TypeError, ValueError):
        return None
