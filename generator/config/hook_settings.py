"""The receiver of webhooks in `config.yaml`."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from generator.config.value_types import EnvName, HttpUrl, Model, Slug


class HookConfig(Model):
    """What `sunlit hook serve` listens to and asks for."""

    server: Slug
    """Id of the BTCPay server in sources.btcpay whose webhook it is."""
    secret_env: EnvName
    """Name of the environment variable that holds the webhook's secret."""
    url: HttpUrl | None = None
    """Public address of the receiver, to which BTCPay delivers."""
    action: Literal["workflow_dispatch", "repository_dispatch", "build"] = "workflow_dispatch"
    """What to ask for: a run of the workflow, an event for the repository, or a build on this machine."""
    repository: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")] | None = None
    """GitHub repository, owner/name."""
    workflow: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+\.ya?ml$")] = "publish.yml"
    """Workflow to start."""
    ref: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "main"
    """Branch it runs on."""
    token_env: EnvName | None = None
    """Name of the environment variable with a token for this repository alone, with Actions: write."""
    debounce_s: Annotated[int, Field(ge=1, le=3600)] = 120
    """Seconds between two rebuilds; what comes meanwhile gives one."""
    api: HttpUrl = "https://api.github.com"
    """Address of GitHub's API."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.action != "build" and not (self.repository and self.token_env):
            msg = f"{self.action} needs repository and token_env"
            raise ValueError(msg)
        return self
