"""The page of the words used here, to which the first use of each on a page leads."""

from collections.abc import Iterator
from typing import Final

from generator.pages.glossary_terms import TERMS
from generator.pages.page import Content, Page
from generator.report import Report
from generator.sentence import say

PATH: Final = "glossary/index.html"


def pages(_report: Report, _content: Content) -> Iterator[Page]:
    """Yield the glossary."""
    yield Page(
        path=PATH,
        template="glossary.html",
        title=say("Words used here"),
        section="glossary",
        description=say("What the words of this report mean, each in one sentence."),
        values={"terms": TERMS},
    )
