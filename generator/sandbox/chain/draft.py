"""What a founder wants, and the content of the event that says so, as the official client writes it."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Final

#: .NET's empty date, which the client writes for dates that a project does not have.
_UNSET: Final = -62_135_596_800


class Type(IntEnum):
    """How money reaches the founder."""

    INVEST = 0
    FUND = 1
    SUBSCRIBE = 2


class Frequency(IntEnum):
    """How often a pattern pays out."""

    WEEKLY = 0
    BIWEEKLY = 1
    MONTHLY = 2
    BIMONTHLY = 3
    QUARTERLY = 4


class PayoutDay(IntEnum):
    """What payout days are counted from."""

    FROM_START = 0
    DAY_OF_MONTH = 1
    DAY_OF_WEEK = 2  #: Sunday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way to be paid out that a Fund or Subscribe project offers; its id is its place in the list."""

    name: str
    frequency: Frequency
    stage_count: int
    payout_day_type: PayoutDay = PayoutDay.FROM_START
    payout_day: int = 0
    amount_sat: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A project as its founder means it."""

    slug: str
    title: str
    about: str
    description: str  #: Markdown
    picture: str = ""  #: its address
    type: Type
    starts_at: datetime
    ends_at: datetime | None = None  #: Invest: last day to invest
    expires_at: datetime
    target_sat: int
    penalty_days: int
    stages: tuple[tuple[Decimal, datetime], ...] = ()  #: Invest: percent and opening
    patterns: tuple[Pattern, ...] = ()
    threshold_sat: int | None = None  #: Fund: up to this, an investor may leave without penalty
    seeder_threshold: int = 0  #: how many lead investors' secrets free an investor
    second_thoughts_sat: int | None = None  #: a goal the founder publishes later; no coin binds it
    tagged: bool = True  #: since May 2026 events name the identifier in a tag; older ones do not


def content_of(
    draft: Draft, *, keys: dict[str, str], network_name: str, secret_hashes: tuple[str, ...]
) -> str:
    """Return the JSON of a project event.

    `keys` are founderKey, founderRecoveryKey, projectIdentifier and nostrPubKey;
    `secret_hashes` are in the byte order of the chain, and reversed in the event.
    """
    dynamic = draft.type is not Type.INVEST
    fields = {
        "version": 2,
        "projectType": int(draft.type),
        **keys,
        "networkName": network_name,
        "startDate": _seconds(draft.starts_at),
        "endDate": _UNSET if draft.ends_at is None else _seconds(draft.ends_at),
        "penaltyDays": draft.penalty_days,
        "expiryDate": _seconds(draft.expires_at),
        "targetAmount": draft.target_sat,
        "penaltyThreshold": draft.threshold_sat,
        "stages": [
            {"amountToRelease": _number(percent), "releaseDate": _seconds(opens_at)}
            for percent, opens_at in draft.stages
        ],
        "projectSeeders": {
            "threshold": draft.seeder_threshold,
            "secretHashes": [bytes.fromhex(text)[::-1].hex() for text in secret_hashes],
        },
        "dynamicStagePatterns": [_pattern(number, pattern) for number, pattern in enumerate(draft.patterns)],
        "allowDynamicStages": dynamic,
        "requiresInvestmentWindow": not dynamic,
        "hasPenalty": draft.type is not Type.SUBSCRIBE,
        "requiresTargetAmount": draft.type is Type.INVEST,
    }
    return json.dumps(
        {name: value for name, value in fields.items() if value is not None}, separators=(",", ":")
    )


def _pattern(number: int, pattern: Pattern) -> dict[str, object]:
    fields = {
        "patternId": number,
        "name": pattern.name,
        "description": f"{pattern.stage_count} payouts",
        "frequency": int(pattern.frequency),
        "stageCount": pattern.stage_count,
        "payoutDayType": int(pattern.payout_day_type),
        "payoutDay": pattern.payout_day,
        "amount": pattern.amount_sat,
        "hasFixedAmount": pattern.amount_sat is not None,
        "displayDescription": f"{pattern.stage_count} {pattern.frequency.name.lower()} payouts",
    }
    return {name: value for name, value in fields.items() if value is not None}


def _number(percent: Decimal) -> int | float:
    return int(percent) if percent == int(percent) else float(percent)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
