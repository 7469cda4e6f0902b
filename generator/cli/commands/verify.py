"""`sunlit verify`: repeat every check of a published site."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import cores, seconds, size
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.verify.results import CheckResult, VerificationResult
    from generator.verify.step_table import VerificationStep

#: Problems of one check that are printed; --json has more.
_SHOWN: Final = 5
#: Where the lines below a step's answer begin.
_INDENT: Final = " " * 14


@click.command()
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="Print every check as JSON.")
@click.option("--online", is_flag=True, help="Also ask your own servers whether anything was left out.")
@click.option("--indexer", "indexers", multiple=True, metavar="URL", help="Your own indexer, for --online.")
@click.option("--relay", "relays", multiple=True, metavar="URL", help="Your own Nostr relay, for --online.")
@click.option(
    "--published-servers",
    is_flag=True,
    help="With --online, ask the servers that the site names, where you name none: a stranger's addresses.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=cores,
    show_default="cores",
    help="Processes that share the work, each within --memory; a small site starts none.",
)
@click.option(
    "--time",
    "time_s",
    metavar="TIME",
    default="30m",
    show_default=True,
    callback=seconds,
    help="End after this long.",
)
@click.option(
    "--memory",
    "memory_bytes",
    metavar="SIZE",
    default="4G",
    show_default=True,
    callback=size,
    help="Use no more memory, such as 512M.",
)
@click.option(
    "--repository",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Your repository: bytes are compared with its own templates, too.",
)
@click.pass_obj
def verify(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    site: str,
    as_json: bool,
    online: bool,
    indexers: tuple[str, ...],
    relays: tuple[str, ...],
    published_servers: bool,
    jobs: int,
    time_s: float,
    memory_bytes: int,
    repository: Path | None,
) -> int:
    """Repeat every check of a published SITE: its address, or a folder with a copy.

    Exits 0 when everything holds, 5 when something does not, 6 when something
    could not be looked at. A folder is verified without any network. --online
    asks only the servers that you name. It is done in a process of its own, which
    ends when --time or --memory is used up.
    """
    from generator.cli.verify_messages import VerificationQuestion
    from generator.cli.verify_process import verify_apart
    from generator.verify.results import at_age

    online = online or bool(indexers or relays or published_servers)
    if online and not published_servers:
        _refuse_strangers(indexers, relays)

    question = VerificationQuestion(
        site=site,
        online=online,
        indexers=indexers,
        relays=relays,
        repository="" if repository is None else str(repository),
        jobs=jobs,
        time_s=time_s,
        memory_bytes=memory_bytes,
    )
    _tell_unheld(terminal)
    if question.over_network:
        _tell_address(terminal, site)
    if online:
        terminal.log("Asking indexers and relays …")
    with terminal.progress():
        answer = verify_apart(question, lambda far: terminal.advance(far.question, far.percent))
    verified = answer.result
    if verified is None:
        terminal.error(answer.error)
        return answer.code
    if verified.as_of is not None:
        verified = at_age(verified, datetime.now(UTC) - verified.as_of)
    if as_json:
        terminal.result_json(verified)
    else:
        terminal.result("\n".join(table(verified)))
    return exit_code(verified)


def _tell_address(terminal: Terminal, address: str) -> None:
    """Say which address is read; raise `click.UsageError` for half of one."""
    with suppress(ValueError):  # such as a bracket that nothing closes
        if urlsplit(address).hostname:
            terminal.log(f"Reading {address} …")
            return
    msg = f"{address} is no whole address: write that of the site's first page, such as https://me.github.io/report/"
    raise click.UsageError(msg)


def _tell_unheld(terminal: Terminal) -> None:
    from generator.cli.verify_messages import unheld

    if lacking := unheld():
        terminal.warn(lacking)


def _refuse_strangers(indexers: tuple[str, ...], relays: tuple[str, ...]) -> None:
    lacking = " and ".join(name for name, urls in (("--indexer", indexers), ("--relay", relays)) if not urls)
    if lacking:
        msg = f"name servers that you trust with {lacking}, or ask those of the site with --published-servers"
        raise click.UsageError(msg)


def exit_code(verified: "VerificationResult") -> Exit:
    """Return 5 when something does not hold, 6 when something was not looked at, else 0."""
    if verified.mismatch:
        return Exit.MISMATCH
    return Exit.INCOMPLETE if verified.incomplete else Exit.DONE


def table(verified: "VerificationResult") -> list[str]:
    """Return what was verified as lines for a person, step by step."""
    from generator.verify.step_table import ONLINE, STEPS

    world = f"{'demo data on ' if verified.demo else ''}{verified.network or 'an unknown network'}"
    what = f"{verified.subject}: {world}, snapshot {verified.snapshot or 'unknown'}"
    lines = [_age(verified), what, ""]
    for step in (*STEPS, ONLINE):
        checks = [check for check in verified.checks if check.step == step.name]
        if checks:
            lines += [f"{_answer(checks):<12}  {step.question}", *_details(checks, step)]
    return [*lines, "", *_words(verified), _conclusion(verified)]


def _age(verified: "VerificationResult") -> str:
    from generator.text_format import age_text, time_text

    if verified.as_of is None or verified.age_s is None:
        return "As of an unknown time: the log could not be read."
    ahead = verified.age_s < 0
    age = age_text(timedelta(seconds=abs(verified.age_s)))
    told = f"{age} ahead of this computer's clock" if ahead else f"{age} old by this computer's clock"
    return f"As of {time_text(verified.as_of)}, {told}."


def _answer(checks: "Sequence[CheckResult]") -> str:
    if any(check.wanted for check in checks) and not any(check.result == "failed" for check in checks):
        return "not checked"
    results = {str(check.result) for check in checks}
    return next(word for word in ("failed", "ok", "not checked") if word in results)


def _details(checks: "Sequence[CheckResult]", step: "VerificationStep") -> Iterator[str]:
    counted = [f"{check.compared} {step.checks[check.name]}" for check in checks if check.result == "ok"]
    if counted:
        yield _INDENT + ", ".join(counted)
    for check in checks:
        if check.asked:
            yield f"{_INDENT}asked {', '.join(check.asked)}"
        if check.result == "failed":
            yield from (f"{_INDENT}{check.name}: {problem}" for problem in check.problems[:_SHOWN])
            if (more := check.found - _SHOWN) > 0:
                yield f"{_INDENT}{check.name}: and {more} more; --json shows them"
        elif check.result == "not checked":
            yield f"{_INDENT}{check.name} was not checked: {check.reason}"


def _words(verified: "VerificationResult") -> "Iterator[str]":
    """Yield whose word the money is, where nothing contradicts that."""
    from generator.verify.verdict import verdict

    if verified.raised is not None:
        yield verdict(verified.raised, verified.network)


def _conclusion(verified: "VerificationResult") -> str:
    if verified.mismatch:
        return f"This site does not hold: {', '.join(verified.failed)}."
    if verified.incomplete:
        return "What could be looked at holds. What was not checked stands above, with the reason."
    return "Everything holds that can be checked from the site alone; its page /verify/ lists what cannot."
