"""A clone and its remote: git with the job's token, pushes that may be rejected."""  # noqa: INP001 -- a script beside publish.py, not a package

import base64
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import deploy_key

SETTINGS = {"core.autocrlf": "false", "core.fileMode": "false", "gc.auto": "0"}
#: What lets this job write; no command of ours gets it.
PENS = frozenset({"GITHUB_TOKEN", "DEPLOY_KEY"})
#: GitHub's words for a push that no second try helps, and who must act.
_REFUSED = {
    re.compile(r"GH006|GH013|protected branch|repository rule violations", re.IGNORECASE): (
        "the branch {branch} is protected, and this job may not push to it: give it a deploy key that may "
        "(docs/publishing.md, 'A protected branch'), or take {branch} out of the rule"
    ),
    re.compile(r"Permission to .* denied|returned error: 403|Write access to repository not granted"): (
        "GitHub does not let this job push: the job that calls this workflow needs `permissions:` with "
        "`contents: write`, and Settings → Actions → General must not forbid it"
    ),
    re.compile(r"GH001|exceeds GitHub's file size limit"): (
        "GitHub takes no file of over 100 MB: see which one its words name, and what writes it"
    ),
}


class Stop(Exception):
    """The job cannot go on; carries the exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Rejected(Exception):
    """The remote took another push first, or does not let us push."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to publish and where; commands are lists of words, run in `repository`."""

    repository: Path
    batch: Path | None
    append: tuple[str, ...]
    render: tuple[str, ...]
    verify: tuple[str, ...]
    freeze: tuple[str, ...] = ()  #: makes the editions that are due; empty: none are made
    remote: str = "origin"
    branch: str = ""  #: empty: the remote's default branch
    pages: str = "gh-pages"
    output: str = "output"
    tries: int = 5
    pause_s: float = 1.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: of rendering, by commit: that which the output folder holds
    codes: dict[str, int] = field(default_factory=dict)

    def git(self, *words: str, **environment: str) -> str:
        """Run git and return what it printed; raise `Stop` with its own words."""
        done = self.run("git", *words, **environment)
        if done.returncode:
            msg = f"git {words[0]} failed: {done.stderr.strip()}"
            raise Stop(msg)
        return done.stdout.strip()

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run git with the job's credentials."""
        env = {**self.environment, **_settings(self.environment), **environment}
        return subprocess.run(  # noqa: S603 -- our own words
            words, cwd=self.repository, env=env, capture_output=True, text=True, check=False
        )

    def tool(self, words: tuple[str, ...]) -> int:
        """Run one of our commands without credentials; its output is the job's log."""
        return self.told(words)[0]

    def told(self, words: tuple[str, ...], *, pipe: int | None = None) -> tuple[int, str]:
        """Run one of our commands without credentials; return its exit code, and with a pipe what it said."""
        env = {name: value for name, value in self.environment.items() if name not in PENS}
        done = subprocess.run(words, cwd=self.repository, env=env, stdout=pipe, text=True, check=False)  # noqa: S603 -- given by the workflow
        return done.returncode, done.stdout or ""


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return git settings, the token among them, as environment: no file and no command line holds it."""
    settings = dict(SETTINGS)
    if token := environment.get("GITHUB_TOKEN"):
        server = environment.get("GITHUB_SERVER_URL", "https://github.com")
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{server}/.extraheader"] = f"AUTHORIZATION: basic {basic}"
    found = {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_TERMINAL_PROMPT": "0"}
    for number, (name, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def default_branch(job: Job) -> str:
    """Return the branch that the remote's HEAD names."""
    told = job.git("ls-remote", "--symref", job.remote, "HEAD").split()
    if len(told) < 2 or told[0] != "ref:":  # noqa: PLR2004 -- "ref: refs/heads/main"
        msg = f"{job.remote} does not say which branch is its default; give --branch"
        raise Stop(msg)
    return told[1].removeprefix("refs/heads/")


def check_clean(job: Job, branch: str) -> None:
    """Refuse a clone whose work would be lost: the job takes the remote's files."""
    if changed := job.git("status", "--porcelain", "--untracked-files=no"):
        msg = f"the clone has uncommitted changes ({changed.splitlines()[0].strip()}); use a fresh clone"
        raise Stop(msg)
    job.git("fetch", "--quiet", "--no-tags", job.remote, f"refs/heads/{branch}")
    if job.run("git", "merge-base", "--is-ancestor", "HEAD", "FETCH_HEAD").returncode:
        msg = f"the clone has commits that {job.remote}/{branch} lacks; push them first, or use a fresh clone"
        raise Stop(msg)


def take_remote(job: Job, branch: str) -> str:
    """Check out the remote's head of the default branch; return its commit."""
    job.git("fetch", "--quiet", "--no-tags", job.remote, f"refs/heads/{branch}")
    job.git("reset", "--quiet", "--hard", "FETCH_HEAD")
    return job.git("rev-parse", "HEAD")


def push(job: Job, *words: str) -> None:
    """Push; raise `Rejected` when the remote's branch is not what we built on, else `Stop`."""
    try:
        with deploy_key.pushing(job.environment) as settings:
            given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            done = job.run("git", *given, "push", "--quiet", "--porcelain", *words)
    except deploy_key.NoHostKeys as error:
        raise Stop(str(error)) from error
    if not done.returncode:
        return
    branch = words[-1].rpartition("refs/heads/")[2]
    for told, sentence in _REFUSED.items():
        if told.search(done.stdout + done.stderr):
            raise Stop(sentence.format(branch=branch))
    refused = [line for line in done.stdout.splitlines() if line.startswith("!")]
    if refused:
        raise Rejected(refused[0].lstrip("!\t ").replace("\t", " "))
    msg = f"git push failed: {done.stderr.strip()}"
    raise Stop(msg)


def annotate(kind: str, text: str) -> None:
    """Show a text at the top of the run, an error or a warning; a line end in it begins no command."""
    say(f"::{kind}::" + text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def say(text: str) -> None:
    """Write a line of the job's log, in order with what commands write."""
    print(text, flush=True)  # noqa: T201 -- the job's log is stdout
