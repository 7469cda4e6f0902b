"""The fair's report and site, made once."""

import pytest

from generator import inputs, pages
from generator.report import Report
from generator.verify.known_numbers import KnownNumbers
from tests.support.fair import FROZEN, fair
from tests.support.made_once import files_in, made_once, put_files
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
def files(
    report: Report, content: pages.Content, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    made = made_once(
        tmp_path_factory, "fair", lambda begun: put_files(begun, dict(pages.render(report, content)))
    )
    return files_in(made)


@pytest.fixture(scope="session")
def known(report: Report) -> KnownNumbers:
    return KnownNumbers.of(report)
