"""A process that ends with the one that began it, and whose end that one's standard input tells."""

import ctypes
import os
import select
import signal
import sys
from threading import Thread
from typing import Final

from generator.cli.exit_codes import Exit

_PR_SET_PDEATHSIG: Final = 1  #: prctl(2)


def end_with_parent() -> None:
    """End this process when its parent ends, which holds its standard input open until then.

    On Linux the kernel does it: a thread that waits would keep this process from starting copies of itself.
    """
    if sys.platform != "linux":
        Thread(target=_end_at_last, daemon=True).start()
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if select.select([0], [], [], 0)[0]:  # it ended before the kernel was asked
        _end_at_last()


def _end_at_last() -> None:
    os.read(0, 1)
    os._exit(Exit.INTERRUPTED)
