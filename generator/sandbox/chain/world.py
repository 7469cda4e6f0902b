"""The finished world: a chain, the projects on it, their events, and the price of bitcoin."""

from dataclasses import dataclass
from datetime import datetime

from generator.protocol.nostr import Event
from generator.sandbox.acts import Acts
from generator.sandbox.chain.blocks import Chain
from generator.sandbox.chain.crowd import chance_venture
from generator.sandbox.chain.play import WORLD_NOW, Play
from generator.sandbox.chain.project import Project
from generator.sandbox.chain.stories import STORIES
from generator.sandbox.worth import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainWorld:
    """What indexer and relays serve."""

    seed: int
    chain: Chain
    projects: tuple[Project, ...]
    prices: Prices
    now: datetime  #: what the demo takes for the present

    @property
    def events(self) -> list[Event]:
        """Every event the founders published."""
        return [event for project in self.projects for event in project.events()]


def build_chain(seed: int, acts: Acts, *, projects: int = 0, now: datetime = WORLD_NOW) -> ChainWorld:
    """Return the world of a seed at its end: the curated projects, and `projects` more.

    What actors do is noted in `acts` as they do it.
    """
    play = Play.of(seed, now)
    for story in STORIES:
        story(play)
    for number in range(1, projects + 1):
        chance_venture(play, number)
    play.run(acts)
    return ChainWorld(
        seed=seed,
        chain=play.chain,
        projects=tuple(venture.project for venture in play.ventures),
        prices=Prices.of(seed),
        now=now,
    )
