"""Which repository is meant, and by which token: as a job on GitHub is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import NoRepository

TOKEN_ENV = "GITHUB_TOKEN"  # noqa: S105 -- the name of a variable
REPOSITORY_ENV = "GITHUB_REPOSITORY"
API = "https://api.github.com"
SERVER = "https://github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A repository on GitHub, or on a server of that kind."""

    repository: str  #: owner/name
    token: str = field(default="", repr=False)  #: empty for none
    api: str = API
    server: str = SERVER

    @property
    def url(self) -> str:
        """Address of the repository's pages."""
        return f"{self.server}/{self.repository}"


def access_of(environment: Mapping[str, str], repository: str = "") -> Access:
    """Return what the variables of a job say; raise `NoRepository` where none names a repository."""
    found = repository or environment.get(REPOSITORY_ENV, "")
    if found.count("/") != 1 or not all(found.split("/")):
        message = (
            "which repository is meant is not known: git has no `origin` on GitHub in this folder yet. Give "
            f"--repository owner/name, or set {REPOSITORY_ENV}, as GitHub does in a job"
        )
        raise NoRepository(message)
    return Access(
        repository=found,
        token=environment.get(TOKEN_ENV, ""),
        api=environment.get("GITHUB_API_URL") or API,
        server=environment.get("GITHUB_SERVER_URL") or SERVER,
    )
