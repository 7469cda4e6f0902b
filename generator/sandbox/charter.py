"""Which projects of a world are reported, with which goals, and the config.yaml that says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from generator.sandbox.btcpay import Town
from generator.sandbox.btcpay.campaigns import HARBOUR, Campaign
from generator.sandbox.btcpay.periods import begun_by, calendar_months, days_left
from generator.sandbox.chain import ChainWorld
from generator.sandbox.project_truth import Aim

#: A whole store has no goal of its own; the configuration gives it one in euros for each calendar month.
HARBOUR_GOAL: Final = (Decimal(500), "EUR")
#: Currencies whose daily rates a report of the world records.
CURRENCIES: Final = ("EUR",)
#: Payments that a row has at least, so that what actors noted stays apart.
MIN_GROUP: Final = 1
_MSAT_PER_SAT: Final = 1000
_MSAT_PER: Final = {"SATS": _MSAT_PER_SAT, "BTC": 10**11}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a world's servers are."""

    btcpay: str
    indexers: tuple[str, ...]
    relays: tuple[str, ...]
    pictures: str

    @property
    def all(self) -> tuple[str, ...]:
        """Return all addresses in a fixed order."""
        return (self.btcpay, *self.indexers, *self.relays, self.pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What a report of a world covers.

    `network_wide` lists only what BTCPay has a part in; all other Angor
    projects are then discovered, and called by their identifiers.
    """

    chain: ChainWorld
    town: Town
    network_wide: bool = False
    #: Angor projects that are listed by now, by slug; None for all
    joined: frozenset[str] | None = None
    languages: tuple[str, ...] = ("en",)
    gives: Mapping[str, str] = field(default_factory=dict)  #: slug → where one gives at the source
    accepted: Mapping[str, str] = field(default_factory=dict)  #: slug → why its gap is part of the story

    def aims(self, now: datetime) -> list[Aim]:
        """Return every reported project with its goal: the founder's, else the crowdfund's, else ours."""
        campaigns = self._campaigns()
        aims = []
        for project in self.chain.projects:
            campaign = campaigns.pop(project.draft.slug, None)
            listed = campaign is not None or not self.network_wide
            slug = project.draft.slug if listed else project.identifier
            if target_sat := project.draft.target_sat:
                goal_msat = target_sat * _MSAT_PER_SAT
                aim = Aim(slug=slug, identifier=project.identifier, goal_msat=goal_msat)
            else:
                aim = self._aim(slug, campaign, now, project.identifier)
            draft = project.draft
            aims.append(replace(aim, kind=draft.type.name.lower(), starts_on=draft.starts_at.date()))
            if ends_on := draft.ends_at.date() if draft.ends_at else _last_day(campaign):
                aims[-1] = replace(aims[-1], ends_on=ends_on)
        return aims + [
            _begun(self._aim(slug, campaign, now), campaign) for slug, campaign in campaigns.items()
        ]

    def config_text(self, at: Addresses, *, key_env: str, login_env: str = "") -> str:
        """Return the config.yaml for servers at some addresses; relays get a login where a key is named."""
        return "\n".join(
            (
                "version: 1",
                "site:",
                "  title: Sunlit in a small world",
                "  description: Everything here is invented; every number is right.",
                *([f"  languages: [{', '.join(self.languages)}]"] if self.languages != ("en",) else []),
                "network: regtest",
                f"units: {{fiat: [{', '.join(CURRENCIES)}]}}",
                f"angor: {{discover: {'all' if self.network_wide else 'listed'}}}",
                "sources:",
                "  btcpay:",
                "    - id: pay",
                f"      url: {at.btcpay}",
                f"      token_env: {key_env}",
                f"      stores: [{', '.join(self.town.stores)}]",
                "      include: [invoices, crowdfund, payouts]",
                "      purposes:",
                '        - {name: "Salaries*", purpose: spent, word: wages}',
                '        - {name: "Refunds for the printer", purpose: spent, word: printing}',
                "  nostr:",
                f"    relays: [{', '.join(at.relays)}]",
                "    quorum: 2",
                *([f"    auth_key_env: {login_env}"] if login_env else []),
                f"  indexers: [{', '.join(at.indexers)}]",
                "  confirmations: 3",
                "  rates: {provider: mempool}",
                "projects:",
                *self._projects(),
                "accepted:",
                *(
                    f"  - {{place: {slug}, reason: Some old refunds of the story are not told by the server}}"
                    for slug in self._campaigns()
                    if slug not in self.accepted
                ),
                *(f"  - {{place: {slug}, reason: {reason}}}" for slug, reason in self.accepted.items()),
                f"privacy: {{rows: day, min_group: {MIN_GROUP}}} # a real site keeps 5",
                "",
            )
        )

    def _aim(self, slug: str, campaign: Campaign | None, now: datetime, identifier: str = "") -> Aim:
        """Return a project's goal by its BTCPay side."""
        if slug == HARBOUR:
            months = tuple(calendar_months(campaign.starts if campaign else 0, now))
            return Aim(
                slug=slug,
                goal_value=HARBOUR_GOAL[0],
                goal_currency=HARBOUR_GOAL[1],
                begun=months[:-1],
                days_left=(months[-1].date() - now.date()).days,
                of_calendar=True,
            )
        aim, app = Aim(slug=slug, identifier=identifier), campaign.app if campaign else None
        if app is None or app.target is None:
            return aim
        aim = replace(aim, begun=tuple(begun_by(app, now)), days_left=days_left(app, now))
        if app.currency in _MSAT_PER:
            return replace(aim, goal_msat=int(app.target * _MSAT_PER[app.currency]))
        return replace(aim, goal_value=app.target, goal_currency=app.currency)

    def _campaigns(self) -> dict[str, Campaign]:
        return {campaign.slug: campaign for campaign in self.town.campaigns}

    def _projects(self) -> Iterator[str]:
        campaigns = self._campaigns()
        for project in self.chain.projects:
            slug = project.draft.slug
            if self.joined is not None and slug not in self.joined:
                continue
            campaign = campaigns.pop(slug, None)
            if campaign or not self.network_wide:
                yield f"  - slug: {slug}"
                yield f"    angor: {project.identifier}"
                yield from self._bound(slug, campaign)
        for slug, campaign in campaigns.items():
            yield f"  - slug: {slug}"
            yield from self._bound(slug, campaign)

    def _bound(self, slug: str, campaign: Campaign | None) -> Iterator[str]:
        """Yield what a project's part of the configuration says beside its name."""
        if campaign is not None:
            key, number = campaign.binding
            if campaign.title:
                yield f"    title: {campaign.title}"
            if campaign.german and "de" in self.languages:
                yield f"    titles: {{de: {campaign.german}}}"
            yield f"    btcpay: {{source: pay, {key}: {number}}}"
        if slug == HARBOUR:
            amount, currency = HARBOUR_GOAL
            yield f"    goal: {{fiat: {amount} {currency}, period: month}}"
        if slug in self.gives:
            yield f"    give: {self.gives[slug]}"


def _begun(aim: Aim, campaign: Campaign) -> Aim:
    """Return the aim with its first day; a store that is no crowdfund announces none."""
    app = campaign.app
    if app is None:
        return aim
    starts_on = datetime.fromtimestamp(app.starts, UTC).date()
    return replace(aim, starts_on=starts_on, ends_on=_last_day(campaign))


def _last_day(campaign: Campaign | None) -> date | None:
    if campaign is None or campaign.app is None or campaign.app.ends is None:
        return None
    return datetime.fromtimestamp(campaign.app.ends, UTC).date()
