"""What stops a job on GitHub: rules of branches, secrets without a name, actions that may not run."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.github_finding import finding
from generator.doctor.github_pages import BRANCH

#: What a question is answered with.
Answer = TypeVar("Answer")
#: Rules that refuse a push, and in words what they want.
_REFUSING: Final = {
    "pull_request": "wants pull requests",
    "required_status_checks": "wants checks to pass before a push",
    "required_signatures": "wants signed commits",
    "required_deployments": "wants a deployment before a push",
    "update": "forbids pushes",
    "creation": "forbids making it",
    "merge_queue": "wants a merge queue",
    "code_scanning": "wants a scan before a push",
    "workflows": "wants workflows to pass before a push",
}
#: What publishing one commit that replaces the last one needs besides.
_REPLACING: Final = {"non_fast_forward": "forbids force-pushes"}


class BranchRule(msgspec.Struct, frozen=True):
    """One rule that applies to a branch."""

    type: str


class BranchState(msgspec.Struct, frozen=True):
    """What ``GET /branches/NAME`` answers."""

    protected: bool = False


class ActionsPermissions(msgspec.Struct, frozen=True):
    """What ``GET /actions/permissions`` answers."""

    enabled: bool
    allowed_actions: str = "all"
    sha_pinning_required: bool = False


class SecretName(msgspec.Struct, frozen=True):
    """A secret, of which nobody reads more than the name."""

    name: str


class SecretNames(msgspec.Struct, frozen=True):
    """What a list of secrets answers."""

    secrets: list[SecretName] = []


def judge_branch(branch: str, rules: Iterable[BranchRule], state: BranchState | None, link: str) -> Diagnosis:
    """Hold the rules of a branch against what the publish job pushes to it."""
    refusing = _REFUSING | (_REPLACING if branch == BRANCH else {})
    why = [said for rule in rules if (said := refusing.get(rule.type))]
    fix = "Let a deploy key pass, as docs/publishing.md says under A protected branch"
    if why:
        return finding("branch", Level.ERROR, f"branch {branch}", f"a rule {', '.join(why)}", fix, link)
    if state is not None and state.protected:
        observed = "it is protected, in a way that only an administrator may read"
        return finding("branch", Level.WARNING, f"branch {branch}", observed, fix, link)
    return finding("branch", Level.OK, f"branch {branch}", "no rule refuses a push to it")


def judge_actions(found: ActionsPermissions, link: str) -> Iterator[Diagnosis]:
    """Say whether a workflow may run here, with the actions that ours uses."""
    if not found.enabled:
        fix = "Choose Allow all actions and reusable workflows"
        yield finding("actions", Level.ERROR, "Actions", "they are switched off", fix, link)
    elif found.allowed_actions == "local_only":
        fix = "Allow actions of GitHub and the workflow of Sunlit, by name"
        yield finding("actions", Level.ERROR, "Actions", "only this owner's own may run", fix, link)
    elif found.allowed_actions == "selected":
        fix = "See that actions of GitHub and the workflow of Sunlit are among them"
        yield finding("actions", Level.WARNING, "Actions", "only selected ones may run", fix, link)
    else:
        yield finding("actions", Level.OK, "Actions", "they may run")


def judge_secrets(wanted: Iterable[str], found: set[str], link: str) -> Iterator[Diagnosis]:
    """Hold the names of secrets against the variables of the configuration; values are seen by nobody."""
    for name in sorted(set(wanted)):
        if name in found:
            yield finding("secret", Level.OK, f"secret {name}", "it is set")
        else:
            observed = "config.yaml names it, and neither the repository nor its environment funding has it"
            fix = "Add it, or correct the name; one of your organisation is not seen here"
            yield finding("secret", Level.ERROR, f"secret {name}", observed, fix, link)
