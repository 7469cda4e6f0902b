"""A site put in place: at once where nothing changed, else rendered; and what is said of it.

Imports nothing that makes pages before it is known that one must be made.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from generator.build.cache import BuildCache, load, save
from generator.build.standing_site import SiteRows
from generator.cli.exit_codes import Exit
from generator.cli.job_summary import add_summary
from generator.cli.site_paths import SitePaths
from generator.cli.terminal import Terminal
from generator.file_rows import disk_now_ns, rows_below, settled
from generator.publish import PublishResult, recover
from generator.text_format import in_line

if TYPE_CHECKING:
    from generator.build.cache import SiteSummary
    from generator.build.dask_workers import DaskWorkers
    from generator.cli.site_folder import SiteFolder

#: New objects after which Python looks for circles among them, and how often among older ones.
SELDOM: Final = (50_000, 20, 100)


def put_site(
    terminal: Terminal,
    paths: SitePaths,
    open_site: Callable[[], "SiteFolder"],
    *,
    jobs: int = 1,
    dask: str | None = None,
) -> "SiteSummary":
    """Make the site in the output folder what its inputs say; return what is to be said of it.

    `open_site` reads the configuration, which is done only where something changed.
    """
    recover(paths.output)
    now_ns = disk_now_ns(paths.cache)
    known = load(paths.cache, BuildCache, terminal.log) or BuildCache()
    rows = SiteRows(
        inputs=paths.input_rows(known.site.named if known.site else (), known.inputs),
        output=rows_below(paths.output, known.output),
        now_ns=now_ns,
    )
    if known.site and rows.stand(known, demo=paths.demo):
        if rows.inputs != known.inputs or rows.output != known.output:  # some were read: not next time
            fresh = {"inputs": settled(rows.inputs, now_ns), "output": settled(rows.output, now_ns)}
            save(paths.cache, msgspec.structs.replace(known, **fresh), terminal.log)
        words = known.site.words
        for text in words.texts:
            terminal.warn(text)
        published = PublishResult(changed=False, count=known.site.count, size=known.site.size)
    else:
        with _seldom_collected(), _workers(dask, terminal.warn) as workers:
            from generator.cli.render_step import render_site

            words, published = render_site(terminal, open_site(), rows, known, jobs=jobs, dask=workers)
    size = f"{published.size / 2**20:.1f} MB"
    if published.nearly_full:
        terminal.warn(
            f"the site is {size}; GitHub Pages refuses more than 1 GB: report fewer projects in one site"
        )
    state = "written" if published.changed else "unchanged"
    terminal.log(f"Site {os.path.relpath(paths.output)}: {published.count} files, {size}, {state}.")
    return words


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have Python look for circles seldom, and not among what a build froze: that stays to its end."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _workers(dask: str | None, warn: Callable[[str], None]) -> Iterator["DaskWorkers | None"]:
    """Connect to the workers of a Dask scheduler, if one is named."""
    if dask is None:
        yield None
    else:
        from generator.build.dask_workers import dask_workers

        with dask_workers(dask, warn) as workers:
            yield workers


def publish_site(
    terminal: Terminal,
    paths: SitePaths,
    open_site: Callable[[], "SiteFolder"],
    *,
    strict: bool,
    jobs: int,
    dask: str | None,
) -> Exit:
    """Put the site in place, and say what it holds and how fresh that is, also by the exit code."""
    words = put_site(terminal, paths, open_site, jobs=jobs, dask=dask)
    for line in words.lines:
        terminal.log(line)
    for line in words.missing:
        terminal.warn(line)
    for note in words.notes:
        terminal.log(f"{note} Until then `sunlit verify` calls the site incomplete (6).")
    add_summary(terminal, markdown(words, terminal.warnings))
    terminal.result(f"Open {os.path.relpath(paths.output / 'index.html')}")
    if strict and terminal.warnings:
        return Exit.WARNED
    return Exit.PARTLY if words.missing else Exit.DONE


def markdown(words: "SiteSummary", warnings: list[str]) -> str:
    """Return the job summary: what is wrong first, then warnings, then every source."""
    others = [f"- {in_line(warning)}" for warning in warnings if warning not in words.detailed]
    wrong = [*words.wrong, *others]
    parts = [words.head, *(["### To look at", "", *wrong, ""] if wrong else ["Nothing is wrong.", ""])]
    return "\n".join([*parts, *words.table, "", f"Snapshot `{words.snapshot}`", "", ""])
