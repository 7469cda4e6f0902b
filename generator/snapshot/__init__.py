"""Observations, their canonical text, and the fold of a log into what we know; pure."""

from generator.ledger import Key
from generator.protocol.proof.checked_claims import Result
from generator.snapshot.announced import Announced, Cause, Census
from generator.snapshot.fold import Known, fold, news, run_id, snapshot_id, with_records
from generator.snapshot.lines import SCHEMA, Heading, Line, decode, encode
from generator.snapshot.records import (
    Attributed,
    Binding,
    BranchRecord,
    Difference,
    EventRecord,
    Evidence,
    Finding,
    Goal,
    HeaderRecord,
    OwnNumber,
    Project,
    PromisedMoney,
    Rate,
    Record,
    Stage,
    TransactionRecord,
    Withdrawn,
)
from generator.snapshot.redaction import Redaction
from generator.snapshot.run_record import Asked, FileState, Outcome, Run
