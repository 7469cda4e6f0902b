"""`sunlit privacy-report`: what a reader could still link, from the log and the configuration alone."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.report.privacy.linkage import Exposure, Linkage


@click.command("privacy-report")
@config_option
@click.option("--demo", is_flag=True, help="Look at the demo's log.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, with the ids of the rows.")
@click.pass_obj
def privacy_report(terminal: Terminal, *, config: Path, demo: bool, as_json: bool) -> None:
    """Say what a reader of the published log could still link with a person.

    Looks at BTCPay rows: amounts that the chain shows too, rows of one
    payment, small groups, and what two snapshots tell by their difference.
    Nothing is asked of the network and nothing is changed.
    """
    from generator import store
    from generator.cli.demo import open_site
    from generator.report.health.source_states import source_labels
    from generator.report.privacy.linkage import linkage

    site = open_site(config, demo=demo)
    found = linkage(store.load(site.log), site.config)
    if as_json:
        terminal.result_json(found)
    else:
        terminal.result("\n".join(_lines(found, source_labels(site.config))))


def _lines(found: "Linkage", labels: Mapping[str, str]) -> list[str]:
    payments = f"{found.btcpay_payments} {'payment' if found.btcpay_payments == 1 else 'payments'}"
    rows = f"{found.btcpay_rows} {'row' if found.btcpay_rows == 1 else 'rows'}"
    lines = [f"The log publishes {payments} of BTCPay in {rows}."]
    if found.chain_rows:
        lines.append(
            f"Its {found.chain_rows} rows of Angor are public by protocol; no setting concerns them."
        )
    if not found.exposures:
        lines.append("Nothing was found by which a row could be linked.")
    for _, exposures in groupby(found.exposures, key=lambda exposure: exposure.code):
        lines += ["", *_kind_lines(list(exposures), labels)]
    return [*lines, "", "What this cannot tell:", *(f"- {limit}" for limit in found.limits)]


def _kind_lines(exposures: "list[Exposure]", labels: Mapping[str, str]) -> list[str]:
    """Say one kind of exposure, project by project, and once what to do about it."""
    first = exposures[0]
    observed = [f"  {_subject(exposure.project, labels)}: {exposure.observed}." for exposure in exposures]
    keys = f" ({', '.join(first.keys)})" if first.keys else ""
    return [first.code, *observed, f"  -> {first.advice}{keys}."]


def _subject(project: str, labels: Mapping[str, str]) -> str:
    """Name a project, or a place of a store that is no project's, by where config.yaml has that store."""
    from generator.language import english
    from generator.report.store_places import place_words

    store, _, part = project.partition("/")
    if not part:
        return project or "config"
    source = store.replace(":", "-")
    name = labels.get(source, f"{source}, a store that config.yaml does not list any more")
    return f"{english(place_words(project))} ({name})"
