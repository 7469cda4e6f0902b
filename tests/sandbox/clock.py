"""The time at which the small town of this folder stands still."""

NOW = 1_790_000_000  #: 2026-09-21T13:33:20Z
