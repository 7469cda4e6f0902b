"""What of a site is made last, because it lists the site's other files; pure."""

from collections.abc import Mapping

from generator.pages.calendar import calendar_files
from generator.pages.feeds import feed_files
from generator.pages.file_kinds import of_kinds
from generator.pages.files import report_files
from generator.pages.own_texts import own_texts, updates
from generator.pages.page import Content
from generator.pages.search_files import search_files
from generator.report import Report


def listing_files(
    report: Report, content: Content, told: Mapping[str, tuple[str, int]]
) -> Mapping[str, bytes]:
    """Make what is about the whole report and lists its other files; `told` has their hashes and lengths.

    What is read elsewhere is said in the first language of the site.
    """
    codes = report.config.site.languages
    language = content.languages[codes[0]]
    made = report_files(report, told.__getitem__) | calendar_files(report, language)
    feeds = feed_files(report, updates(own_texts(content, codes)), language)
    return of_kinds(made | feeds | search_files(report, told))
