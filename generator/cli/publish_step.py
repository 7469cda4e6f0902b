"""A site put in place: at once where nothing changed, else rendered; and what is said of it.

Imports nothing that makes pages before it is known that one must be made.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.cache import BuildCache
from generator.build.standing_site import stands
from generator.cli.exit_codes import Exit
from generator.cli.markdown import cell
from generator.cli.site_folder import SiteFolder
from generator.cli.site_inputs import SiteInputs
from generator.cli.terminal import Terminal
from generator.publish import PublishResult

if TYPE_CHECKING:
    from generator.build.cache import SiteSummary


def put_site(terminal: Terminal, site: SiteFolder, *, jobs: int = 1) -> "SiteSummary":
    """Make the site in the output folder what its inputs say; return what is to be said of it."""
    inputs = SiteInputs.read(site)
    known = BuildCache.load(site.cache, terminal.log)
    if known.site and known.site.key == inputs.key(site) and stands(site.output, known.site):
        words = known.site.words
        for text in words.texts:
            terminal.warn(text)
        published = PublishResult(changed=False, count=known.site.count, size=known.site.size)
    else:
        from generator.cli.render_step import render_site

        words, published = render_site(terminal, site, inputs, known, jobs=jobs)
    size = f"{published.size / 2**20:.1f} MB"
    if published.nearly_full:
        terminal.warn(
            f"the site is {size}; GitHub Pages refuses more than 1 GB: report fewer projects in one site"
        )
    state = "written" if published.changed else "unchanged"
    terminal.log(f"Site {os.path.relpath(site.output)}: {published.count} files, {size}, {state}.")
    return words


def publish_site(
    terminal: Terminal, site: SiteFolder, *, strict: bool, summary: Path | None, jobs: int
) -> Exit:
    """Put the site in place, and say what it holds and how fresh that is, also by the exit code."""
    words = put_site(terminal, site, jobs=jobs)
    for line in words.lines:
        terminal.log(line)
    for line in words.missing:
        terminal.warn(line)
    for note in words.notes:
        terminal.log(f"{note} Until then `sunlit verify` calls the site incomplete (6).")
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(terminal.clean(markdown(words, terminal.warnings)))
    terminal.result(f"Open {os.path.relpath(site.output / 'index.html')}")
    if strict and terminal.warnings:
        return Exit.WARNED
    return Exit.PARTLY if words.missing else Exit.DONE


def markdown(words: "SiteSummary", warnings: list[str]) -> str:
    """Return the job summary: a table of sources, then warnings."""
    bullets = (f"- {cell(warning)}" for warning in warnings)
    return "\n".join([words.head, *bullets, f"\nSnapshot `{words.snapshot}`", ""])
