"""Which project each place of the log belongs to, and which sources speak about a project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from msgspec import json

from generator.config import Config, ProjectConfig
from generator.places import ANGOR, btcpay_place, identifier_in, store_source
from generator.snapshot import Binding, Known, Project


@dataclass(frozen=True, slots=True)
class PlaceOwners:
    """The configuration as the log's places see it."""

    identifiers: Mapping[str, str] = field(default_factory=dict)  #: Angor identifier → slug
    places: Mapping[str, str] = field(default_factory=dict)  #: place in any store of its server → slug
    parts: Mapping[str, str] = field(default_factory=dict)  #: app or request → slug: of stores listed no more
    stores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: server's id → names of sources
    #: by place, since every row asks
    _slugs: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, config: Config) -> Self:
        """Read who owns what from a configuration, as written or as published."""
        listed = {server.id: server.stores for server in config.sources.btcpay}
        places: dict[str, str] = {}
        parts: dict[str, str] = {}
        for project in config.projects:
            for binding in project.bindings:
                if not binding.store:
                    parts.setdefault(binding.part, project.slug)
                for store in (binding.store,) if binding.store else listed.get(binding.source, ()):
                    places.setdefault(btcpay_place(store, binding.part), project.slug)
        return cls(
            identifiers={project.angor: project.slug for project in config.projects if project.angor},
            places=places,
            parts=parts,
            stores={name: tuple(map(store_source, stores)) for name, stores in listed.items()},
        )

    @property
    def digest(self) -> str:
        """A hash of which place belongs to which project, the same under every label of a server."""
        return sha256(
            json.encode([sorted(self.identifiers.items()), sorted(self.places.items())])
        ).hexdigest()

    def rebound(self, known: Known) -> tuple[str, ...]:
        """Return the places that the log binds to another project than this configuration."""
        bound = {record.id: record.project for record in known.of(Binding)}
        places = {record.id for record in known.of(Project)} | bound.keys()
        return tuple(
            place for place in sorted(places) if bound.get(place, identifier_in(place)) != self.slug(place)
        )

    def is_newer(self, known: Known) -> bool:
        """Tell whether this configuration binds otherwise than the one of the last run did."""
        return bool(known.runs) and known.runs[-1].bound not in ("", self.digest)

    def slug(self, place: str) -> str:
        """Return the project that a place belongs to; empty for one that is no project's."""
        if place not in self._slugs:
            self._slugs[place] = self._found(place)
        return self._slugs[place]

    def _found(self, place: str) -> str:
        if identifier := identifier_in(place):
            return self.identifiers.get(identifier, identifier)
        store, _, part = place.partition("/")
        if (slug := self.places.get(place, "")) or not (last := self.parts.get(part, "")):
            return slug
        source = store.replace(":", "-", 1)
        return "" if any(source in names for names in self.stores.values()) else last

    def sources(self, setting: ProjectConfig | None, recorded: Iterable[str]) -> tuple[str, ...]:
        """Return the sources a project is read from, Angor first; of a discovered one (None) it alone.

        An app is in one store of its server: once `recorded` sources speak about it, no other is waited for.
        """
        if setting is None:
            return (ANGOR,)
        names = [ANGOR] if setting.angor else []
        heard = frozenset(recorded)
        for binding in setting.bindings:
            stores = (store_source(binding.store),) if binding.store else self.stores.get(binding.source, ())
            names += [store for store in stores if store in heard] or stores
        return tuple(dict.fromkeys(names))
