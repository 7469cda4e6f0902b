"""The log as a report: figures, series, stages and notes, computed once before anything is drawn; pure."""

from generator.report.assemble import build
from generator.report.figures.figure import Figure, Point
from generator.report.health.coverage import DayCoverage, Failure, Health
from generator.report.health.source_states import SourceState
from generator.report.health.webhook_health import WebhookHealth
from generator.report.history.changes import Change
from generator.report.history.edits import Edit
from generator.report.history.restatements import Restatement
from generator.report.history.revisions import RunReference
from generator.report.model import ProjectReport, Report
from generator.report.notes import Note
from generator.report.series.stages import StageRow
from generator.report.series.subtotals import Subtotal
from generator.report.status import ProjectStatus
