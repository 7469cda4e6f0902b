"""Sunlit: funding reports anyone can check."""

__version__ = "0.1.0"
#: Where Sunlit itself stands on GitHub: its workflow is called from there by the reports of others.
REPOSITORY = "OWNER/sunlit"
