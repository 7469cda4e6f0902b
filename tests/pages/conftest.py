"""The fair's report and site, made once."""

import pytest

from generator import inputs, pages
from generator.report import Report
from generator.verify.known_numbers import KnownNumbers
from tests.support.fair import FROZEN, fair
from tests.support.paths import ROOT


@pytest.fixture(scope="session")
def content() -> pages.Content:
    return pages.Content(
        templates=inputs.templates(ROOT),
        pages=inputs.pages(ROOT),
        log={"runs/2025-11.jsonl": b"{}\n"},
        states=(("Settled", "PaidOver", "Settled", "confirmed", "over", ""),),
        schemas={"figures": b"{}\n"},
    )


@pytest.fixture(scope="session")
def report() -> Report:
    return fair(frozen=FROZEN).report()


@pytest.fixture(scope="session")
def files(report: Report, content: pages.Content) -> dict[str, bytes]:
    return dict(pages.render(report, content))


@pytest.fixture(scope="session")
def known(report: Report) -> KnownNumbers:
    return KnownNumbers.of(report)
