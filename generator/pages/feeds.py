"""Feeds of what happened, as Atom (RFC 4287) and JSON Feed 1.1, for all projects and for one; no clock.

Both are written from the same items. Libraries that write feeds put the time of writing into them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from heapq import nlargest
from typing import Any, Final

import msgspec

from generator.language import ENGLISH, Language
from generator.pages import changes_page
from generator.pages.clean import escaped
from generator.pages.elsewhere import address, one_line, uuid_of, warned
from generator.pages.environment import anchor
from generator.pages.news_words import KINDS, sentence
from generator.pages.surroundings import ProjectUpdate
from generator.report import ProjectReport, Report
from generator.report.history.news import NewsEvent, NewsKind
from generator.report.model import LATEST
from generator.wording import plain, shown_in

ATOM: Final = "feed.atom"
JSON: Final = "feed.json"
_SEEN_BY_A_RUN: Final = (NewsKind.TERMS, NewsKind.RESTATED)


class FeedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One event as followers read it."""

    event: NewsEvent
    urn: str
    url: str  #: empty while nobody said where the site stands
    title: str
    text: str
    figures: tuple[str, ...]  #: that it states, in their order


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """Events of a report or of one project, newest first."""

    report: Report
    language: Language
    folder: str  #: of its files, with a slash, empty at the top
    name: str
    home: str  #: path of the page it follows
    updated: datetime
    items: Sequence[FeedItem]


def feed_files(
    report: Report, updates: Mapping[str, Sequence[ProjectUpdate]], language: Language = ENGLISH
) -> dict[str, bytes]:
    """Return the feeds of the whole report, and of the projects that have some of their own.

    `updates` are pages of the maintainer's about projects, by slug; one of a day to come is not told yet.
    """
    found = {}
    told = {
        project.slug: (*project.latest_news, *_written(report, project.slug, updates))
        for project in report.projects
    }
    extras = (project for project in report.projects if project.has_extras)
    whole = _whole(report, [event for events in told.values() for event in events], language)
    for feed in (whole, *(_of_project(report, project, told[project.slug], language) for project in extras)):
        found[f"{feed.folder}{ATOM}"] = atom(feed)
        found[f"{feed.folder}{JSON}"] = json_feed(feed)
    return found


def _whole(report: Report, told: Iterable[NewsEvent], language: Language) -> Feed:
    titles = {project.slug: project.title for project in report.projects}
    items = _items(report, (*told, *report.incidents), titles, language)
    return Feed(
        report=report,
        language=language,
        folder="",
        name=report.title,
        home="index.html",
        updated=_updated(report, items, report.projects),
        items=items,
    )


def _of_project(
    report: Report, project: ProjectReport, told: Iterable[NewsEvent], language: Language
) -> Feed:
    own = (event for event in report.incidents if event.source in project.sources)
    items = _items(report, (*told, *own), {}, language)
    return Feed(
        report=report,
        language=language,
        folder=f"p/{project.slug}/",
        name=f"{one_line(project.title)} · {report.title}",
        home=f"p/{project.slug}/index.html",
        updated=_updated(report, items, [project]),
        items=items,
    )


def _written(
    report: Report, slug: str, updates: Mapping[str, Sequence[ProjectUpdate]]
) -> Iterator[NewsEvent]:
    for update in updates.get(slug, ()):
        at = datetime.combine(update.day, time.min, UTC)
        if at <= report.as_of:
            yield NewsEvent(
                id=f"{NewsKind.UPDATE}/{slug}/{update.path}",
                at=at,
                kind=NewsKind.UPDATE,
                project=slug,
                about=(update.title.text, update.path),
            )


def _updated(report: Report, items: Sequence[FeedItem], projects: Iterable[ProjectReport]) -> datetime:
    """Return when something last happened; before that, since when anybody looked."""
    if items:
        return items[0].event.at
    return min((each.first_seen_at for each in projects if each.first_seen_at), default=report.as_of)


def _items(
    report: Report, events: Iterable[NewsEvent], titles: dict[str, str], language: Language
) -> list[FeedItem]:
    found = nlargest(LATEST, events, key=lambda event: (event.at, event.id))
    return [_item(report, event, titles.get(event.project, ""), language) for event in found]


def _item(report: Report, event: NewsEvent, project: str, language: Language) -> FeedItem:
    (text,) = sentence(event)
    kind = one_line(event.about[0]) if event.kind is NewsKind.UPDATE else plain(KINDS[event.kind], language)
    return FeedItem(
        event=event,
        urn=f"urn:uuid:{uuid_of('event', report.network, str(report.demo), event.id)}",
        url=_url(report, event),
        title=f"{one_line(project)}: {kind}" if project else kind,
        text=plain(warned(report, text), language),
        figures=shown_in(text, language),
    )


def _url(report: Report, event: NewsEvent) -> str:
    if not event.project:
        return address(report, "health/index.html")
    if event.kind is NewsKind.UPDATE:
        return address(report, event.about[1])
    page = f"p/{event.project}/"
    if event.kind in _SEEN_BY_A_RUN and report.project_count <= changes_page.ROWS:
        mark = "edit" if event.kind is NewsKind.TERMS else "sum"
        found = address(report, f"{page}changes/index.html")
        return f"{found}#{mark}-{anchor(event.id)}" if found else ""
    return address(report, f"{page}index.html")


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    report = feed.report
    name = escaped(plain(warned(report, feed.name), feed.language))
    urn = uuid_of("feed", report.network, str(report.demo), feed.folder)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language.code}">',
        f"<id>urn:uuid:{urn}</id>",
        f"<title>{name}</title>",
        f"<updated>{_time(feed.updated)}</updated>",
        f"<author><name>{escaped(report.title)}</name></author>",
        f"<rights>{escaped(report.config.site.licence)}</rights>",
        "<generator>Sunlit</generator>",
        *_links(feed),
        *(line for item in feed.items for line in _entry(item)),
        "</feed>",
    ]
    return _xml("\n".join(lines)) + b"\n"


def _links(feed: Feed) -> Iterator[str]:
    own, home = address(feed.report, f"{feed.folder}{ATOM}"), address(feed.report, feed.home)
    if own:
        yield f'<link rel="self" type="application/atom+xml" href="{escaped(own)}"/>'
        yield f'<link rel="alternate" type="text/html" href="{escaped(home)}"/>'


def _entry(item: FeedItem) -> Iterator[str]:
    yield "<entry>"
    yield f"<id>{item.urn}</id>"
    yield f"<title>{escaped(item.title)}</title>"
    yield f"<updated>{_time(item.event.at)}</updated>"
    if item.url:
        yield f'<link rel="alternate" type="text/html" href="{escaped(item.url)}"/>'
    yield f'<category term="{item.event.kind}"/>'
    yield f'<content type="text">{escaped(item.text)}</content>'
    yield "</entry>"


def _xml(text: str) -> bytes:
    """Return a text without the two characters that `clean` lets through and XML forbids."""
    return text.replace("\ufffe", "").replace("\uffff", "").encode()


def json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed; `_sunlit` names the figures that an item states, in their order."""
    report = feed.report
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plain(warned(report, feed.name), feed.language),
        **_filled(home_page_url=address(report, feed.home), feed_url=address(report, f"{feed.folder}{JSON}")),
        "language": feed.language.code,
        "authors": [{"name": report.title}],
        "items": [_json_item(item) for item in feed.items],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _json_item(item: FeedItem) -> dict[str, Any]:
    event = item.event
    return {
        "id": item.urn,
        **_filled(url=item.url),
        "title": item.title,
        "content_text": item.text,
        "date_published": _time(event.at),
        "tags": [event.kind],
        "_sunlit": {
            **_filled(project=event.project, source=event.source),
            "figures": list(item.figures),
        },
    }


def _filled(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
