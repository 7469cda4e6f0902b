"""The page for addresses that do not exist."""

from collections.abc import Iterator
from typing import Final

from generator.pages.content import Content
from generator.pages.page import Page
from generator.report import Report

PATH: Final = "404.html"


def pages(_report: Report, _content: Content) -> Iterator[Page]:
    """Yield the one page."""
    yield Page(
        path=PATH,
        template="404.html",
        title="Not here",
        description="There is no page at this address.",
    )
