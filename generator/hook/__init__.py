"""An optional receiver of BTCPay's webhooks: money arrived, so a rebuild is asked for.

Polling stays the truth: BTCPay keeps its retries in memory, so deliveries are hints.
"""

from generator.hook.delivery import Delivery, parse, signed
from generator.hook.dispatch import Dispatcher, NotDispatched
from generator.hook.receiver import Receiver, application
from generator.hook.repetition import Repetition
from generator.hook.trigger import Trigger
