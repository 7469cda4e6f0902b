"""Sunlit: funding reports anyone can check."""

__version__ = "0.1.0"
