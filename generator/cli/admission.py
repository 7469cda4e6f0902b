"""Before a batch of another job enters the log: the gate again, and what verification would say of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from generator.errors import LogError, SunlitError
from generator.text_format import clean

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.snapshot import Known
    from generator.snapshot.batch import Batch

#: Problems that the message names; the rest is counted.
_NAMED: Final = 3


def admit(site: "SiteFolder", batch: "Batch", accept: Mapping[str, str]) -> None:
    """Raise `LogError` unless a batch may enter the site's log; `accept` as in `generator.snapshot.gate`.

    The log is not touched. Nothing of a batch that is refused is taken: one job of two is not what it was.
    """
    from generator import store
    from generator.snapshot import fold, voids_in
    from generator.verify.batch_check import batch_problems, new_problems

    every = store.lines(site.log)
    known = fold((line for line in every if line.run <= batch.run), voids_in(every))
    now = datetime.now(UTC).replace(microsecond=0)
    if not (problems := list(batch_problems(batch, known, site.config, now=now))):
        problems = _implausible(site, batch, known, accept)
    if not problems:
        before = store.prefixes(site.log)
        refresh, failures = site.config.publish.refresh_hours, site.config.alerts.after_runs
        after = store.with_batch(site.log, batch, refresh_hours=refresh, failures=failures)
        try:
            problems = new_problems(before, after, site.config) if after != before else []
        except SunlitError as error:
            problems = [str(error)]
    if problems:
        raise LogError(_refusal(batch, problems))


def _implausible(site: "SiteFolder", batch: "Batch", known: "Known", accept: Mapping[str, str]) -> list[str]:
    from generator.snapshot import Finding, news
    from generator.snapshot.gate import judge

    fresh = news(known, batch.records)
    refused = [
        refusal
        for source in sorted({record.source for record in fresh})
        for refusal in judge(
            known,
            [record for record in fresh if record.source == source],
            source=source,
            tip_height=batch.tip_height,
            forbid_total_drop=site.config.quality.forbid_total_drop,
            accept=accept,
        ).refused
    ]
    unsaid = (
        f"{record.id}: nobody accepted that (--accept-drop {record.subject})"
        for record in fresh
        if isinstance(record, Finding) and record.check == "accepted-drop" and record.subject not in accept
    )
    return [*(f"{refusal.reason} (--accept-drop {refusal.id})" for refusal in refused), *unsaid]


def _refusal(batch: "Batch", problems: Sequence[str]) -> str:
    told = "; ".join(clean(problem)[:400] for problem in problems[:_NAMED])
    more = f"; and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    return (
        f"batch of run {clean(batch.run)[:80]} is refused, and the log untouched: {told}{more}. "
        "Take the snapshot again; if that is refused too, find out who changed it between the two jobs"
    )
