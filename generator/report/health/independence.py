"""How independent the view of Angor was: servers, who stands behind them, and what one alone told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import msgspec

from generator.addresses import operator_of
from generator.config import Config
from generator.report.source_names import ANGOR
from generator.snapshot import Outcome, Run
from generator.snapshot.announced import ALL_UNWITNESSED, UNFOUNDED_ALONE, UNWITNESSED


class ServerGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The configured servers of one kind."""

    kind: str  #: ``relays`` or ``indexers``
    servers: tuple[str, ...]
    operators: tuple[str, ...]  #: registrable domains, by name

    @classmethod
    def of(cls, kind: str, urls: Sequence[str]) -> Self:
        """Find out who stands behind some addresses."""
        return cls(kind=kind, servers=tuple(urls), operators=tuple(sorted(set(map(operator_of, urls)))))


class Independence(msgspec.Struct, frozen=True, kw_only=True):
    """Who told what is known of Angor's projects."""

    groups: tuple[ServerGroup, ...] = ()
    #: identifiers whose history one indexer told
    alone: Mapping[str, None] = msgspec.field(default_factory=dict)
    all_alone: bool = False  #: it may be so for each of them: one indexer is configured, or too many to name
    unfounded_alone: str = ""  #: how many are called unfounded by one indexer alone, in words

    def is_alone(self, identifier: str) -> bool:
        """Tell whether no second indexer agreed on a project's history, as far as is known."""
        return bool(identifier) and (self.all_alone or identifier in self.alone)

    def told_alone(self, identifiers: Iterable[str]) -> int:
        """Count those that no second indexer agreed on."""
        return sum(map(self.is_alone, identifiers))


def independence(config: Config, runs: Sequence[Run]) -> Independence:
    """Return how independent the view was: by the configuration, and by the last answer."""
    sources = config.sources
    if sources.nostr is None or not sources.indexers:
        return Independence()
    answers = (asked for run in reversed(runs) for asked in run.asked if asked.source == ANGOR)
    last = next((asked.reads for asked in answers if asked.outcome is Outcome.OK), {})
    names = dict.fromkeys(last.get(UNWITNESSED, "").split())
    unfounded = last.get(UNFOUNDED_ALONE, "").split()
    return Independence(
        groups=(
            ServerGroup.of("relays", sources.nostr.relays),
            ServerGroup.of("indexers", sources.indexer_urls),
        ),
        alone={name: None for name in names if name != ALL_UNWITNESSED},
        all_alone=ALL_UNWITNESSED in names or len(sources.indexers) == 1,
        unfounded_alone="too many to name" if ALL_UNWITNESSED in unfounded else str(len(unfounded) or ""),
    )
