"""The receiver of a site's webhooks: what was delivered is remembered, and a rebuild asked for."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from generator.cli.site_folder import SiteFolder
from generator.cli.terminal import Terminal
from generator.config import HookConfig
from generator.hook import Delivery, NotDispatched, Receiver, Trigger
from generator.store.delivery_memory import DELIVERIES, OWED, DeliveryMemory, OwedRebuild, TakenDelivery


def receiver_of(
    site: SiteFolder,
    hook: HookConfig,
    secret: str,
    dispatch: Callable[..., Awaitable[None]],
    terminal: Terminal,
) -> Receiver:
    """Return the receiver of a site, which says what it did."""
    owed = OwedRebuild(site.root / OWED)
    overdue = owed.is_owed
    memory = _Memory(
        server=hook.server, deliveries=DeliveryMemory(site.root / DELIVERIES), owed=owed, terminal=terminal
    )
    server = site.config.sources.btcpay_server(hook.server)
    return Receiver(
        secret=secret.encode(),
        stores=frozenset(server.stores),
        remember=memory.remember,
        trigger=Trigger(dispatch=lambda: memory.ask(dispatch), debounce_s=hook.debounce_s),
        now=time.monotonic,
        say=terminal.warn,
        overdue=overdue,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """Which deliveries came, and whether a rebuild is still owed for one."""

    server: str
    deliveries: DeliveryMemory
    owed: OwedRebuild
    terminal: Terminal

    def remember(self, delivery: Delivery) -> bool:
        """Keep a delivery; tell whether it is new."""
        kept = TakenDelivery(id=delivery.id, type=delivery.type, server=self.server, at=delivery.at)
        if kept in self.deliveries:
            return False
        # before it is remembered: a crash between the two is mended by its redelivery
        self.owed.owe(full=not delivery.store)
        return self.deliveries.remember(kept)

    async def ask(self, dispatch: Callable[..., Awaitable[None]]) -> None:
        """Ask for a rebuild, after a delivery that cannot be read a full one; what fails stays owed."""
        begun = self.owed.begin()
        try:
            await dispatch(full=self.owed.is_full)
        except NotDispatched as error:
            self.terminal.error(str(error))
        except OSError as error:
            self.terminal.error(f"a rebuild could not be started here ({error}); the schedule rebuilds")
        else:
            self.owed.done(begun)
            self.terminal.log("A rebuild was asked for.")
