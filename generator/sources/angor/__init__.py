"""Angor as a source: relays and indexers joined, every rule of the protocol derived again."""

from generator.sources.angor.angor_source import AngorSource
from generator.sources.angor.moderation import Moderation
