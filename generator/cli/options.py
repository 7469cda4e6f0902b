"""Options that several commands share."""

import os
import re
from pathlib import Path
from typing import Final

import click
from click.decorators import FC

from generator.cli.extras import need

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

_LENGTH: Final = re.compile(r"(\d{1,6})([smh])", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,6})([MG])", re.ASCII)
_BYTES: Final = {"M": 2**20, "G": 2**30}
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


def seconds(_context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Read a length of time such as ``40m``."""
    if text is None:
        return None
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not int(found[1]):
        message = f"{text!r} is no length of time; write a whole number with s, m or h, such as 40m"
        raise click.BadParameter(message, param=option)
    return float(int(found[1]) * _SECONDS[found[2]])


def size(_context: click.Context, option: click.Parameter, text: str) -> int:
    """Read a number of bytes such as ``512M``."""
    found = _SIZE.fullmatch(text.strip())
    if found is None or not int(found[1]):
        message = f"{text!r} is no size; write a whole number with M or G, such as 512M"
        raise click.BadParameter(message, param=option)
    return int(found[1]) * _BYTES[found[2]]


budget_option = click.option(
    "--budget",
    "budget_s",
    metavar="TIME",
    callback=seconds,
    help="Read projects of the chain no longer than this, such as 40m; the next run goes on.",
)


def with_extra(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse an option whose extra of the same name is not installed."""
    if text is not None and option.name is not None:
        need(option.name, f"--{option.name}")
    return text


def cores() -> int:
    """Return how many cores this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker_options(command: FC) -> FC:
    """Add ``--jobs`` and ``--dask ADDRESS``."""
    jobs = click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        default=cores,
        show_default="cores",
        help="Processes that make pages; a small site starts none.",
    )
    dask = click.option(
        "--dask",
        metavar="ADDRESS",
        callback=with_extra,
        help="Let the workers of this Dask scheduler make pages, such as tcp://10.0.0.2:8786.",
    )
    return jobs(dask(command))


def drop_options(command: FC) -> FC:
    """Add ``--full``, ``--accept-drop`` and ``--reason``."""
    full = click.option("--full", is_flag=True, help="Reconcile everything, not only what may have changed.")
    return full(accept_options(command))


def accept_options(command: FC) -> FC:
    """Add ``--accept-drop`` and ``--reason``."""
    drop = click.option(
        "--accept-drop",
        "drops",
        multiple=True,
        metavar="ID",
        help="Let a refused change pass; needs --reason.",
    )
    reason = click.option("--reason", default="", help="Why the drop is right; published with the report.")
    return drop(reason(command))


def _keep_summary(context: click.Context, _option: click.Parameter, path: Path | None) -> None:
    context.obj.summary = path


summary_option = click.option(
    "--summary",
    type=click.Path(path_type=Path),
    envvar="GITHUB_STEP_SUMMARY",
    callback=_keep_summary,
    expose_value=False,
    help="Append a Markdown summary to this file, also of what went wrong. [default: GITHUB_STEP_SUMMARY]",
)


def outcome_options(command: FC) -> FC:
    """Add ``--strict`` and ``--summary FILE``."""
    strict = click.option("--strict", is_flag=True, help="Warnings end with exit code 2.")
    return strict(summary_option(command))
