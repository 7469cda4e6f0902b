"""A project as founder and investors know it: its keys, its events, the money locked in it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from generator.protocol.angor.project_identifier import NETWORKS, identifier_of, project_script
from generator.protocol.angor.stage_scripts import StageScripts
from generator.protocol.angor.terms import Terms
from generator.protocol.curve import public_key
from generator.protocol.nostr import Event, sign
from generator.sandbox.chain.draft import Draft, content_of
from generator.sandbox.chain.identity import Identity
from generator.sandbox.chain.wallet import Coin

NETWORK: Final = "regtest"
DEFINITION: Final = 3030
PROFILE: Final = 0
APP_DATA: Final = 30078
_DESCRIPTION: Final = "angor:project"


@dataclass(slots=True, kw_only=True)
class Locked:
    """One stage output and what the parties know about it."""

    project: "Project"
    coin: Coin
    scripts: StageScripts
    investor_key: str
    stage: int  #: counted from 1
    amount_sat: int
    opens_at: datetime
    expires_at: datetime  #: from when the investor may take it back alone
    spent: bool = False


@dataclass(slots=True, kw_only=True)
class Project:
    """Everything said and locked so far; founder, investors and strangers share it."""

    draft: Draft
    founder: Identity
    leads: tuple[Identity, ...] = ()  #: whose secrets the terms name
    identifier: str = field(init=False)  #: ``angor1q...``
    terms: Terms = field(init=False)
    event: Event = field(init=False)
    locked: list[Locked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identifier = identifier_of(self.founder.founder_key, NETWORK)
        content = self._content(self.draft)
        self.terms = Terms.parse(content)
        self.event = self.say(DEFINITION, content, self._drafted_at, *self._tags())

    @property
    def script(self) -> bytes:
        """The output script of the address that receives the fees."""
        return project_script(self.identifier)

    def say(self, kind: int, content: str, at: datetime, *tags: list[str]) -> Event:
        """Return an event signed by the founder."""
        return sign(
            self.founder.nostr_secret, kind=kind, content=content, created_at=int(at.timestamp()), tags=tags
        )

    def profile(self, at: datetime, *, title: str = "") -> Event:
        """Return the founder's profile as of a time."""
        words = {
            "name": title or self.draft.title,
            "display_name": title or self.draft.title,
            "about": self.draft.about,
            "website": f"https://{self.draft.slug}.example",
            **({"banner": self.draft.picture} if self.draft.picture else {}),
        }
        return self.say(PROFILE, msgspec.json.encode(words).decode(), at)

    def events(self) -> list[Event]:
        """Return what the founder publishes: terms, a corrected profile, a description, second thoughts."""
        drafted_at = self._drafted_at
        published = [
            self.event,
            self.profile(drafted_at, title=f"{self.draft.title} (draft)"),
            self.profile(drafted_at + timedelta(days=2)),
            self.say(APP_DATA, self.draft.description, drafted_at, ["d", _DESCRIPTION]),
        ]
        if self.draft.second_thoughts_sat is not None:
            content = self._content(replace(self.draft, target_sat=self.draft.second_thoughts_sat))
            published.append(self.say(DEFINITION, content, drafted_at + timedelta(days=30), *self._tags()))
        return published

    def _content(self, draft: Draft) -> str:
        return content_of(
            draft,
            keys={
                "founderKey": self.founder.founder_key,
                "founderRecoveryKey": public_key(self.founder.recovery_secret).hex(),
                "projectIdentifier": self.identifier,
                "nostrPubKey": self.founder.nostr_pubkey,
            },
            network_name=NETWORKS[NETWORK].project_name,
            secret_hashes=tuple(lead.lead_hash(self.founder.founder_key) for lead in self.leads),
        )

    @property
    def _drafted_at(self) -> datetime:
        return self.draft.starts_at - timedelta(days=1)

    def _tags(self) -> list[list[str]]:
        return [["d", self.identifier]] if self.draft.tagged else []
