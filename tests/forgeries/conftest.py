"""The projects of the reference, as the tests of the source have them."""

from tests.sources.angor.conftest import invest, vectors

__all__ = ["invest", "vectors"]
