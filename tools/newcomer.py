"""What a newcomer does with an installed Sunlit, in an empty folder: begin, check, build, look and verify.

Needs nothing of the repository, and runs wherever Python does.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Each line as somebody types it, and how it has to end.
STEPS = (
    "sunlit --version",
    "sunlit init report --yes --title Village",
    "sunlit check",
    "sunlit build",
    "sunlit build",
    "sunlit verify output",
    "sunlit build --demo",
    "sunlit verify output",
    "sunlit explain --demo solar-roof/raised",
    "sunlit build",
)


def main() -> int:
    """Take every step; say what each took, and stop at the first that fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        folder = Path(empty)
        for line in STEPS:
            began = time.monotonic()
            command = [sys.executable, "-P", "-m", "generator.cli", *line.split()[1:]]
            done = subprocess.run(  # noqa: S603 -- our own command
                command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
            )
            print(f"{time.monotonic() - began:5.1f} s  {line}: exit {done.returncode}", flush=True)
            if done.returncode:
                print(done.stdout, done.stderr, sep="\n")
                return 1
            folder = Path(empty, "report") if "init" in line else folder
    return 0


if __name__ == "__main__":
    sys.exit(main())
