"""`sunlit schema`: the shape of what Sunlit reads and writes."""

import json
from typing import Any

import click

from generator.cli.terminal import Terminal


@click.command()
@click.argument("name", default="config")
@click.pass_obj
def schema(terminal: Terminal, *, name: str) -> None:
    """Print the JSON Schema of the config, a published file, or what a command prints as JSON."""
    documents = _schemas()
    if name not in documents:
        from generator.config.hints import hint

        message = f"no schema {name!r}{hint(name, documents)}; there are: {', '.join(documents)}"
        raise click.UsageError(message)
    terminal.result(json.dumps(documents[name], indent=2))


def _schemas() -> dict[str, dict[str, Any]]:
    from generator import schemas
    from generator.doctor import Diagnosis
    from generator.report.privacy.linkage import Linkage
    from generator.report.trace.explain import Explanation

    return {
        **schemas.documents(),
        "explain": schemas.printed("What `sunlit explain --json` prints", Explanation),
        "doctor": schemas.printed("What `sunlit doctor --json` prints", list[Diagnosis]),
        "privacy-report": schemas.printed("What `sunlit privacy-report --json` prints", Linkage),
    }
