"""Sentences of the first page: what came to how many projects, how they stand, what the week brought."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from generator.pages.state_marks import StateMark, evidence
from generator.report import Figure, ProjectReport, ProjectStatus, Report
from generator.report.figures.balance_values import WEEK_WORTH
from generator.report.figures.currency_values import AT_RECEIPT
from generator.report.figures.definitions import KNOWN_SUM
from generator.report.figures.pace import GOT, NEEDED
from generator.report.portfolio.week_figures import WEEK_BACK, WEEK_COUNT, WEEK_IN
from generator.sentence import Sentence, say, say_count
from generator.wording import Form, Shown, Word

#: States that the first sentence counts.
_COUNTED: Final = (ProjectStatus.BEHIND, ProjectStatus.REACHED)


def headline(report: Report) -> Sentence:
    """Say what came, and to how many projects; of how many, where some are not read."""
    figures, known = report.figures, [each for each in report.projects if _is_known(each)]
    raised, of = figures["raised"], figures["projects"]
    if not report.projects:
        return say("No project is in this report yet.")
    if raised.value is None:
        return say("What came to these projects is not known yet.")
    worth = figures.get(AT_RECEIPT.name_of(next(iter(report.prices.currencies), "")))
    amount: Word = Shown(raised, Form.SHORT, first=True)
    if worth is not None and worth.value is not None and raised.value:
        value = Shown(worth, Form.SHORT)
        amount = say("{sats}, worth {value} when they arrived,", sats=amount, value=value)
    if isinstance(of.value, int) and of.value > len(known):
        return say(
            "{amount} came to {some} of {all} projects.", amount=amount, some=len(known), all=Shown(of)
        )
    return say_count(
        "{amount} came to {count} project.", "{amount} came to {count} projects.", len(known), amount=amount
    )


def known_part(report: Report, name: str) -> Sentence | None:
    """Say what is known of a sum that is not known for all projects; None where it is, or nothing is."""
    part, of = report.figures.get(KNOWN_SUM.name_of(name)), report.figures["projects"]
    if part is None:
        return None
    amount, some = Shown(part), len(part.inputs)
    if of.value is None:
        return say_count(
            "{amount} in {count} project; of the others it is not known",
            "{amount} in {count} projects; of the others it is not known",
            some,
            amount=amount,
        )
    return say(
        "{amount} in {some} of {all} projects; of the others it is not known",
        amount=amount,
        some=some,
        all=Shown(of),
    )


def standing(report: Report) -> Sentence | None:
    """Say how many projects are behind their pace, and how many reached their goals; None of neither."""
    counts = Counter(project.status for project in report.projects)
    late, done = (counts[status] for status in _COUNTED)
    behind = say_count("one is behind pace", "{count} are behind pace", late)
    reached = say_count("one reached its goal", "{count} reached their goals", done)
    if late and done:
        return say("Of these, {behind}, {reached}.", behind=behind, reached=reached)
    if late or done:
        return say("Of these, {some}.", some=behind if late else reached)
    return None


def evidence_line(report: Report) -> tuple[StateMark, Sentence]:
    """Return the mark and the words of what all sums rest on, and what waits in no sum."""
    raised, share = report.figures["raised"], report.figures["proven_share"]
    pending = Shown(report.figures["pending"], Form.SHORT)
    mark = evidence(raised, report.figures["proven"])
    if raised.value is None:
        return mark, say("Pending, in no sum: {pending}.", pending=pending)
    proven = report.figures["proven"]
    if share.value is None and proven.value:  # a part is not read: how much of all is proven is not known
        return mark, say(
            "{amount} of it are proven from public data. Pending, in no sum: {pending}.",
            amount=Shown(proven, Form.SHORT),
            pending=pending,
        )
    if share.value is None:
        return mark, say(
            "how much of it is proven is not known. Pending, in no sum: {pending}.", pending=pending
        )
    if not Decimal(share.value):
        return mark, say(
            "none of it is proven from public data. Pending, in no sum: {pending}.", pending=pending
        )
    part = Shown(share, Form.SHORT)
    text = say(
        "{part} of it is proven from public data, the rest is reported. Pending, in no sum: {pending}.",
        part=part,
        pending=pending,
    )
    whole = say("all of it is proven from public data. Pending, in no sum: {pending}.", pending=pending)
    return mark, whole if raised.verification == "proven" else text


def pace_line(project: ProjectReport) -> Sentence | None:
    """Say what a project that runs needs and gets a day; None for others."""
    figures, until, today = project.single_figures, project.terms.goal_until, project.today
    needed, got = figures.get(NEEDED.name), figures.get(GOT.name)
    if needed is None or got is None or until is None or today is None or needed.value in (None, 0, "0"):
        return None
    days = say_count("{count} day left", "{count} days left", (until.date() - today).days)
    return say(
        "{days}, needs {need} a day, gets {got}",
        days=days,
        need=Shown(needed, Form.SHORT),
        got=Shown(got, Form.SHORT),
    )


def week_line(report: Report) -> Sentence | None:
    """Say what came in the week; None where that is not known."""
    came = _today(report, WEEK_IN.name)
    if came is None:
        return None
    if not came.value:
        return say("In seven days no contribution arrived.")
    number, amount = report.today[f"all/{WEEK_COUNT.name}"], Shown(came)
    worth = _today(report, WEEK_WORTH.name_of(next(iter(report.prices.currencies), "")))
    what: Word = amount if worth is None else say("{sats}, {value}", sats=amount, value=Shown(worth))
    return say_count(
        "In seven days one contribution brought {what}.",
        "In seven days {number} contributions brought {what}.",
        int(number.value or 0),
        number=Shown(number),
        what=what,
    )


def back_line(report: Report) -> Sentence | None:
    """Say what went back in the week, or that nothing did."""
    back = _today(report, WEEK_BACK.name)
    if back is None:
        return None
    if back.value:
        return say("{amount} went back.", amount=Shown(back, first=True))
    return say("Nothing went back.") if back.bound.never_more else None


def week_rows(report: Report) -> list[tuple[ProjectReport, Figure, Figure | None]]:
    """Return the projects to which something came in the week, most first: amount and worth."""
    currency = next(iter(report.prices.currencies), "")
    found = [
        (project, report.today[name], report.today.get(f"{project.slug}/{WEEK_WORTH.name_of(currency)}"))
        for project in report.projects
        if (name := f"{project.slug}/{WEEK_IN.name}") in report.today
    ]
    return sorted(found, key=lambda row: (-int(row[1].value or 0), row[0].slug))


def not_read(projects: Sequence[ProjectReport]) -> list[ProjectReport]:
    """Return the projects of whose money nothing is known."""
    return [project for project in projects if not _is_known(project)]


def _is_known(project: ProjectReport) -> bool:
    return project.figures["raised"].value is not None


def _today(report: Report, name: str) -> Figure | None:
    figure = report.today.get(f"all/{name}")
    return figure if figure is not None and figure.value is not None else None
