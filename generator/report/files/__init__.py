"""The report as published data files: canonical bytes and CSV."""
