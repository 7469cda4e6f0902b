"""The privacy of BTCPay's donors in `config.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from generator.config.value_types import Model
from generator.money import MSAT_PER_BTC, MSAT_PER_SAT


class PrivacyConfig(Model):
    """What of BTCPay may be published; applied before anything is stored."""

    rows: Literal["day", "payment"] = "day"
    """One row a day, or one a payment (needs SUNLIT_ID_KEY)."""
    min_group: Annotated[int, Field(ge=1)] = 5
    """Rows of fewer payments join the next row of the same creation month."""
    round_to_sats: Annotated[int, Field(ge=0, le=MSAT_PER_BTC // MSAT_PER_SAT)] = 0
    """Round rows to this many satoshis; 0 keeps them exact. Sums always stay exact."""
    publish_delay_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 0
    """Leave out payments younger than this."""
