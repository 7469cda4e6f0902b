"""Looks after the webhook while a server is read: by its list, where the key may see it, and by polling."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from generator.errors import SourceError
from generator.snapshot import Asked, Known
from generator.sources import TIME, Tally, last_asked, moment_in
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.webhook_deliveries import (
    MOST,
    PollingCheck,
    WebhookReceiver,
    judge_attempts,
    reaches,
    tells_times,
    unknown,
)

#: Key in a source's `reads`: how the webhook is looked after, words joined by commas.
HOW: Final = "webhook"
#: Until when the server's list was judged.
UNTIL: Final = "webhook_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWatch:
    """One store's webhook over one run; what it finds goes into the run record as counts."""

    receiver: WebhookReceiver
    api: Greenfield
    store: str
    at: datetime
    last: Asked | None
    polling: PollingCheck | None  #: None where it can say nothing: the first run with it, or with a delay

    async def judge(self, tally: Tally) -> None:
        """Judge what came since the last time; a failure of this question is never one of the source."""
        how = []
        if self.polling:
            how.append("polling")
            tally.counts["webhook_payments"] += self.polling.payments
            tally.counts["webhook_late"] += self.polling.late
        judged = moment_in(self.last.reads.get(UNTIL)) if self.last else None
        if self.receiver.url and await self._listed(tally, judged or self.at):
            how.append("api")
            tally.reads[UNTIL] = self.at.strftime(TIME)
            if self.receiver.taken is not None:
                how.append("receiver")
        elif judged:
            tally.reads[UNTIL] = judged.strftime(TIME)
        tally.reads[HOW] = ",".join(how)

    async def _listed(self, tally: Tally, since: datetime) -> bool:
        """Count what the server says of its tries; False where it does not say."""
        taken: Counter[int] = Counter()
        failed, found = 0, False
        try:
            for webhook in await self.api.webhooks(self.store):
                if webhook.url.rstrip("/") != self.receiver.url:
                    continue
                attempts = await self.api.deliveries(self.store, webhook.id, MOST)
                if not tells_times(attempts) or not reaches(attempts, since, MOST):
                    return False
                more, lost = judge_attempts(attempts, since=since, until=self.at)
                taken, failed, found = taken + more, failed + lost, True
        except SourceError:
            return False
        tally.counts["webhook_taken"] += taken.total()
        tally.counts["webhook_failed"] += failed
        if self.receiver.taken is not None:
            tally.counts["webhook_unknown"] += unknown(taken, self.receiver.taken)
        return found


def polling_check(
    receiver: WebhookReceiver, known: Known, source: str, at: datetime, *, delayed: bool
) -> PollingCheck | None:
    """Make what counts payments; None when the last recorded answer did not look after the webhook."""
    last = last_asked(known, source)
    if delayed or last is None or HOW not in last.reads:
        return None
    since = next(run.at for run in reversed(known.runs) if last in run.asked)
    return PollingCheck(since=since, at=at, debounce=receiver.debounce)
