"""Edits of a project's terms: what a source said before, what it says now, and which runs saw both."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from generator.report.figures.bounds import Bound
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition
from generator.report.figures.goal import goal_value
from generator.report.history.revisions import RunIndex, RunReference
from generator.report.place_owners import PlaceOwners
from generator.sentence import Sentence, say
from generator.snapshot import Goal, Known, Project, Stage, Withdrawn

#: A term of a project as its record holds it.
Term: TypeAlias = str | int | datetime | Goal | tuple[Stage, ...] | None

#: Terms whose change readers must hear of, as fields of `Project`.
TERMS: Final[Mapping[str, Sentence]] = {
    "title": say("title"),
    "goal": say("goal"),
    "starts_at": say("first day"),
    "ends_at": say("deadline"),
    "expires_at": say("end of the project"),
    "stages": say("stages"),
    "penalty_days": say("penalty time lock"),
    "event_id": say("signed definition"),
    "description": say("description"),
}
GOAL_AT_RUN: Final = FigureDefinition(
    "goal", "The goal that the source {source} named at the run {run}.", CURRENCY, by="source@run"
)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A term that a source said otherwise before."""

    id: str
    project: str  #: slug
    source: str
    term: str  #: field of the record, such as ``goal``
    before: Term
    after: Term
    seen_before: RunReference  #: the last run at which the old term stood
    seen_after: RunReference  #: the run that saw the new one

    @property
    def word(self) -> Sentence:
        """What people call the term: ``deadline``."""
        return TERMS[self.term]


def edits(known: Known, runs: RunIndex, owners: PlaceOwners) -> dict[str, tuple[Edit, ...]]:
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
            position = runs.position(line.run)
            if before is not None and position:
                slug = owners.slug(record.id)
                found[slug] += _between(slug, before, record, runs[position - 1], runs[position])
            before = record
    return {slug: tuple(sorted(some, key=_order)) for slug, some in found.items()}


def edited_goals(edit: Edit) -> tuple[Figure | None, Figure | None]:
    """Return the goal before and after an edit as figures; None where there was none, or for other terms."""
    return _goal(edit, edit.before, edit.seen_before), _goal(edit, edit.after, edit.seen_after)


def _between(
    slug: str, old: Project, new: Project, seen_before: RunReference, seen_after: RunReference
) -> list[Edit]:
    return [
        Edit(
            id=f"terms/{slug}/{new.source}/{name}/{seen_after.run}",
            project=slug,
            source=new.source,
            term=name,
            before=before,
            after=after,
            seen_before=seen_before,
            seen_after=seen_after,
        )
        for name in TERMS
        if (before := getattr(old, name)) != (after := getattr(new, name))
    ]


def _order(edit: Edit) -> tuple[str, str, int]:
    return (edit.seen_after.run, edit.source, list(TERMS).index(edit.term))


def _goal(edit: Edit, goal: object, seen: RunReference) -> Figure | None:
    if not isinstance(goal, Goal):
        return None
    value, unit = goal_value(goal)
    return GOAL_AT_RUN.figure(
        edit.project,
        value,
        of=f"{edit.source}@{seen.run}",
        unit=unit,
        bound=Bound.EXACT,
        inputs=(f"snapshot:{seen.snapshot}",),
        source=edit.source,
        run=seen.run,
    )
