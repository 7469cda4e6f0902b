"""A project elsewhere on the web: its card to embed, what oEmbed is told, the page that hands both out."""

import json
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from typing import Final

from generator.language import ENGLISH, Language
from generator.pages.badges import badge_files
from generator.pages.page import Page
from generator.pages.preview import ProjectPreview
from generator.pages.project_picture import picture_files
from generator.pages.state_marks import source_states
from generator.report import ProjectReport, Report
from generator.sentence import say
from generator.text_format import clean, shortened

#: Style sheet of all cards.
STYLE: Final = "embed/embed.css"
#: What each badge tells, by its name.
TITLES: Final = {
    "raised": say("What was raised"),
    "progress": say("Its part of the goal"),
    "updated": say("The day of the last change"),
    "verified": say("How much is proven"),
}
#: Pixels of the frame that holds a card.
WIDTH, HEIGHT = 480, 300
_FULL: Final = Decimal(100)


def card_path(slug: str, kind: str = "html") -> str:
    """Return where a project's card, or the answer about it, stands; these addresses stay."""
    return f"embed/{slug}.{kind}"


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the card of a project and the page of what can be used elsewhere."""
    if not project.has_extras:
        return
    preview = ProjectPreview.of(report, project)
    yield Page(
        path=card_path(project.slug),
        template="embed.html",
        title=shortened(project.title),
        values={"project": project, "preview": preview, "done": bar(preview)},
    )
    yield Page(
        path=f"p/{project.slug}/share/index.html",
        template="share.html",
        title=say("Show {title} elsewhere", title=shortened(project.title)),
        section="projects",
        description=say("A card, badges and a picture for pages elsewhere, made anew with the report."),
        values={
            "project": project,
            "badges": tuple(TITLES.items()),
            "top": report.base_url.rstrip("/"),
            "frame": frame(report, project),
            **source_states(report, project),
        },
    )


def files(report: Report, project: ProjectReport, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return badges, the own picture and the answer of oEmbed of a project that has extras."""
    if not project.has_extras:
        return {}
    return {
        **badge_files(report, project, language),
        **picture_files(project),
        card_path(project.slug, "json"): oembed(report, project),
    }


def oembed(report: Report, project: ProjectReport) -> bytes:
    """Return what a site that was given the project's address shows of it (oEmbed 1.0, type rich)."""
    document = {
        "type": "rich",
        "version": "1.0",
        "title": clean(project.title),
        "provider_name": clean(report.title),
        "provider_url": f"{report.base_url.rstrip('/')}/",
        "html": frame(report, project),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def frame(report: Report, project: ProjectReport) -> str:
    """Return the HTML that puts the card into a page elsewhere."""
    address = f"{report.base_url.rstrip('/')}/{card_path(project.slug)}"
    title = escape(" ".join(shortened(clean(project.title)).split()))
    return (
        f'<iframe src="{escape(address)}" title="{title}" width="{WIDTH}" height="{HEIGHT}" '
        'style="border:0;max-width:100%" loading="lazy"></iframe>'
    )


def bar(preview: ProjectPreview) -> str | None:
    """Return the width of the card's bar in percent of the goal, at most all of it; None without a share."""
    if preview.goal is None or preview.share is None:
        return None
    return f"{min(Decimal(preview.share.figure.value or 0), _FULL):f}"
