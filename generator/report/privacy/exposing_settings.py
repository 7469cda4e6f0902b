"""Settings under which the next run would publish rows that are easy to link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from generator.config import Config, PrivacyConfig
from generator.report.privacy.exposure import SETTING, Exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A setting of `privacy`, and when it exposes rows."""

    code: str
    key: str  #: of config.yaml
    exposes: Callable[[PrivacyConfig], bool]
    observed: str
    advice: str


_RULES: Final = (
    _Rule(
        code="payment-rows",
        key="privacy.rows",
        exposes=lambda privacy: privacy.rows == "payment",
        observed="each payment has a row of its own, with its day and exact rail",
        advice="publish one row a day",
    ),
    _Rule(
        code="no-groups",
        key="privacy.min_group",
        exposes=lambda privacy: privacy.rows == "day" and privacy.min_group == 1,
        observed="a day with one payment is a row of one payment",
        advice="let at least 5 payments share a row",
    ),
    _Rule(
        code="no-rounding",
        key="privacy.round_to_sats",
        exposes=lambda privacy: privacy.round_to_sats == 0,
        observed="rows are exact to the satoshi",
        advice="round them to 1000 satoshis or more; sums stay exact",
    ),
    _Rule(
        code="no-delay",
        key="privacy.publish_delay_hours",
        exposes=lambda privacy: privacy.publish_delay_hours == 0,
        observed="a payment may be published minutes after it was made",
        advice="wait 24 hours or more",
    ),
)


def setting_exposures(config: Config) -> Iterator[Exposure]:
    """Yield the settings that expose rows of BTCPay; none where no server is configured."""
    for rule in _RULES if config.sources.btcpay else ():
        if rule.exposes(config.privacy):
            yield Exposure(
                code=rule.code, kind=SETTING, observed=rule.observed, advice=rule.advice, keys=(rule.key,)
            )
