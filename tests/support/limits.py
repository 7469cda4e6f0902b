"""Limits of tests: whoever answers has a minute, so that a busy machine fails nothing."""

from dataclasses import replace

from generator.sources.http import HttpLimits

GENEROUS = HttpLimits(attempts=2, request_s=60, deadline_s=120, wait_initial_s=0.001, wait_max_s=0.01)
#: Nothing is tried again.
ONCE = replace(GENEROUS, attempts=1)
