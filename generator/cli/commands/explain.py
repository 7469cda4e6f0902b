"""`sunlit explain`: a figure, down to its rows, transactions and snapshot."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@click.argument("figure", default="")
@config_option
@click.option("--demo", is_flag=True, help="Explain a figure of the demo.")
@click.option(
    "--at", "snapshot", metavar="SNAPSHOT", help="As of an older snapshot; its id or how it begins."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figure and the tree below it as JSON.")
@click.pass_obj
def explain(
    terminal: Terminal, *, figure: str, config: Path, demo: bool, snapshot: str | None, as_json: bool
) -> None:
    """Print where a figure comes from, down to its rows, transactions and snapshot.

    FIGURE is an id such as well/raised or all/locked; without one, or with a project alone, such as well,
    it lists the figures that there are, with their values.
    """
    from generator.cli.demo import open_site
    from generator.cli.report_step import report_of
    from generator.config.hints import hint
    from generator.report.trace.explain import explain as explanation
    from generator.report.trace.explain import explained, value_text

    report = report_of(open_site(config, demo=demo), snapshot)
    found = report.figure(figure)
    if found is None:
        known = [*report.all_figures(), *report.today.values()]
        within = f"{figure}/" if figure else ""
        listed = [other for other in known if "@" not in other.id and other.id.startswith(within)]
        if as_json or not listed:
            close = hint(figure, [other.id for other in known])
            message = f"there is no figure {figure!r}{close or ';'} `sunlit explain` lists them"
            raise click.UsageError(message)
        for other in listed:
            terminal.result(f"{other.id} = {value_text(other)}")
        return
    if as_json:
        terminal.result_json(explained(report, found))
    else:
        terminal.result(explanation(report, found))
