"""What `sunlit build` says of a source is a sentence for the maintainer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from generator.cli.source_sentences import told_of
from generator.report import SourceState
from generator.snapshot import Outcome

AT = datetime(2026, 3, 4, 6, 10, tzinfo=UTC)
COUNTS = {"agreed_blocks": 125, "coinbases": 3, "invoices": 6, "payments": 1, "requests": 7}


def state(changed: dict[str, Any]) -> SourceState:
    given = {
        "name": "btcpay-c8ed417914cd844d",
        "label": "BTCPay pay.example.org",
        "outcome": Outcome.OK,
        "message": "",
        "data_at": AT,
        "age": timedelta(0),
        "stale": False,
        "counts": COUNTS,
    }
    return SourceState(**given | changed)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "read on 4 Mar 2026, 06:10 UTC with 7 questions: 6 invoices, 1 payment."),
        (
            {"counts": {"malformed_invoices": 1, "missing_rates": 2}},
            "read on 4 Mar 2026, 06:10 UTC. Not counted: 1 malformed invoice, 2 missing rates; "
            "the report's page /health/ says more.",
        ),
        (
            {"outcome": Outcome.UNAVAILABLE},
            "not read this time; its numbers stay those of 4 Mar 2026, 06:10 UTC. "
            "`sunlit doctor` says what is wrong there.",
        ),
        (
            {"outcome": Outcome.INVALID, "data_at": None, "age": None},
            "not read this time; its numbers are missing, not zero. "
            "`sunlit doctor` says what is wrong there.",
        ),
        (
            {"outcome": Outcome.REFUSED},
            "answered, and what it said is held back until you have looked at it; "
            "its numbers stay those of 4 Mar 2026, 06:10 UTC.",
        ),
        ({"outcome": None, "data_at": None}, "not asked yet; `sunlit build` asks it."),
        (
            {"closed": True},
            "closed in config.yaml, so it is not asked any more; its numbers are of 4 Mar 2026, 06:10 UTC.",
        ),
    ],
)
def test_a_source_is_told_in_the_words_of_who_runs_it(changed: dict[str, Any], said: str) -> None:
    assert told_of(state(changed)) == said
