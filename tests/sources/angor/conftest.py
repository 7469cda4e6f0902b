"""The projects that the source reads here."""

from tests.support.angor_fixtures import invest, subscribe

__all__ = ["invest", "subscribe"]
