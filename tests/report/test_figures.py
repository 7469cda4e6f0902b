"""Every figure of a small village, by hand."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.report.conftest import Village

HEADLINES = {
    "well/raised": 382,
    "well/pending": 640,
    "well/refunded": 2048,
    "well/claimed": 2,
    "well/penalty": 24,
    "well/released": 16,
    "well/recovered": 32,
    "well/unclassified": 64,
    "well/fee": 1,
    "well/locked": 4,
    "well/in_penalty": 8,
    "well/net": 382 - 2048 - 32 - 16,
    "bread/raised": 12288,
    "all/raised": 12670,
    "all/pending": 640,
    "all/net": 10574,
    "all/locked": 4,
}


def test_headlines(full: "Village") -> None:
    values = full.values()
    assert {name: values[name] for name in HEADLINES} == {k: v * 1000 for k, v in HEADLINES.items()}
