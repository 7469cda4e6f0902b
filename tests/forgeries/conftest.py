"""The project that is forged here."""

from tests.support.angor_fixtures import invest

__all__ = ["invest"]
