"""Angor as a source: relays and indexers joined, every rule of the protocol derived again."""

from generator.sources.angor.moderation import Moderation
from generator.sources.angor.source import NAME, AngorSource

__all__ = ["NAME", "AngorSource", "Moderation"]
