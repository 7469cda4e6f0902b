"""`sunlit build`: the whole job, from the sources to the site."""

from pathlib import Path

import click

from generator.cli.options import (
    budget_option,
    config_option,
    drop_options,
    outcome_options,
    output_option,
    worker_options,
)
from generator.cli.terminal import Terminal


@click.command()
@config_option
@output_option
@drop_options
@budget_option
@click.option("--demo", is_flag=True, help="Use a small world on this machine: no network, no credentials.")
@click.option("--offline", is_flag=True, help="Render from the log alone, as `render` does.")
@outcome_options
@worker_options
@click.pass_obj
def build(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    output: Path | None,
    full: bool,
    drops: tuple[str, ...],
    reason: str,
    budget_s: float | None,
    demo: bool,
    offline: bool,
    strict: bool,
    jobs: int,
    dask: str | None,
) -> int:
    """Take a snapshot, then render the site: the job that CI runs."""
    from functools import partial

    from generator.cli.demo import open_site, run_demo
    from generator.cli.publish_step import publish_site
    from generator.cli.site_paths import SitePaths

    if demo and not offline:
        run_demo(terminal, output)
    elif not offline:
        from generator.cli.edition_step import freeze_due_months
        from generator.cli.snapshot_step import (
            append_batch,
            snapshot_options,
            take_snapshot,
            take_up_journals,
        )

        site = open_site(config, output, demo=False)
        options = snapshot_options(terminal, site, drops, reason, full=full, budget_s=budget_s)
        take_up_journals(terminal, site)
        append_batch(terminal, site, take_snapshot(terminal, site, options))
        freeze_due_months(terminal, site)
    opened = partial(open_site, config, output, demo=demo)
    paths = SitePaths.of(config, output, demo=demo)
    return publish_site(terminal, paths, opened, strict=strict, jobs=jobs, dask=dask)
