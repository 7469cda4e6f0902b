"""The same report as somebody would write it in an afternoon: json, pyplot and Jinja2, without a cache.

    python -m benchmarks.script.report SITE OUTPUT

It reads the same log and makes the same kinds of pages, charts and files as the product, and as many of them
(`tests/build/test_plain_script.py`). It checks and explains less than the product, and its texts are short.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from benchmarks.script.data_files import data_files
from benchmarks.script.project_pages import project_pages
from benchmarks.script.records import read_world
from benchmarks.script.site import Site
from benchmarks.script.site_pages import site_pages

#: Among more projects than these a page of changes is only where something changed.
FEW: Final = 40


def main() -> None:
    """Write the whole site anew."""
    root, output = map(Path, sys.argv[1:])
    shutil.rmtree(output, ignore_errors=True)
    plt.rcParams["svg.fonttype"] = "none"
    plt.rcParams["svg.hashsalt"] = "report"
    world = read_world(root)
    site = Site(output, world.title, world.url)
    for project in world.projects:
        project_pages(site, project, has_changes=len(world.projects) <= FEW)
    site_pages(site, world)
    data_files(site, world, root)


if __name__ == "__main__":
    main()
