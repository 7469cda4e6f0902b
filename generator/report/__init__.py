"""The log as a report: figures, series, stages and notes, computed once before anything is drawn; pure."""

from generator.report.assemble import build
from generator.report.model import (
    Change,
    Figure,
    Note,
    Point,
    ProjectReport,
    Report,
    SourceState,
    StageRow,
    Standing,
)

__all__ = [
    "Change",
    "Figure",
    "Note",
    "Point",
    "ProjectReport",
    "Report",
    "SourceState",
    "StageRow",
    "Standing",
    "build",
]
