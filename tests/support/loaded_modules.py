"""Which modules some code loads, in a process of its own."""

import subprocess
import sys

from tests.support.paths import ROOT


def loaded(code: str) -> list[str]:
    """Name the modules that are loaded once some code has run."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1].split()
