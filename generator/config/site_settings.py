"""The site in `config.yaml`: what it is called, its units, when its data is stale, how it is published."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from generator.config.value_types import Currency, HttpUrl, Model, as_list, distinct


class SiteConfig(Model):
    """The published site."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """Shown on every page."""
    base_url: HttpUrl = "https://example.org"
    """Where the site will stand; used for canonical addresses and feeds, never for links between pages."""
    licence: str = "CC-BY-4.0"
    """Licence of the data downloads."""
    description: str = ""
    """One sentence for search results."""


class UnitsConfig(Model):
    """Units shown beside satoshis."""

    fiat: Annotated[
        tuple[Currency, ...],
        BeforeValidator(as_list, json_schema_input_type=Currency | tuple[Currency, ...] | None),
        AfterValidator(distinct),
    ] = ()
    """Currencies whose daily rates are recorded, such as EUR or [EUR, USD]; charts show the first."""


class QualityConfig(Model):
    """When data counts as stale and what happens then."""

    max_age_hours: Annotated[int, Field(ge=1)] = 36
    """Older data is shown as stale."""
    on_source_failure: Literal["last_good", "fail"] = "last_good"
    """Keep the last good data, or stop."""
    forbid_total_drop: bool = True
    """Refuse a run whose confirmed totals fall without a recorded reason."""


class PublishConfig(Model):
    """How the site is published."""

    refresh_hours: Annotated[int, Field(ge=1)] = 24
    """A run without news is recorded this often."""
