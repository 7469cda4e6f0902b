"""One HTTP reader for every source: limits, patience, and errors that say who must act.

It never follows a redirect, so no secret header can travel to another host.
Messages are made of our own words, the host and the caller's subject; an
answer's body, its headers and the address's path never enter them.
"""

from generator.sources.http.bounded_body import ACCEPT_CODING, read_body
from generator.sources.http.http_answer import HttpAnswer
from generator.sources.http.http_client import Http, Param
from generator.sources.http.pacing import HostPace
from generator.sources.http.retrying import (
    AnswerBeyondBounds,
    AnswerTooLarge,
    FailedTry,
    HttpLimits,
    QuestionFailed,
    QuestionRefused,
    SlowAnswer,
    TooHeavy,
    UnclearFailure,
    backoff,
    retry_after,
)
from generator.sources.http.way_out import proxy_of, refuse_odd_environment
