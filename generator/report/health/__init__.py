"""How well each source was read, day by day, and what a webhook missed."""
