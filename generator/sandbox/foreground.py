"""A world served in the foreground, and what its reader is told: `sunlit sandbox`."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path

from generator.sandbox.btcpay import Version
from generator.sandbox.world import World


def run_sandbox(  # noqa: PLR0913 -- one argument for each option of the command
    say: Callable[[str], None],
    *,
    seed: int = 1,
    projects: int = 0,
    invoices: int = 160,
    btcpay: str = Version.CURRENT,
    profiles: tuple[str, ...] = (),
    latency_scale: float = 0.0,
    truth: Path | None = None,
    clock: Callable[[], int] | None = None,
    until: threading.Event | None = None,
) -> None:
    """Serve a world in the foreground and say how to read it, until interrupted or `until` is set.

    `clock` is of whoever will read it: the truth is told as of its day.
    """
    chosen = Version(btcpay)
    now = None if clock is None else datetime.fromtimestamp(clock(), UTC)
    made = World(
        seed=seed,
        projects=projects,
        invoices=invoices,
        version=chosen,
        profiles=profiles,
        latency_scale=latency_scale,
        clock=clock,
    )
    with made as world:
        for line in introduction(world):
            say(line)
        if truth is not None:
            told = world.truth if now is None else world.truth_at(now)
            told.write(truth)
            say(f"# {len(told.figures())} true figures of {told.now:%Y-%m-%d}: {truth}")
        (until or threading.Event()).wait()


def introduction(world: World) -> list[str]:
    """Return what a reader of this world needs, as lines: comments, and a config.yaml below them."""
    addresses, keys = world.addresses, world.town
    return [
        f"# A world of seed {world.seed}; in it, it is {world.now:%Y-%m-%d %H:%M} UTC. End it with Ctrl-C.",
        "# Its money moved until that day. A report that you make of it says two dates: that day where money",
        '# moved last, and behind "As of" the day on which you made it, by the clock of your machine.',
        f"# BTCPay server  {addresses.btcpay}",
        *_introduced("indexer", addresses.indexers, world.indexer_names),
        *_introduced("relay", addresses.relays[:-1], world.relay_names),
        f"# relay (lies)   {addresses.relays[-1]}",
        f"# pictures       {addresses.pictures}",
        "#",
        "# Secrets, for the shell that runs sunlit:",
        *(f"#   export {name}='{value}'" for name, value in world.env().items()),
        f"# A key that may read invoices only: {keys.narrow.text}",
        f"# A key that may do too much:        {keys.careless.text}",
        "#",
        "# Somebody pays 5 EUR, two seconds after:",
        f"#   curl -H 'Authorization: token {keys.careless.text}' \\",
        '#     -d \'{"amount":"5","currency":"EUR"}\' \\',
        f"#     {addresses.btcpay}/api/v1/stores/{keys.stores[0]}/invoices",
        "#",
        "# Save these lines as config.yaml:",
        *world.config_text().splitlines(),
    ]


def _introduced(what: str, urls: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return a line for each server with the profile that it plays."""
    played = zip_longest(urls, names, fillvalue="")
    return [f"# {what:<14} {url}" + (f" as {name}" if name else "") for url, name in played]
