"""By which periods the money of each place is told apart, so that every goal can sum its own; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from generator.config import ProjectConfig
from generator.periods import Periods
from generator.sources.btcpay.movement import PlacePeriods
from generator.sources.btcpay.store_place import StorePlace


def set_periods(places: Sequence[StorePlace], projects: Iterable[ProjectConfig], at: datetime) -> None:
    """Give each place its periods as of `at`.

    A crowdfund's are its own. What else belongs to its project, and everything of a project whose goal
    stands in the configuration, is kept apart by the day of payment.
    """
    for place in places:
        place.periods = PlacePeriods(created=Periods(place.recurs, at)) if place.recurs else None
    by_part = {place.part: place for place in places}
    for project in projects:
        ours = [by_part[binding.part] for binding in project.bindings if binding.part in by_part]
        own = project.goal.period if project.goal else None
        first = next((place for place in ours if place.recurs), None)
        rules = (own.recurrence,) if own else first.recurs if first else ()
        for place in ours if rules else ():
            if own or place is not first:
                created = place.periods.created if place.periods else None
                place.periods = PlacePeriods(created=created, paid=Periods(rules, at))
