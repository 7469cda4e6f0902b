"""The terms of a project: what the founder promised in the signed event, typed and bounded.

``ProjectInfo.cs`` and ``Serializer.cs``: camelCase names, dates as Unix seconds,
percentages as decimals. Computed fields that the official client also writes are
ignored. Whatever the official client could not have written is refused with a
named reason (`TermsError`).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Self

from generator.protocol.angor.strict_json import Fields, read_object

MAX_STAGES = 255  #: what one byte of an investment's dynamic stage info can count
MAX_PATTERNS = 256
MAX_SECRET_HASHES = 100
MAX_PENALTY_DAYS = 388  #: 65535 units of 512 seconds, the longest relative lock time
KNOWN_VERSIONS = (1, 2)


class ProjectType(IntEnum):
    """How money reaches the founder."""

    INVEST = 0  #: fixed stages, an investment window
    FUND = 1  #: payouts by a pattern that starts with each investment
    SUBSCRIBE = 2  #: as Fund, with a fixed amount and no penalty


class Frequency(IntEnum):
    """How often a pattern pays."""

    WEEKLY = 0
    BIWEEKLY = 1
    MONTHLY = 2
    BIMONTHLY = 3
    QUARTERLY = 4


class PayoutDay(IntEnum):
    """What a pattern's payout days are counted from."""

    FROM_START = 0
    DAY_OF_MONTH = 1
    DAY_OF_WEEK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTerms:
    """One stage of an Invest project."""

    percent: Decimal  #: of the investment after the fee, 0 to 100
    release_date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way to be paid out that a Fund or Subscribe project offers."""

    pattern_id: int
    frequency: Frequency
    stage_count: int
    payout_day_type: PayoutDay
    payout_day: int
    amount_sat: int | None = None  #: Subscribe: what an investment must be
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A project's terms; every field checked, every date an aware UTC time."""

    version: int
    project_type: ProjectType
    founder_key: str
    founder_recovery_key: str
    project_identifier: str
    nostr_pubkey: str
    network_name: str | None  #: absent in projects of before December 2025
    start_date: datetime | None
    end_date: datetime | None  #: Invest only
    penalty_days: int
    expiry_date: datetime
    target_amount_sat: int
    penalty_threshold_sat: int | None
    stages: tuple[StageTerms, ...]
    seeder_threshold: int
    secret_hashes: tuple[str, ...]  #: byte-reversed against the chain, as upstream writes them
    patterns: tuple[Pattern, ...]

    @classmethod
    def parse(cls, content: str) -> Self:
        """Read the content of a project event; raise `TermsError` with a named reason."""
        fields = Fields(read_object(content))
        seeders = fields.nested("projectSeeders")
        return cls(
            version=fields.whole("version", low=1, high=KNOWN_VERSIONS[-1], default=2),
            project_type=ProjectType(fields.choice("projectType", ProjectType, default=0)),
            founder_key=fields.key("founderKey"),
            founder_recovery_key=fields.key("founderRecoveryKey"),
            project_identifier=fields.identifier("projectIdentifier"),
            nostr_pubkey=fields.hex("nostrPubKey", 64),
            network_name=fields.text("networkName", limit=40, default="") or None,
            start_date=fields.time_or_unset("startDate"),
            end_date=fields.time_or_unset("endDate"),
            penalty_days=fields.whole("penaltyDays", low=0, high=MAX_PENALTY_DAYS, default=0),
            expiry_date=fields.time("expiryDate"),
            target_amount_sat=fields.amount("targetAmount", default=0),
            penalty_threshold_sat=fields.amount_or_none("penaltyThreshold"),
            stages=tuple(_stage(item) for item in fields.nested_list("stages", limit=MAX_STAGES)),
            seeder_threshold=seeders.whole("threshold", low=0, high=MAX_SECRET_HASHES, default=0),
            secret_hashes=seeders.hexes("secretHashes", 64, limit=MAX_SECRET_HASHES),
            patterns=tuple(
                _pattern(item) for item in fields.nested_list("dynamicStagePatterns", limit=MAX_PATTERNS)
            ),
        )

    def pattern(self, pattern_id: int) -> Pattern | None:
        """Return the first pattern with an id, as the official client does."""
        return next((item for item in self.patterns if item.pattern_id == pattern_id), None)

    def is_on(self, project_name: str) -> bool:
        """Tell whether the terms name a network; terms of before December 2025 name none and fit any."""
        return self.network_name is None or self.network_name.casefold() == project_name.casefold()


def _stage(fields: Fields) -> StageTerms:
    return StageTerms(percent=fields.percent("amountToRelease"), release_date=fields.time("releaseDate"))


def _pattern(fields: Fields) -> Pattern:
    return Pattern(
        pattern_id=fields.whole("patternId", low=0, high=255, default=0),
        frequency=Frequency(fields.choice("frequency", Frequency, default=0)),
        stage_count=fields.whole("stageCount", low=0, high=MAX_STAGES, default=0),
        payout_day_type=PayoutDay(fields.choice("payoutDayType", PayoutDay, default=0)),
        payout_day=fields.whole("payoutDay", low=0, high=31, default=0),
        amount_sat=fields.amount_or_none("amount"),
        name=fields.text("name", limit=400, default=""),
    )


def warnings(terms: Terms) -> tuple[str, ...]:
    """Return a phrase for each rule of the official client that terms break (``ProjectInfoValidator.cs``).

    It refuses to make such a project; readers never enforce them.
    """
    found = []
    if terms.project_type is ProjectType.INVEST:
        found += _invest_warnings(terms)
    elif not any(pattern.stage_count for pattern in terms.patterns):
        found.append("no payout pattern has a stage")
    if terms.project_type is not ProjectType.SUBSCRIBE and not 10 <= terms.penalty_days <= 365:  # noqa: PLR2004 - the client's limits
        found.append(f"the penalty lasts {terms.penalty_days} days, not 10 to 365")
    return tuple(found)


def _invest_warnings(terms: Terms) -> list[str]:
    found = []
    total = sum(stage.percent for stage in terms.stages)
    if total != 100:  # noqa: PLR2004 - percent
        found.append(f"the stages release {total} %, not 100 %")
    if not all(stage.percent for stage in terms.stages):
        found.append("a stage releases nothing")
    dates = [stage.release_date for stage in terms.stages]
    if dates != sorted(dates):
        found.append("the stages do not open in their order")
    if dates and terms.expiry_date <= dates[-1]:
        found.append("the project expires before its last stage opens")
    if dates and terms.end_date is not None and terms.end_date >= dates[0]:
        found.append("the first stage opens before the investment window closes")
    if terms.target_amount_sat < 100_000:  # noqa: PLR2004 - the client's limit
        found.append(f"the goal is {terms.target_amount_sat} sat, less than 100000")
    return found
