"""Logging in to a relay (NIP-42): with a key it is read, otherwise it is told what the relay wants."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from generator.protocol.curve import public_xonly
from generator.protocol.nostr import Filter, sign
from generator.sandbox.relay import RELAY_PROFILES, ProfiledRelay, RelayProfile, serve_profile
from generator.sources.relays import Ending, RelayLimits, RelayReading, Relays, read_relay
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
KEY, STRANGER = bytes([5]) * 32, bytes([6]) * 32
EVENTS = [
    sign(bytes([9]) * 32, kind=3030, content=str(number), created_at=1_700_000_000 + number)
    for number in range(12)
]
PROJECTS = Filter(kinds=(3030,))
MEMBERS = ("strfry-members", "khatru-members", "nostream-members")
GREETING = replace(RELAY_PROFILES["nostream-members"], greets_with_auth=True)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


async def read(
    profile: RelayProfile, secret: bytes | None, wanted: Sequence[Filter] = (PROJECTS, PROJECTS)
) -> tuple[ProfiledRelay, RelayReading]:
    members = frozenset({public_xonly(KEY).hex()})
    async with serve_profile(ProfiledRelay(events=EVENTS, profile=profile, members=members)) as relay:
        return relay, await read_relay(relay.url, wanted, RelayLimits(), secret=secret)


@pytest.mark.parametrize("profile", [*(RELAY_PROFILES[name] for name in MEMBERS), GREETING])
async def test_a_member_is_read_to_the_end_with_one_login(profile: RelayProfile) -> None:
    relay, reading = await read(profile, KEY)
    assert (reading.outcome, len(reading.events)) == ("complete", len(EVENTS))
    assert (len(relay.logins), relay.connections) == (1, 1)


@pytest.mark.parametrize("profile", [*(RELAY_PROFILES[name] for name in MEMBERS), GREETING])
async def test_without_a_key_nobody_logs_in_and_the_reason_is_told(profile: RelayProfile) -> None:
    relay, reading = await read(profile, None)
    assert reading.ending is Ending.CLOSED
    assert "auth-required: members only" in reading.outcome
    assert relay.logins == []


@pytest.mark.parametrize(("secret", "outcome"), [(KEY, "complete"), (None, "closed")])
async def test_a_login_for_some_kinds_alone_costs_the_others_nothing(
    secret: bytes | None, outcome: str
) -> None:
    profile = replace(RELAY_PROFILES["strfry-members"], private_kinds=(5,))
    relay, reading = await read(profile, secret, (Filter(kinds=(5,)), PROJECTS))
    assert (reading.ending, len(reading.events)) == (outcome, len(EVENTS))
    assert len(relay.logins) == (secret is not None)


@pytest.mark.parametrize("name", MEMBERS)
async def test_a_login_that_is_refused_is_told_with_the_relays_words(name: str) -> None:
    relay, reading = await read(RELAY_PROFILES[name], STRANGER)
    assert (reading.ending, len(relay.logins)) == (Ending.CLOSED, 1)
    assert "it refused our login: “restricted: not a member”" in reading.outcome


async def test_a_relay_that_greets_strangers_and_serves_them_is_read_all_the_same() -> None:
    for secret in (None, STRANGER, KEY):
        _, reading = await read(RELAY_PROFILES["js-nostr-relay"], secret)
        assert (reading.outcome, len(reading.events)) == ("complete", len(EVENTS))


async def test_a_relay_that_never_judges_the_login_is_closed_with_its_own_words() -> None:
    silent = replace(RELAY_PROFILES["strfry-members"], judges_logins=False)
    _, reading = await read(silent, KEY)
    assert reading.outcome == "closed (ERROR: auth-required: members only)"


async def test_the_login_names_the_relay_and_its_challenge_and_shows_no_key() -> None:
    members = frozenset({public_xonly(KEY).hex()})
    profile = RELAY_PROFILES["strfry-members"]
    async with serve_profile(ProfiledRelay(events=EVENTS, profile=profile, members=members)) as relay:
        relays = Relays(urls=[relay.url], secret=KEY)
        assert (await relays.read([PROJECTS])).keys() == {event.id for event in EVENTS}
    (login,) = relay.logins
    assert (login.kind, login.content, login.problem) == (22242, "", None)
    assert login.tags == (("relay", relay.url), ("challenge", "challenge-of-the-sandbox"))
    assert KEY.hex() not in repr(relays)
