"""What a configuration says that is allowed, and hardly what somebody meant."""

from collections.abc import Iterable, Iterator

from generator.doctor.diagnosis import Diagnosis, Level
from generator.errors import Problem


def hardly_meant(warnings: Iterable[Problem]) -> Iterator[Diagnosis]:
    """Yield a finding for each warning of ``sunlit check`` about config.yaml."""
    for warning in warnings:
        yield Diagnosis(
            code="config-warning",
            level=Level.WARNING,
            source="config.yaml",
            subject=f"line {warning.line}",
            observed=warning.message,
        )
