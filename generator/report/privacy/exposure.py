"""Ways to link a published row with something outside of the report, and settings that open them."""

from collections.abc import Iterator
from typing import Final

import msgspec

from generator.config import Config

ROW: Final = "rows"
SETTING: Final = "setting"


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """What could be linked, as far as it was observed, and what helps against it."""

    code: str
    kind: str  #: ``rows``: in what is published; ``setting``: in what the next run would publish
    project: str = ""  #: slug; empty where it concerns all
    count: int = 0  #: rows, payments or steps concerned
    of: int = 0  #: of so many
    observed: str
    advice: str
    keys: tuple[str, ...]  #: of config.yaml; none where only the job's schedule helps
    rows: tuple[str, ...] = ()  #: ids of the rows, as the ledger publishes them


def setting_exposures(config: Config) -> Iterator[Exposure]:
    """Yield the settings that expose rows of BTCPay; none where no server is configured."""
    privacy = config.privacy
    settings = (
        (
            privacy.rows == "payment",
            ("payment-rows", "rows"),
            "each payment has a row of its own, with its day and exact rail",
            "publish one row a day",
        ),
        (
            privacy.rows == "day" and privacy.min_group == 1,
            ("no-groups", "min_group"),
            "a day with one payment is a row of one payment",
            "let at least 5 payments share a row",
        ),
        (
            privacy.round_to_sats == 0,
            ("no-rounding", "round_to_sats"),
            "rows are exact to the satoshi",
            "round them to 1000 satoshis or more; sums stay exact",
        ),
        (
            privacy.publish_delay_hours == 0,
            ("no-delay", "publish_delay_hours"),
            "a payment may be published minutes after it was made",
            "wait 24 hours or more",
        ),
    )
    for exposes, (code, key), observed, advice in settings:
        if exposes and config.sources.btcpay:
            yield Exposure(
                code=code, kind=SETTING, observed=observed, advice=advice, keys=(f"privacy.{key}",)
            )
