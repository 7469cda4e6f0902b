"""A crowdfund's public record, and since when it counts; pure."""

from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from generator.addresses import without_login
from generator.money import MSAT_PER_SAT
from generator.periods import MOST_EVERY, NEVER, UNITS, Recurrence
from generator.snapshot import Goal, Project
from generator.snapshot.records import APP, SETTINGS
from generator.sources.btcpay.greenfield.values import currency_code, moment, msat, number
from generator.sources.btcpay.greenfield.wire import Crowdfund
from generator.sources.btcpay.store_place import StorePlace
from generator.text_format import shortened

_TITLE: Final = 500  #: characters kept of a title or tagline
_TEXT: Final = 20_000  #: characters kept of a description


class PlaceWords(NamedTuple):
    """What of a place is unread, may be more and may be less, in the words of `Project`."""

    unread: tuple[str, ...] = ()
    at_least: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()


def project_record(
    bound: StorePlace, *, source: str, said: PlaceWords, complete: bool, standing: Project | None
) -> Project:
    """Make the record of a project; texts only of a crowdfund, whose page is public.

    Where the settings could not be read, what is `standing` stays.
    """
    switch_at, switch_by = (bound.switch.recorded_at, bound.switch.by) if bound.switch else (None, "")
    if bound.unread:
        app = [APP] if bound.unknown else []
        said = said._replace(unread=(*said.unread, SETTINGS, *app))
    return msgspec.structs.replace(
        standing if bound.unread and standing else _as_read(bound, source),
        complete=complete,
        switch_at=switch_at,
        switch_by=switch_by,
        **said._asdict(),
    )


def _as_read(bound: StorePlace, source: str) -> Project:
    plain = Project(id=bound.place, source=source, kind=bound.kind, recurs=bound.recurs)
    app = bound.crowdfund
    if app is None:
        return plain
    return msgspec.structs.replace(
        plain,
        title=shortened(app.title or "", _TITLE),
        tagline=shortened(app.tagline or "", _TITLE),
        description=(app.description or "")[:_TEXT],
        picture=without_login(image) if len(image := (app.main_image_url or "").strip()) <= _TITLE else "",
        goal=goal_of(app),
        starts_at=moment(app.start_date) if app.start_date else None,
        ends_at=moment(app.end_date) if app.end_date else None,
        period_at=bound.period_at,
    )


def goal_of(app: Crowdfund) -> Goal | None:
    """Read a crowdfund's goal, in millisatoshis or fiat; None without one or when it is no amount."""
    currency, target = currency_code(app.target_currency), number(app.target_amount)
    if not currency or target is None or target <= 0:
        return None
    if currency == "SATS":
        amount = target * MSAT_PER_SAT
        return Goal(amount_msat=int(amount)) if amount == amount.to_integral_value() else None
    if currency == "BTC":
        found = msat(target)
        return Goal(amount_msat=found) if found else None
    return Goal(value=target, currency=currency)


def is_understood(app: Crowdfund) -> bool:
    """Tell whether what a crowdfund asks for, and how often, can be read: a later version may have more."""
    target, unit = number(app.target_amount), app.reset_every.lower()
    asks = app.target_amount is not None and (target is None or target > 0)
    return (goal_of(app) is not None or not asks) and unit in (*UNITS, NEVER)


def recurrence_of(app: Crowdfund) -> Recurrence | None:
    """Read how a crowdfund begins anew; None for one that never does."""
    start = moment(app.start_date) if app.start_date else None
    unit = app.reset_every.lower()
    if start is None or unit not in UNITS or not 1 <= app.reset_every_amount <= MOST_EVERY:
        return None
    return Recurrence(start=start, every=app.reset_every_amount, unit=unit)


def last_reset(app: Crowdfund, now: datetime) -> datetime | None:
    """Compute since when a crowdfund's own page counts; None for one that never begins anew."""
    rule = recurrence_of(app)
    return None if rule is None else [*rule.starts(now)][-1]
