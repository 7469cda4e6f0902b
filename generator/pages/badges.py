"""Badges of a project: how it stands in a few words, for pages elsewhere; as a drawing and as data.

The data is of the form that shields.io asks for (`schemaVersion` 1). The title of a drawing names the
day of the last change; grey, both name the day on which a stale source was last read. Never an age: it would
grow old.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Final, TypeAlias

import msgspec

from generator.charts.labels import LETTER
from generator.language import ENGLISH, Language
from generator.pages.preview import as_of
from generator.pages.state_marks import contradicted, source_states
from generator.report import ProjectReport, Report
from generator.report.figures.bounds import Bound
from generator.sentence import Sentence, say
from generator.wording import NOT_KNOWN, Form, Shown, Word, Words, plain, shown_in

_LABEL: Final = "1a1a1a"
_FRESH: Final = "12436d"
_STALE: Final = "595959"
_FAILED: Final = "b3152f"
_HEIGHT: Final = 20
_TEXT: Final = 11  #: size of letters, pixels
_PAD: Final = 8  #: pixels beside a text

MessageMaker: TypeAlias = Callable[[ProjectReport], Words]


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A label and a message, white on two colours."""

    label: Sentence
    message: Words
    as_of: Word  #: of which day this is, where the message does not say it; else empty
    color: str  #: six hex digits, of the message's ground
    language: Language

    def data(self) -> bytes:
        """Return it as shields.io reads it."""
        document = {
            "schemaVersion": 1,
            "label": plain(self.label, self.language),
            "message": plain(self.message, self.language),
            "color": self.color,
            "labelColor": _LABEL,
        }
        return json.dumps(document, sort_keys=True, ensure_ascii=False).encode() + b"\n"

    def drawing(self) -> bytes:
        """Return it as SVG, wide enough for any font."""
        text, label = plain(self.message, self.language), plain(self.label, self.language)
        at, width = _room(label), _room(label) + _room(text)
        ids = shown_in(self.message, self.language)
        named = f' data-figures="{escape(" ".join(ids))}"' if ids else ""
        title = f"{label}: {text}{f'. {plain(self.as_of, self.language)}' if self.as_of else ''}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
            f'viewBox="0 0 {width} {_HEIGHT}" role="img" aria-labelledby="t">\n'
            f'<title id="t"{named}>{escape(title)}</title>\n'
            f'<style>text{{font:{_TEXT}px Verdana,"DejaVu Sans",sans-serif;fill:#fff}}</style>\n'
            f'<path fill="#{_LABEL}" d="M3 0H{at}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>'
            f'<path fill="#{self.color}" d="M{at} 0H{width - 3}a3 3 0 0 1 3 3V17a3 3 0 0 1-3 3H{at}z"/>\n'
            f'<text x="{at / 2:g}" y="14" text-anchor="middle">{escape(label)}</text>'
            f'<text{named} x="{(at + width) / 2:g}" y="14" text-anchor="middle">{escape(text)}</text>\n'
            "</svg>\n"
        ).encode()


def badge_files(report: Report, project: ProjectReport, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return the badges of a project, each as drawing and as data, in the first language of the site."""
    found: dict[str, bytes] = {}
    for name in BADGES:
        made = badge(name, report, project, language)
        found[badge_path(project.slug, f"{name}.json")] = made.data()
        found[badge_path(project.slug, f"{name}.svg")] = made.drawing()
    return found


def badge_path(slug: str, name: str) -> str:
    """Return where a badge stands from the root of the site; these addresses stay."""
    return f"badge/{slug}/{name}"


def badge(name: str, report: Report, project: ProjectReport, language: Language = ENGLISH) -> Badge:
    """Return a badge by its name: grey with the day of the last reading where a source is stale."""
    message, color = BADGES[name](project), _FRESH
    if name == "verified" and contradicted(project):
        color = _FAILED
    sources = [source for source, _ in source_states(report, project)["sources"]]
    stale = [source for source in sources if source.stale]
    dated = stale or name == "updated" or project.changed_at is None
    if stale:
        never = any(source.data_at is None for source in stale)
        read = min((source.data_at for source in stale if source.data_at), default=None)
        message = (*message, " · ", _last_read(None if never else read))
        color = _STALE
    return Badge(
        label=_label(name, report),
        message=message,
        as_of="" if dated else as_of(sources, project),
        color=color,
        language=language,
    )


def _last_read(at: datetime | None) -> Sentence:
    return say("stale, never read") if at is None else say("stale, {day}", day=at.date())


def _label(name: str, report: Report) -> Sentence:
    """Return what a badge is called, with what must be said of money that is none."""
    if report.demo:
        return say("{label} (demo)", label=LABELS[name])
    if report.network == "main":
        return LABELS[name]
    return say("{label} ({network})", label=LABELS[name], network=report.network)


def _raised(project: ProjectReport) -> Words:
    raised, progress = project.figures["raised"], project.figures["progress"]
    if raised.value is None:
        return (NOT_KNOWN,)
    shown: Words = (Shown(raised, Form.SHORT),)
    return shown if progress.value is None else (*shown, " · ", *_progress(project))


def _progress(project: ProjectReport) -> Words:
    goal, progress = project.figures["goal"], project.figures["progress"]
    if progress.value is None:
        return (say("no goal") if goal.value is None and goal.bound is Bound.EXACT else NOT_KNOWN,)
    share = Shown(progress, Form.SHORT)
    if project.terms.periods.recurs:
        return (say("{share} of the goal of this period", share=share),)
    return (say("{share} of goal", share=share),)


def _updated(project: ProjectReport) -> Words:
    return (project.changed_at.date() if project.changed_at else say("not read yet"),)


def _verified(project: ProjectReport) -> Words:
    raised, share = project.figures["raised"], project.figures["proven_share"]
    if contradicted(project):
        return (say("a check failed"),)
    if raised.value is None:
        return (say("not read yet"),)
    if raised.value == 0:
        return (say("no money yet") if raised.bound.never_more else NOT_KNOWN,)
    if project.figures["proven"].value == 0:
        return (say("reported, not proven"),)
    return (NOT_KNOWN if share.value is None else say("{share} proven", share=Shown(share, Form.SHORT)),)


#: What each badge is called, by its name.
LABELS: Final[Mapping[str, Sentence]] = {
    "raised": say("raised"),
    "progress": say("progress"),
    "updated": say("updated"),
    "verified": say("verified"),
}
#: What each badge says.
BADGES: Final[Mapping[str, MessageMaker]] = {
    "raised": _raised,
    "progress": _progress,
    "updated": _updated,
    "verified": _verified,
}


def _room(text: str) -> int:
    """Return the pixels that a text takes in the widest font, with what stands beside it."""
    return round(len(text) * _TEXT * LETTER) + 2 * _PAD
