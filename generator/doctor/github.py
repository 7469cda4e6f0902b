"""How a repository on GitHub stands, as far as its token may look; what it may not is said, and left."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from generator.config import Config
from generator.config.secret_values import secret_names
from generator.doctor import github_rights as rights
from generator.doctor import github_schedule as schedule
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.github_finding import finding
from generator.doctor.github_pages import BRANCH, PagesState, judge_pages
from generator.errors import SourceError
from generator.github import GitHubApi, GitHubRefusal

#: The environment whose secrets go before those of the repository.
_ENVIRONMENT: Final = "funding"
_NO_PERMISSION, _NONE = frozenset({401, 403}), 404


class RepositoryState(msgspec.Struct, frozen=True):
    """What ``GET`` of a repository answers."""

    default_branch: str = "main"
    private: bool = False
    archived: bool = False
    has_issues: bool = True
    pushed_at: datetime | None = None


_REPOSITORY: Final = msgspec.json.Decoder(RepositoryState)
_PAGES: Final = msgspec.json.Decoder(PagesState)
_WORKFLOW: Final = msgspec.json.Decoder(schedule.WorkflowState)
_RUNS: Final = msgspec.json.Decoder(schedule.WorkflowRuns)
_RULES: Final = msgspec.json.Decoder(list[rights.BranchRule])
_BRANCH: Final = msgspec.json.Decoder(rights.BranchState)
_ACTIONS: Final = msgspec.json.Decoder(rights.ActionsPermissions)
_SECRETS: Final = msgspec.json.Decoder(rights.SecretNames)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to look at: what it is called, the right that it needs, and what asks."""

    subject: str
    right: str
    ask: Callable[[], Awaitable[list[Diagnosis]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubDoctor:
    """Looks at one repository."""

    api: GitHubApi
    config: Config
    at: datetime
    workflow: str = "publish.yml"  #: name of its file
    cron: Sequence[str] = ()  #: its schedule, as far as the file is here

    async def examine(self) -> AsyncIterator[Diagnosis]:
        """Yield what is found; without an answer about the repository itself nothing else is asked."""
        try:
            repository = await self.api.get("", _REPOSITORY, subject="the repository")
        except SourceError as error:
            fix = "Give a token in GITHUB_TOKEN that may read it, and see that GitHub is reached"
            yield finding("unreachable", Level.WARNING, "repository", _why(error), fix, self._page(""))
            return
        for found in self._of_repository(repository):
            yield found
        for question in self._questions(repository):
            try:
                answers = await question.ask()
            except SourceError as error:
                answers = [self._unseen(question, error)]
            for found in answers:
                yield found

    def _of_repository(self, repository: RepositoryState) -> Iterator[Diagnosis]:
        if repository.archived:
            observed, fix = "it is archived, so nothing can be pushed", "Unarchive it"
            yield finding("repository", Level.ERROR, "repository", observed, fix, self._page("/settings"))
        else:
            kind = "private: minutes of Actions are counted" if repository.private else "public"
            yield finding("repository", Level.OK, "repository", f"{kind}, with {repository.default_branch}")
        if self.config.alerts.issues and not repository.has_issues:
            observed, fix = "they are switched off, so no alert can be opened", "Tick Issues under Features"
            yield finding("issues", Level.WARNING, "issues", observed, fix, self._page("/settings"))

    def _questions(self, repository: RepositoryState) -> Iterator[Question]:
        async def workflow() -> list[Diagnosis]:
            return await self._workflow(repository)

        yield Question(subject="Pages", right="Pages: read", ask=self._pages)
        yield Question(subject=self.workflow, right="Actions: read", ask=workflow)
        yield Question(subject="schedule", right="Actions: read", ask=self._schedule)
        for branch in (repository.default_branch, BRANCH):
            yield self._branch_question(branch)
        yield Question(subject="Actions", right="Administration: read", ask=self._actions)
        yield Question(subject="secrets", right="Secrets: read", ask=self._secrets)

    def _branch_question(self, branch: str) -> Question:
        async def ask() -> list[Diagnosis]:
            rules = await self.api.get(f"/rules/branches/{branch}", _RULES, subject=f"rules of {branch}")
            state = await self._maybe(f"/branches/{branch}", _BRANCH, f"branch {branch}")
            return [rights.judge_branch(branch, rules, state, self._page("/settings/rules"))]

        return Question(subject=f"branch {branch}", right="Metadata: read", ask=ask)

    async def _pages(self) -> list[Diagnosis]:
        pages = await self._maybe("/pages", _PAGES, "Pages")
        return list(judge_pages(pages, self.config, self._page("/settings/pages")))

    async def _workflow(self, repository: RepositoryState) -> list[Diagnosis]:
        state = await self._maybe(f"/actions/workflows/{self.workflow}", _WORKFLOW, "the workflow")
        active = None if repository.private else repository.pushed_at  # private ones are never switched off
        return list(schedule.judge_workflow(state, self.workflow, active, self.at, self._runs_page))

    async def _schedule(self) -> list[Diagnosis]:
        path = f"/actions/workflows/{self.workflow}/runs"
        try:
            found = await self.api.get(path, _RUNS, subject="scheduled runs", event="schedule", per_page=20)
        except GitHubRefusal as refusal:
            if refusal.status == _NONE:
                return []  # told of the workflow already
            raise
        runs = [run.run_started_at for run in found.workflow_runs if run.run_started_at]
        return [schedule.judge_schedule(runs, self.cron, self.at, "schedule", self._runs_page)]

    async def _actions(self) -> list[Diagnosis]:
        found = await self.api.get("/actions/permissions", _ACTIONS, subject="rights of Actions")
        return list(rights.judge_actions(found, self._page("/settings/actions")))

    async def _secrets(self) -> list[Diagnosis]:
        path = f"/environments/{_ENVIRONMENT}/secrets"
        own = await self.api.get("/actions/secrets", _SECRETS, subject="names of secrets", per_page=100)
        more = await self._maybe(path, _SECRETS, "names of secrets of the environment")
        names = {secret.name for found in (own, more) if found is not None for secret in found.secrets}
        page = self._page("/settings/secrets/actions")
        return list(rights.judge_secrets(secret_names(self.config), names, page))

    async def _maybe(
        self, path: str, decoder: "msgspec.json.Decoder[rights.Answer]", subject: str
    ) -> "rights.Answer | None":
        """Return what stands at a path, None where nothing does."""
        try:
            return await self.api.get(path, decoder, subject=subject)
        except GitHubRefusal as refusal:
            if refusal.status == _NONE:
                return None
            raise

    def _unseen(self, question: Question, error: SourceError) -> Diagnosis:
        fix = "Ask again later"
        if isinstance(error, GitHubRefusal) and error.status in _NO_PERMISSION:
            fix = f"Give a token of yours in GITHUB_TOKEN that may look, with {question.right}"
        observed = f"it could not be looked at ({_why(error)})"
        return finding("not-seen", Level.WARNING, question.subject, observed, fix, self._page(""))

    @property
    def _runs_page(self) -> str:
        return self._page(f"/actions/workflows/{self.workflow}")

    def _page(self, path: str) -> str:
        return f"{self.api.access.url}{path}"


def _why(error: SourceError) -> str:
    return error.message.partition("; the next run")[0]
