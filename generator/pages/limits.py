"""What nobody can tell from a published site alone: the known limits of verification.

The page lists them; the tests forge each of them and assert that it goes undetected,
so that the list can neither promise too much nor forget one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One kind of forgery that a site alone does not give away."""

    id: str
    text: str  #: what a forger can do, and what still helps


LIMITS = (
    Limit(
        id="btcpay-rows",
        text="A BTCPay row that was left out, changed or invented by whoever publishes the site. Nobody "
        "outside sees the invoices of a server; only its owner can compare.",
    ),
    Limit(
        id="left-out",
        text="Money on chain, or a whole project, that was left out with all of its evidence. What is "
        "shown is genuine; whether it is all of it only the chain itself tells: compare with an "
        "indexer of your own.",
    ),
    Limit(
        id="taken-back",
        text="A row that a later line of the log took back, for example because its block was reorganised. "
        "The command lists such rows; whether the reason is true only the chain itself tells.",
    ),
    Limit(
        id="rates",
        text="Exchange rates. They are what the named provider said; compare with another one.",
    ),
    Limit(
        id="run-record",
        text="When somebody looked, and whether a source answered then. A run record is the word of "
        "whoever publishes; an earlier copy of the log shows whether it was rewritten.",
    ),
    Limit(
        id="own-words",
        text="What the maintainers say themselves: titles and goals set in the configuration, pages of "
        "their own.",
    ),
    Limit(
        id="test-chain",
        text="Blocks of a test network cost nothing, so a forger can make them. On the main network of "
        "Bitcoin a header counts only with a difficulty of at least 10¹³.",
    ),
    Limit(
        id="another-version",
        text="The shape of charts and the words between numbers, when another version of Sunlit or other "
        "templates made the site. The command says so; the numbers are compared all the same.",
    ),
)
