"""Append a batch to the log on the default branch, render from that commit, publish to gh-pages.

Run by the publish job in a clean clone; needs git and Python's standard
library. Two runners may do this at once: a rejected push starts again from
what the remote has, five times; git never merges data files. What `sunlit verify`
calls red is never pushed, neither log nor site. Exit code 0: published, or already
there. Otherwise no branch holds half a change.
"""  # noqa: INP001 -- a script, not a package

import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pages_state
from remote import Job, Rejected, Stop, annotate, check_clean, default_branch, push, say, take_remote
from site_branch import DOMAIN, domain_of, identity, read_json, setting, site_commit

LOG = "content/snapshots"
#: Months that are over, frozen; the step that makes them trusts no batch, for it reads the log as appended.
EDITIONS = "content/editions"
#: What the last build was made from; the workflow restores it.
CACHE = ".sunlit/cache"
#: Exit codes of rendering on which a site is published: all well, or something stale or missing.
DONE, PARTLY = 0, 3
#: Exit code of verification: something could not be compared, such as with another lock; all else holds.
INCOMPLETE = 6


def record(job: Job, branch: str) -> bool:
    """Append the batch to the remote's log, freeze months; tell whether that made a commit. One try."""
    take_remote(job, branch)
    if code := job.tool((*job.append, str(job.batch))):
        msg = f"the batch was not appended (exit code {code}); nothing was pushed"
        raise Stop(msg, code)
    if job.freeze and (code := job.tool(job.freeze)):
        msg = f"the months that are over were not frozen (exit code {code}); nothing was pushed"
        raise Stop(msg, code)
    job.git("add", "--all", "--", *(path for path in (LOG, EDITIONS) if (job.repository / path).is_dir()))
    if not job.git("diff", "--cached", "--name-only"):
        say("Log: nothing new, no commit.")
        return False
    job.git("commit", "--quiet", "--message", "Record a snapshot", **identity())
    rendered(job, job.git("rev-parse", "HEAD"))
    push(job, job.remote, f"HEAD:refs/heads/{branch}")
    say(f"Log: commit {job.git('rev-parse', '--short', 'HEAD')} on {branch}.")
    return True


def rendered(job: Job, head: str) -> int:
    """Return the exit code of rendering a commit, which the output folder then holds, verified.

    A log that renders to nothing is pushed all the same, for what it recorded; one whose site does not
    hold is not, because it would stand there for ever. Raise `Stop` for that.
    """
    if head in job.codes:
        return job.codes[head]
    job.codes.clear()
    _clear_summary(job)
    remembered = place_published(job)
    code = job.tool(job.render)
    if code in (DONE, PARTLY):
        found, table = job.told((*job.verify, job.output), pipe=subprocess.PIPE)
        say(table.rstrip())
        if remembered and (found != DONE or not _is_newest(job)):
            say("::warning::What was kept of the last build does not hold; everything is made again.")
            _forget(job)
            return rendered(job, head)
        if found == INCOMPLETE and table:  # without a table nothing was looked at
            say("::warning::Verification could not compare everything; what it compared holds. See above.")
        elif found != DONE:
            msg = f"verifying what was rendered ended with exit code {found}; nothing more was pushed"
            raise Stop(msg, found)
    job.codes[head] = code
    return code


def place_published(job: Job) -> bool:
    """Put the published site into the output folder if a cache may know it; tell whether a cache is used.

    Whoever wrote the cache could bind old pages with it, but no others than were published. Therefore only a
    site that verification finds whole, and of the newest run, is taken from it.
    """
    output = job.repository / job.output
    if not (job.repository / CACHE).is_dir():
        return False
    branch = f"refs/heads/{job.pages}"
    if not (output / "manifest.json").exists() and job.git("ls-remote", job.remote, branch):
        job.git("fetch", "--quiet", "--no-tags", job.remote, branch)
        with tempfile.TemporaryDirectory() as scratch:
            place = {"GIT_WORK_TREE": str(output), "GIT_INDEX_FILE": f"{scratch}/index"}
            job.git("read-tree", "FETCH_HEAD", **place)
            job.git("checkout-index", "--all", "--force", **place)
            (output / DOMAIN).unlink(missing_ok=True)  # the branch's, not the site's
    return True


def _is_newest(job: Job) -> bool:
    """Tell whether the rendered site shows the last run of the log; no where that is not plain."""
    last = max((job.repository / LOG).glob("runs/*.jsonl"), default=None)
    shown = read_json(job.repository / job.output / "manifest.json").get("snapshot")
    if last is None or not shown:
        return False
    line = last.read_text(encoding="utf-8").splitlines()[-1]
    return bool(json.loads(line).get("record", {}).get("snapshot") == shown)


def _forget(job: Job) -> None:
    for folder in (job.repository / CACHE, job.repository / job.output):
        shutil.rmtree(folder, ignore_errors=True)


def publish(job: Job, branch: str) -> bool:
    """Render from the default branch's head and publish; tell whether the site changed. One try.

    The lease is taken before the head: whoever published in between has a
    newer or equal log, and our push is rejected instead of replacing theirs.
    """
    lease = job.git("ls-remote", job.remote, f"refs/heads/{job.pages}").split("\t")[0]
    head = take_remote(job, branch)
    code = rendered(job, head)
    if code not in (DONE, PARTLY):
        msg = f"rendering ended with exit code {code}; nothing was published"
        raise Stop(msg, code)
    if code == PARTLY:
        say("::warning::The report is published with something stale or missing; see the summary.")
    if setting(job, "publish", "mode") == "artifact":
        say("Site: rendered for an artifact of Pages; no branch has it.")
        return False
    commit = site_commit(job, domain_of(job, lease))
    if commit == lease:
        say(f"Site: {job.pages} shows this already.")
        return False
    push(
        job,
        f"--force-with-lease=refs/heads/{job.pages}:{lease}",
        job.remote,
        f"{commit}:refs/heads/{job.pages}",
    )
    say(f"Site: {job.pages} is now {commit[:12]}, rendered from {head[:12]}.")
    return True


def _clear_summary(job: Job) -> None:
    if summary := job.environment.get("GITHUB_STEP_SUMMARY"):
        Path(summary).write_text("")  # a try that was rejected leaves no table behind


def retry(job: Job, step: Callable[[Job, str], bool], branch: str) -> bool:
    """Try a step until no other runner is quicker."""
    refused = ""
    for attempt in range(1, job.tries + 1):
        try:
            return step(job, branch)
        except Rejected as error:
            refused = str(error)
            say(f"Try {attempt}: {refused}; starting again from {job.remote}.")
            time.sleep(random.uniform(0, job.pause_s * attempt))  # noqa: S311 -- only to part two runners
    msg = f"{job.remote} rejected {job.tries} pushes ({refused}); the next run begins again"
    raise Stop(msg)


def look(job: Job, *, published: bool) -> bool:
    """Ask what readers see, and for what is missing; tell whether an artifact has to be deployed.

    Asked on every run until the published manifest is ours: a refusal is told in each, and never stops a run.
    """
    artifact = setting(job, "publish", "mode") == "artifact"
    if not job.environment.get("GITHUB_TOKEN") or not job.environment.get("GITHUB_REPOSITORY"):
        return artifact
    pages = pages_state.look(job)
    domain = setting(job, "site", "domain")
    told = list(pages_state.problems(job, pages, artifact=artifact, domain=domain))
    ours = sha256((job.repository / job.output / "manifest.json").read_bytes()).hexdigest()
    differs = pages.shown != ours
    wanted = pages.is_on and differs and pages.of_workflow is not (not artifact)
    if wanted and not artifact:
        say(f"Pages: {pages_state.ask_for_build(job)}.")
    if differs and not published and not told and not artifact:
        what = "another report than this one" if pages.shown else "no report that can be read"
        told.append(
            f"Pages shows {what}, though {job.pages} had it before this run; a build is asked for again"
        )
    for sentence in told:
        annotate("warning", sentence)
    tell(job, "Readers may not see this report", told)
    return artifact and wanted


def tell(job: Job, title: str, sentences: list[str]) -> None:
    """Put sentences before what the job's summary says already."""
    if sentences and (name := job.environment.get("GITHUB_STEP_SUMMARY")):
        summary = Path(name)
        said = summary.read_text(encoding="utf-8") if summary.exists() else ""
        rows = "".join(f"- {sentence}\n" for sentence in sentences)
        summary.write_text(f"## {title}\n\n{rows}\n{said}", encoding="utf-8")


def main(job: Job) -> int:
    """Record, publish, look, and say in the job's outputs what changed and what has to be deployed."""
    try:
        branch = job.branch or default_branch(job)
        check_clean(job, branch)
        recorded = retry(job, record, branch) if job.batch else False
        published = retry(job, publish, branch)
        artifact = look(job, published=published)
    except Stop as stop:
        annotate("error", str(stop))
        tell(job, "Nothing more was published", [f"{stop}", "What was published before stays as it is."])
        return stop.code
    if outputs := job.environment.get("GITHUB_OUTPUT"):
        found = {"recorded": recorded, "published": published, "artifact": artifact}
        with Path(outputs).open("a") as file:
            file.writelines(f"{name}={str(value).lower()}\n" for name, value in found.items())
    return DONE


def parse(words: list[str], environment: Mapping[str, str]) -> Job:
    """Read the command line and the workflow's inputs (MODE, STRICT, ACCEPT_DROP)."""
    parser = argparse.ArgumentParser(description="Append, render and publish.")
    parser.add_argument(
        "batch", type=Path, help="what `sunlit snapshot --batch` wrote; not read if MODE=render"
    )
    parser.add_argument("--append", help="command that takes the batch; default: sunlit append")
    parser.add_argument(
        "--render", help="command that writes the output folder; default: sunlit build --offline"
    )
    parser.add_argument("--freeze", help="command that makes editions; default: sunlit edition")
    parser.add_argument("--verify", help="command that takes that folder; default: sunlit verify")
    parser.add_argument("--branch", default="", help="default: the remote's default branch")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds, at most, before the second try")
    given = parser.parse_args(words)
    sunlit = str(Path(sys.executable).with_name("sunlit"))
    return Job(
        repository=Path.cwd(),
        batch=None if environment.get("MODE") == "render" else given.batch.resolve(),
        append=tuple(shlex.split(given.append)) if given.append else (sunlit, *appending(environment)),
        render=tuple(shlex.split(given.render)) if given.render else (sunlit, *rendering(environment)),
        verify=tuple(shlex.split(given.verify)) if given.verify else (sunlit, "verify", "--repository", "."),
        freeze=tuple(shlex.split(given.freeze)) if given.freeze else (sunlit, "edition"),
        branch=given.branch,
        pause_s=given.pause,
        environment=environment,
    )


def appending(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the words of the default append command; a drop is let pass by the person who runs the job."""
    yield "append"
    if drop := environment.get("ACCEPT_DROP"):
        name, _, reason = drop.partition(" ")
        yield from (f"--accept-drop={name}", f"--reason={reason}")


def rendering(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the words of the default render command."""
    yield from ("build", "--offline")
    if environment.get("STRICT") == "true":
        yield "--strict"
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        yield from ("--summary", summary)


if __name__ == "__main__":
    sys.exit(main(parse(sys.argv[1:], dict(os.environ))))
