"""What `config.yaml` may say, as a frozen value; its JSON Schema comes from the same models.

Secrets are *names* of environment variables. Every field's description is what
an editor shows.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from generator.config.project_settings import AngorConfig, ProjectConfig
from generator.config.source_settings import SourcesConfig
from generator.config.value_types import (
    Currency,
    Domain,
    EnvName,
    HttpUrl,
    InLanguages,
    LanguageCode,
    Model,
    Network,
    PageUrl,
    Repository,
    Slug,
    WorkflowName,
    as_list,
    distinct,
)
from generator.money import MSAT_PER_BTC, MSAT_PER_SAT

#: Nobody's address (RFC 2606): `check` warns of it.
DEFAULT_BASE_URL: Final = "https://example.org"


class SiteConfig(Model):
    """The published site."""

    title: Annotated[str, Field(min_length=1, max_length=200, examples=["Village well"])]
    """Shown on every page."""
    titles: InLanguages = Field(default_factory=dict, examples=[{"de": "Dorfbrunnen"}])
    """The title in other languages of the site, by their codes; without one it is the same."""
    base_url: PageUrl = DEFAULT_BASE_URL
    """Where the site will stand, without it at `domain`; used for canonical addresses and feeds."""
    domain: Domain | None = None
    """A domain of your own for GitHub Pages, written to `CNAME`; without it the one set on GitHub stays."""
    licence: str = "CC-BY-4.0"
    """Licence of the data downloads."""
    description: Annotated[str, Field(examples=["What our projects raised, from public data."])] = ""
    """One sentence for search results."""
    descriptions: InLanguages = Field(
        default_factory=dict, examples=[{"de": "Was unsere Projekte sammelten."}]
    )
    """The description in other languages of the site, by their codes."""
    languages: Annotated[
        tuple[LanguageCode, ...],
        BeforeValidator(as_list, json_schema_input_type=LanguageCode | tuple[LanguageCode, ...]),
        AfterValidator(distinct),
        Field(min_length=1, examples=[["en", "de"]]),
    ] = ("en",)
    """Languages of the pages: the first stands at `/`, others under `/<code>/`; data exists once."""

    @model_validator(mode="before")
    @classmethod
    def _where_it_stands(cls, given: object) -> object:
        """Take the domain for the address of the site, where none is given."""
        if not isinstance(given, dict) or "base_url" in given:
            return given
        domain = given.get("domain")
        known = isinstance(domain, str) and "/" not in domain
        return given | {"base_url": f"https://{domain}"} if known else given


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

    mode: Literal["branch", "artifact"] = "branch"
    """What GitHub Pages shows: the branch gh-pages, which anybody can clone, or an artifact of a run."""
    refresh_hours: Annotated[int, Field(ge=1)] = 24
    """A run without news is recorded this often."""
    extras: Literal["listed", "all"] = "listed"
    """Which have pictures, embeds, feeds, languages, data for search engines: listed projects, or all."""


class AlertsConfig(Model):
    """Issues that `sunlit alert` opens on GitHub."""

    issues: bool = True
    """Open an issue for each source that fails in run after run, and close it when it answers."""
    after_runs: Annotated[int, Field(ge=1, le=50)] = 2
    """How many runs have to fail, one after another, before an issue is opened."""


class HookConfig(Model):
    """What `sunlit hook serve` listens to and asks for."""

    server: Annotated[Slug, Field(examples=["pay"])]
    """Id of the BTCPay server in sources.btcpay whose webhook it is."""
    secret_env: Annotated[EnvName, Field(examples=["HOOK_SECRET"])]
    """Name of the environment variable that holds the webhook's secret."""
    url: HttpUrl | None = None
    """Public address of the receiver, to which BTCPay delivers."""
    action: Literal["workflow_dispatch", "repository_dispatch", "build"] = "workflow_dispatch"
    """What to ask for: a run of the workflow, an event for the repository, or a build on this machine."""
    repository: Repository | None = None
    """GitHub repository, owner/name."""
    workflow: WorkflowName = "publish.yml"
    """Workflow to start."""
    ref: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "main"
    """Branch it runs on."""
    token_env: Annotated[EnvName, Field(examples=["REPOSITORY_TOKEN"])] | None = None
    """Name of the environment variable with a token for this repository alone, with Actions: write."""
    debounce_s: Annotated[int, Field(ge=1, le=3600)] = 120
    """Seconds between two rebuilds; what comes meanwhile gives one."""
    api: HttpUrl = "https://api.github.com"
    """Address of GitHub's API."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.action != "build" and not (self.repository and self.token_env):
            msg = f"{self.action} needs repository and token_env: add both, such as repository: me/report"
            raise ValueError(msg)
        return self


class PrivacyConfig(Model):
    """What of BTCPay may be published; applied before anything is stored."""

    rows: Literal["day", "payment"] = "day"
    """One row a day, or one a payment (needs SUNLIT_ID_KEY)."""
    min_group: Annotated[int, Field(ge=1)] = 5
    """Rows of fewer payments join the next row of the same creation month and the same calendar month."""
    round_to_sats: Annotated[int, Field(ge=0, le=MSAT_PER_BTC // MSAT_PER_SAT)] = 0
    """Round rows to this many satoshis; 0 keeps them exact. Sums always stay exact."""
    publish_delay_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 0
    """Leave out payments younger than this; figures are as of then, and pages say so."""


class AcceptedGap(Model):
    """Something that is not known and need not be said again on each run; pages go on saying it."""

    place: Annotated[str, Field(min_length=1, max_length=200, examples=["village-well"])]
    """A place or source of the log, or the slug of a project, as the message of the run gives it."""
    reason: Annotated[str, Field(min_length=10, max_length=500, examples=["The old server is gone."])]
    """Why it is right so; published."""


class Config(Model):
    """The whole of config.yaml."""

    version: Literal[1]
    """Version of this file's format."""
    site: SiteConfig
    """The published site."""
    network: Network
    """One network a site; figures of different networks are never summed."""
    units: UnitsConfig = UnitsConfig()
    """Units shown beside satoshis."""
    angor: AngorConfig = AngorConfig()
    """Which Angor projects."""
    sources: SourcesConfig
    """Where the numbers come from."""
    projects: tuple[ProjectConfig, ...] = ()
    """One page each."""
    privacy: PrivacyConfig = PrivacyConfig()
    """Privacy of BTCPay donors."""
    quality: QualityConfig = QualityConfig()
    """Staleness and failure."""
    publish: PublishConfig = PublishConfig()
    """Publishing."""
    alerts: AlertsConfig = AlertsConfig()
    """Issues on GitHub about sources that fail."""
    accepted: tuple[AcceptedGap, ...] = ()
    """Gaps that a run no longer ends with 3 for; what they bound stays "at least"."""
    hook: HookConfig | None = None
    """The optional receiver of BTCPay's webhooks, `sunlit hook serve`."""
