"""A Bitcoin indexer over the sandbox's chain: Esplora's interface, quirks and faults on demand."""

from generator.sandbox.indexer.profiles import PROFILES
from generator.sandbox.indexer.quirks import Quirks
from generator.sandbox.indexer.server import Indexer, serve_indexer
