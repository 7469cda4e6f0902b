"""Issues for the maintainer: from the runs of a log and the issues that stand to what must be done; pure."""

from generator.alerts.issue import Issue, read_issue, said_in
from generator.alerts.issue_text import RepositoryLinks
from generator.alerts.outage import Outage, outages
from generator.alerts.planning import Action, Deed, plan
from generator.alerts.red_runs import (
    FailedJob,
    PastRun,
    RedRuns,
    RunIssue,
    plan_runs,
    read_run_issue,
    red_runs,
)
