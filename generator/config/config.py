"""What `config.yaml` may say, as a frozen value; its JSON Schema comes from the same models.

Secrets are *names* of environment variables. Every field's description is what
an editor shows.
"""

from typing import Literal

from generator.config.hook_settings import HookConfig
from generator.config.privacy_settings import PrivacyConfig
from generator.config.project_settings import AngorConfig, ProjectConfig
from generator.config.site_settings import PublishConfig, QualityConfig, SiteConfig, UnitsConfig
from generator.config.source_settings import SourcesConfig
from generator.config.value_types import Model, Network


class Config(Model):
    """The whole of config.yaml."""

    version: Literal[1]
    """Version of this file's format."""
    site: SiteConfig
    """The published site."""
    network: Network
    """One network a site; figures of different networks are never summed."""
    units: UnitsConfig = UnitsConfig()
    """Units shown beside satoshis."""
    angor: AngorConfig = AngorConfig()
    """Which Angor projects."""
    sources: SourcesConfig
    """Where the numbers come from."""
    projects: tuple[ProjectConfig, ...] = ()
    """One page each."""
    privacy: PrivacyConfig = PrivacyConfig()
    """Privacy of BTCPay donors."""
    quality: QualityConfig = QualityConfig()
    """Staleness and failure."""
    publish: PublishConfig = PublishConfig()
    """Publishing."""
    hook: HookConfig | None = None
    """The optional receiver of BTCPay's webhooks, `sunlit hook serve`."""

    def slug_of(self, identifier: str) -> str:
        """Return the slug of an Angor project: the configured one, else its identifier."""
        for project in self.projects:
            if project.angor == identifier:
                return project.slug
        return identifier
