"""`sunlit render`: the half of the job that asks nobody."""

from pathlib import Path

import click

from generator.cli.options import config_option, outcome_options, output_option, worker_options
from generator.cli.terminal import Terminal


@click.command()
@config_option
@output_option
@click.option("--demo", is_flag=True, help="Render the demo's log.")
@outcome_options
@worker_options
@click.pass_obj
def render(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    output: Path | None,
    demo: bool,
    strict: bool,
    jobs: int,
    dask: str | None,
) -> int:
    """Write the site from the log alone: no network, no clock, the same bytes each time."""
    from functools import partial

    from generator.cli.demo import open_site
    from generator.cli.publish_step import publish_site
    from generator.cli.site_paths import SitePaths

    opened = partial(open_site, config, output, demo=demo)
    paths = SitePaths.of(config, output, demo=demo)
    return publish_site(terminal, paths, opened, strict=strict, jobs=jobs, dask=dask)
