"""Where the time of a cold render goes, function by function; run in the folder of a site.

python -m benchmarks.profile_render > profile.txt
"""

import cProfile
import pstats
import sys
import time
from pathlib import Path

from generator.cli.main import main

TOP = 40


def profile() -> None:
    """Print the functions that cost most, by own time and with what they call."""
    sys.argv = ["sunlit", "render", "--jobs", "1"]  # what other processes do is not seen
    begin = time.process_time()
    run = cProfile.Profile(time.process_time)
    try:
        run.runcall(main)
    except SystemExit as ended:
        print(f"ended with {ended.code}")
    print(f"{Path.cwd().name}: {time.process_time() - begin:.1f} s of CPU under the profiler")
    found = pstats.Stats(run)
    for order in ("tottime", "cumulative"):
        found.sort_stats(order).print_stats(TOP)


if __name__ == "__main__":
    profile()
