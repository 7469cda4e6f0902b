"""Options that several commands share."""

from pathlib import Path

import click
from click.decorators import FC

config_option = click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.yaml"),
    show_default=True,
    help="Configuration; log, content and templates stand beside it.",
)
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the site. [default: output beside the configuration]",
)


def drop_options(command: FC) -> FC:
    """Add ``--full``, ``--accept-drop`` and ``--reason``."""
    full = click.option("--full", is_flag=True, help="Reconcile everything, not only what may have changed.")
    drop = click.option(
        "--accept-drop",
        "drops",
        multiple=True,
        metavar="ID",
        help="Let a refused change pass; needs --reason.",
    )
    reason = click.option("--reason", default="", help="Why the drop is right; published with the report.")
    return full(drop(reason(command)))


def outcome_options(command: FC) -> FC:
    """Add ``--strict`` and ``--summary FILE``."""
    strict = click.option("--strict", is_flag=True, help="Warnings end with exit code 2.")
    summary = click.option(
        "--summary", type=click.Path(path_type=Path), help="Append a Markdown summary to this file."
    )
    return strict(summary(command))
