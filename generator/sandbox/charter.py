"""Which projects of a world are reported, with which goals, and the config.yaml that says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.sandbox.btcpay import Town
from generator.sandbox.btcpay.campaigns import HARBOUR, Campaign
from generator.sandbox.chain import ChainWorld
from generator.sandbox.truth import Aim

#: A whole store has no goal of its own; the configuration gives it one in euros.
HARBOUR_GOAL: Final = (Decimal(5000), "EUR")
_MSAT_PER_SAT: Final = 1000
_MSAT_PER: Final = {"SATS": _MSAT_PER_SAT, "BTC": 10**11}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a world's servers are."""

    btcpay: str
    indexers: tuple[str, ...]
    relays: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return all addresses in a fixed order."""
        return (self.btcpay, *self.indexers, *self.relays)


def aims_of(chain: ChainWorld, town: Town) -> list[Aim]:
    """Return every reported project with its goal: the founder's, else the crowdfund's, else ours."""
    campaigns = {campaign.slug: campaign for campaign in town.campaigns}
    aims = []
    for project in chain.projects:
        slug, target_sat = project.draft.slug, project.draft.target_sat
        campaign = campaigns.pop(slug, None)
        aim = Aim(slug=slug, identifier=project.identifier, goal_msat=target_sat * _MSAT_PER_SAT)
        if not target_sat:
            aim = _aim(slug, campaign, project.identifier)
        aims.append(aim)
    return aims + [_aim(slug, campaign) for slug, campaign in campaigns.items()]


def charter(chain: ChainWorld, town: Town, at: Addresses, *, key_env: str) -> str:
    """Return the config.yaml of a world whose servers are at some addresses."""
    stores = ", ".join(town.stores)
    return "\n".join(
        (
            "version: 1",
            "site:",
            "  title: Sunlit in a small world",
            "  description: Everything here is invented; every number is right.",
            "network: regtest",
            "units: {fiat: EUR}",
            "sources:",
            "  btcpay:",
            "    - id: pay",
            f"      url: {at.btcpay}",
            f"      token_env: {key_env}",
            f"      stores: [{stores}]",
            "      include: [invoices, crowdfund, payouts]",
            "  nostr:",
            f"    relays: [{', '.join(at.relays)}]",
            "    quorum: 2",
            f"  indexers: [{', '.join(at.indexers)}]",
            "  confirmations: 3",
            "  rates: {provider: mempool}",
            "projects:",
            *_projects(chain, town),
            "privacy: {rows: day, min_group: 1} # a real site keeps 5",
            "",
        )
    )


def _projects(chain: ChainWorld, town: Town) -> Iterator[str]:
    campaigns = {campaign.slug: campaign for campaign in town.campaigns}
    for project in chain.projects:
        yield f"  - slug: {project.draft.slug}"
        yield f"    angor: {project.identifier}"
        yield from _bound(campaigns.pop(project.draft.slug, None))
    for slug, campaign in campaigns.items():
        yield f"  - slug: {slug}"
        yield from _bound(campaign)


def _bound(campaign: Campaign | None) -> Iterable[str]:
    if campaign is None:
        return ()
    if campaign.app:
        return (f"    btcpay: {{source: pay, app: {campaign.app.id}}}",)
    amount, currency = HARBOUR_GOAL
    return (
        "    title: Harbour Radio",
        f"    btcpay: {{source: pay, store: {campaign.store}}}",
        f"    goal: {{fiat: {amount} {currency}}}",
    )


def _aim(slug: str, campaign: Campaign | None, identifier: str = "") -> Aim:
    """Return a project's goal by its BTCPay side."""
    if slug == HARBOUR:
        return Aim(slug=slug, goal_value=HARBOUR_GOAL[0], goal_currency=HARBOUR_GOAL[1])
    target = campaign.app.target if campaign and campaign.app else None
    if target is None or campaign is None or campaign.app is None:
        return Aim(slug=slug, identifier=identifier)
    currency = campaign.app.currency
    if currency in _MSAT_PER:
        return Aim(slug=slug, identifier=identifier, goal_msat=int(target * _MSAT_PER[currency]))
    return Aim(slug=slug, identifier=identifier, goal_value=target, goal_currency=currency)
