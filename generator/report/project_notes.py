"""What is unknown, incomplete, excluded or unclear about one project, in notes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from generator.ledger import Status
from generator.recorded_words import recognised
from generator.report.figures.figure import Figure
from generator.report.joined_projects import JoinedProject
from generator.report.notes import Note, id_part
from generator.report.source_names import ANGOR
from generator.sentence import AtStart, say, say_count
from generator.snapshot import Result
from generator.snapshot.records import APP, SETTINGS
from generator.text_bounds import quotation

#: What a source says of payouts. Only here a note names amounts: they are in no sum, or in another one.
_MONEY_OUT: Final = frozenset(
    {"refunds-hidden", "payouts-unexplained", "payouts-unreadable", "payouts-ahead", "refunds-promised"}
    | {"refunds-by-order", "refunds-unproven", "refunds-other-coin"}
)
#: Failed checks that contradict no sum.
_OTHERWISE: Final = {
    "definition-standing": say(
        "The founder asked relays to delete the project's definition. "
        "The founding transaction commits to it, so it still counts."
    ),
    "moderation": say(
        "A list of the moderators this site follows asks not to show this project. "
        "It is shown because the site's maintainer lists it."
    ),
}


def project_notes(
    project: JoinedProject,
    figures: Mapping[str, Figure],
    labels: Mapping[str, str],
    settings_at: Mapping[str, datetime],
) -> Iterator[Note]:
    """Yield what is unknown, incomplete, excluded or unclear about one project; `labels` name sources.

    `settings_at` is when settings that are unread now were last read, by place.
    """
    yield from _missing(project, labels)
    yield from dict.fromkeys(_unread(project, labels, settings_at))  # two places of a store lack the same
    yield from _excluded(project)
    yield from _unclassified(project, figures)
    yield from _failed(project)
    yield from _of_settings(project)
    yield from _words(project)
    yield from _money_out(project)
    yield from _no_value(project, figures)


def _missing(project: JoinedProject, labels: Mapping[str, str]) -> Iterator[Note]:
    delivered = {record.source for record in project.records}
    for source in project.expected:
        if source not in delivered:
            label = labels.get(source, source)
            text = say(
                "{source} has not delivered this project yet; its part is unknown, not zero.", source=label
            )
            yield Note(id=f"missing/{project.slug}/{source}", day=None, text=text)
    if delivered.issuperset(project.expected) and not project.all_answered:
        text = say(
            "Something that this project is bound to was not delivered yet; its part is unknown, not zero."
        )
        yield Note(id=f"missing/{project.slug}", day=None, text=text)


def _unread(
    project: JoinedProject, labels: Mapping[str, str], settings_at: Mapping[str, datetime]
) -> Iterator[Note]:
    slug = project.slug
    for record in project.records:
        label = labels.get(record.source, record.source)
        if record.source not in project.expected:
            text = say(
                "No server in config.yaml lists {source} now: what it told stays, sums are at least so.",
                source=label,
            )
            yield Note(id=f"unlisted/{slug}/{record.source}", day=None, text=text)
        for what in record.unread:
            if what == APP:
                continue  # `_of_settings` says it
            of = {"what": recognised(what), "source": label}
            text = say(
                "Sunlit could not or may not read this of {source}: {what}. It is unknown, not zero.", **of
            )
            if what == SETTINGS and (at := settings_at.get(record.id)):
                text = say(
                    "The settings of a crowdfund of {source} could not be read: title, goal and dates are "
                    "those last read on {day}.",
                    source=label,
                    day=at.date(),
                )
            yield Note(id=f"unread-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        for what in record.at_least:
            text = say(
                "More of {source} may belong here than is counted ({what}): the sums are “at least”.",
                what=recognised(what),
                source=label,
            )
            yield Note(id=f"at-least-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        for what in record.at_most:
            text = say(
                "Some of {source} that counts here may not belong here ({what}): the sums are “at most”.",
                what=recognised(what),
                source=label,
            )
            yield Note(id=f"at-most-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        if not record.complete:
            text = say(
                "The history that {source} gave may be incomplete: sums are at least what is shown.",
                source=label,
            )
            yield Note(id=f"incomplete/{slug}/{record.source}", day=None, text=text)


def _excluded(project: JoinedProject) -> Iterator[Note]:
    rows = [entry for entry in project.entries if entry.status is Status.EXCLUDED]
    for reason, count in sorted(Counter(entry.reason for entry in rows).items()):
        text = say_count(
            "One row is listed in the ledger but in no sum: {reason}.",
            "{count} rows are listed in the ledger but in no sum: {reason}.",
            count,
            reason=recognised(reason),
        )
        first = min(entry.at.date() for entry in rows if entry.reason == reason)
        yield Note(id=f"excluded/{project.slug}/{id_part(reason)}", day=first, text=text)


def _unclassified(project: JoinedProject, figures: Mapping[str, Figure]) -> Iterator[Note]:
    if figures["unclassified"].value:
        text = say(
            "Some stage outputs were spent by a script that fits no known rule; who has them is not guessed."
        )
        yield Note(id=f"unclassified/{project.slug}", day=None, text=text)


def _failed(project: JoinedProject) -> Iterator[Note]:
    failed = Counter(finding.check for finding in project.findings if finding.result is Result.FAILED)
    for check, count in sorted(failed.items()):
        text = _OTHERWISE.get(check) or say_count(
            "The check {check} failed once; what it contradicts is listed and never summed.",
            "The check {check} failed {count} times; what it contradicts is listed and never summed.",
            count,
            check=check,
        )
        yield Note(id=f"failed/{project.slug}/{id_part(check)}", day=None, text=text)


def _money_out(project: JoinedProject) -> Iterator[Note]:
    """Yield why refunds may be more than is known, and how some of them are known, in the source's words."""
    for finding in project.findings:
        if finding.check in _MONEY_OUT:
            part = id_part(finding.place.partition("/")[2])
            text = say("{reason}.", reason=AtStart(recognised(finding.reason)))
            yield Note(id=f"{finding.check}/{project.slug}/{part}", day=None, text=text)


def _of_settings(project: JoinedProject) -> Iterator[Note]:
    """Yield what is said of the crowdfunds of a project whose settings cannot be read."""
    said = {finding.check for finding in project.findings}
    if "app-found" in said:
        text = say(
            "A crowdfund of this project was deleted at BTCPay: its money stays, texts and goal are the last "
            "it showed."
        )
        yield Note(id=f"deleted/{project.slug}", day=None, text=text)
    if "app-known" in said:
        text = say(
            "BTCPay shows nothing with an id that this project is bound to: its part is unknown, not zero."
        )
        yield Note(id=f"app-known/{project.slug}", day=None, text=text)


def _words(project: JoinedProject) -> Iterator[Note]:
    """Yield why the project's own words are not shown as they were written, or not the newest."""
    for finding in project.findings:
        if finding.check == "profile":
            text = say(
                "The founder's newest words cannot be read; older ones or none are shown: {reason}.",
                reason=recognised(finding.reason),
            )
            yield Note(id=f"profile/{project.slug}", day=None, text=text)
    if fault := quotation(project.text("description")).fault:
        text = say(
            "What the project says of itself is bounded here: {fault}.", fault=recognised(f"it {fault}")
        )
        yield Note(id=f"words/{project.slug}", day=None, text=text)


def _no_value(project: JoinedProject, figures: Mapping[str, Figure]) -> Iterator[Note]:
    goal, progress = figures["goal"], figures["progress"]
    raised = figures["raised"]
    if isinstance(goal.value, str) and raised.value is not None and progress.bound is not raised.bound:
        why = say("an invoice had another")
        if ANGOR in project.expected:
            why = say("bitcoin locked on chain has no invoice")
        stated = say("at least what is shown")
        if progress.value is None:
            stated = say("not stated")
        text = say(
            "Part of raised has no recorded value in {currency} ({why}), so progress is {stated}.",
            currency=goal.unit,
            why=why,
            stated=stated,
        )
        yield Note(id=f"no-value/{project.slug}", day=None, text=text)
