"""Exit codes: what a job or a script may conclude from a command's end."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; the publish script publishes on DONE and PARTLY only."""

    DONE = 0
    WRONG_USE = 1  #: usage, configuration, lock held, damaged log
    WARNED = 2  #: warnings under --strict
    PARTLY = 3  #: published, with something stale or missing
    NOTHING = 4  #: nothing publishable, output untouched
    MISMATCH = 5  #: verify
    INCOMPLETE = 6  #: verify
    INTERRUPTED = 130
