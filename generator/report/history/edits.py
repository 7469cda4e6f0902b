"""Edits of a project's terms: what a source said before, what it says now, and which runs saw both."""

from collections import defaultdict
from typing import Final

from generator.report.figures.definitions import MSAT, figure_id
from generator.report.figures.headline import decimal_text
from generator.report.history.past import Looks
from generator.report.model import Edit, Figure, Look
from generator.snapshot import Goal, Known, Project, Withdrawn

#: Terms whose change readers must hear of, as fields of `Project`.
TERMS: Final = {
    "title": "title",
    "goal": "goal",
    "starts_at": "first day",
    "ends_at": "deadline",
    "expires_at": "end of the project",
    "stages": "stages",
    "penalty_days": "penalty time lock",
    "event_id": "signed definition",
    "description": "description",
}


def edits(known: Known, looks: Looks) -> dict[str, tuple[Edit, ...]]:
    """Return every edit of terms by slug, oldest first, then in the order of the terms.

    A project that was withdrawn and came back is compared with what it said last.
    """
    found: defaultdict[str, list[Edit]] = defaultdict(list)
    for key, chain in known.history.items():
        if key[0] != "project":
            continue
        before: Project | None = None
        for line in chain:
            record = line.record
            if isinstance(record, Withdrawn) or not isinstance(record, Project):
                continue
            look = looks.index(line.run)
            if before is not None and look:
                found[record.id] += _between(before, record, looks[look - 1], looks[look])
            before = record
    return {slug: tuple(sorted(some, key=_place)) for slug, some in found.items()}


def goal_figures(edit: Edit) -> tuple[Figure | None, Figure | None]:
    """Return the goal before and after an edit as figures; None where there was none, or for other terms."""
    return _goal(edit, edit.before, edit.seen_before), _goal(edit, edit.after, edit.seen_after)


def _between(old: Project, new: Project, seen_before: Look, seen_after: Look) -> list[Edit]:
    return [
        Edit(
            id=f"terms/{new.id}/{new.source}/{name}/{seen_after.run}",
            project=new.id,
            source=new.source,
            term=name,
            word=word,
            before=before,
            after=after,
            seen_before=seen_before,
            seen_after=seen_after,
        )
        for name, word in TERMS.items()
        if (before := getattr(old, name)) != (after := getattr(new, name))
    ]


def _place(edit: Edit) -> tuple[str, str, int]:
    return (edit.seen_after.run, edit.source, list(TERMS).index(edit.term))


def _goal(edit: Edit, goal: object, look: Look) -> Figure | None:
    if not isinstance(goal, Goal):
        return None
    name = f"goal@{edit.source}@{look.run}"
    return Figure(
        id=figure_id(edit.project, name),
        project=edit.project,
        name=name,
        value=goal.amount_msat if goal.value is None else decimal_text(goal.value),
        unit=MSAT if goal.value is None else goal.currency,
        complete=True,
        verification=None,
        formula=f"The goal that the source {edit.source} named at the run {look.run}.",
        inputs=(f"snapshot:{look.snapshot}",),
    )
