"""Observations, their canonical text, and the fold of a log into what we know; pure."""

from generator.ledger import Key
from generator.protocol.proof.checked_claims import Result
from generator.snapshot.announced import Announced, Cause, Census
from generator.snapshot.evidence import BranchRecord, EventRecord, Evidence, HeaderRecord, TransactionRecord
from generator.snapshot.finding import Finding
from generator.snapshot.fold import Known, began_at, fold, run_id, snapshot_id, voids_in
from generator.snapshot.lines import SCHEMA, Heading, Line, decode, encode, read_heading
from generator.snapshot.news import news, with_records
from generator.snapshot.project_picture import ProjectPicture
from generator.snapshot.read_file import LogMemory, ReadFile
from generator.snapshot.records import Binding, Goal, Project, Rate, Record, Stage, Withdrawn
from generator.snapshot.redaction import Redaction
from generator.snapshot.rows import LoggedRow
from generator.snapshot.run_record import Asked, FileState, Outcome, Run
from generator.snapshot.store_records import Attributed, Difference, OwnNumber, PromisedMoney
from generator.snapshot.voided_run import VoidedRun
