"""A log belongs to one network: figures of different networks are never summed; pure."""

from generator.config import Config
from generator.errors import LogError
from generator.snapshot import Known, Project


def refuse_other_network(known: Known, config: Config) -> None:
    """Raise `LogError` when the log holds observations of another network than the configuration's."""
    named = {run.network for run in known.runs} | {record.network for record in known.of(Project)}
    others = sorted(named - {config.network, ""})
    if others:
        msg = (
            f"the log holds observations of {', '.join(others)}, but config.yaml says {config.network}; "
            "figures of different networks are never summed: give each network a folder of its own"
        )
        raise LogError(msg)
