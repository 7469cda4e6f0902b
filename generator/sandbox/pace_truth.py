"""How far a project's goal is and what came a day, folded from what its actors noted when they acted."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Final

from generator.sandbox.project_truth import Aim, ProjectTruth, utc_day
from generator.sandbox.worth import Value, decimal_text

_LATE: Final = 28  #: days


def pace_figures(project: ProjectTruth, today: date) -> dict[str, Value]:
    """Return what came towards the goal and what lacks; while it runs, also by the day."""
    aim = project.aim
    in_bitcoin = aim.goal_msat is not None
    goal = Fraction(aim.goal_value or 0) if aim.goal_msat is None else Fraction(aim.goal_msat)
    gifts = [gift for gift in project.gifts() if not aim.begun or project.counted(gift) >= aim.begun[-1]]
    share = project.share(gifts)
    if not goal:
        return {}
    if share is None:
        return {"towards_goal": None}
    part = Fraction(1000) if in_bitcoin else Fraction(1, 100)

    def told(amount: Fraction) -> Value:
        return int(amount) if in_bitcoin else decimal_text(amount)

    def down(amount: Fraction) -> Value:
        return told(floor(amount / part) * part)

    came = share * goal
    lacks = goal - came
    found = {"towards_goal": told(came)}
    found["left_to_goal" if lacks > 0 else "over_goal"] = told(abs(lacks))
    first, left = _days(aim, today)
    if left:
        found["pace_needed"] = told(ceil(max(lacks, Fraction()) / left / part) * part)
    gone = (today - first).days if first and left else 0
    if first and left:
        found["even_pace"] = down(goal * gone / (gone + left))
    if gone:
        found["pace_got"] = down(came / gone)
    since = today - timedelta(days=_LATE - 1)
    late = project.share([gift for gift in gifts if utc_day(gift.at) >= since])
    if gone >= _LATE and late is not None:
        found["pace_recent"] = down(late * goal / _LATE)
    return found


def _days(aim: Aim, today: date) -> tuple[date | None, int]:
    """Return the first day and the days left of a goal that runs, which may be those of its period."""
    ends = [] if aim.ends_on is None else [(aim.ends_on - today).days]
    left = min([*([aim.days_left] if aim.days_left else []), *ends], default=0)
    first = utc_day(aim.begun[-1]) if aim.begun else aim.starts_on
    return (first, left) if left > 0 and (first is None or first <= today) else (None, 0)
