"""The question behind each check, and how it is answered."""

from typing import Final

from generator.sentence import Text, say

#: The question behind each check and how it is answered, in the order in which they build on each other.
QUESTIONS: Final[dict[str, tuple[Text, Text]]] = {
    "event-id": (say("The event has the id that the founding names"), say("id recomputed from its content")),
    "event-signature": (say("The event is what its author signed"), say("BIP-340 signature")),
    "event-author": (say("The author is the key that the terms name"), ""),
    "profile": (say("The founder's newest profile can be read"), ""),
    "definition-standing": (say("The author has not asked relays to delete the event"), "NIP-09"),
    "moderation": (
        say("The lists of the chosen moderators let it be shown"),
        say("Nostr kinds 30000 and 10001"),
    ),
    "founder-key-address": (
        say("The founder's key leads to the project's identifier and address"),
        say("key derivation"),
    ),
    "founding-commitment": (
        say("The founding transaction commits to this key and this event"),
        say("OP_RETURN read by position"),
    ),
    "single-founding": (say("Nobody founded the same project twice"), ""),
    "network-name": (say("The terms name the network that is read"), ""),
    "terms": (say("The terms are what the official client would accept"), ""),
    "window": (say("The investment came while investing was open"), ""),
    "after-founding": (say("The investment came after the founding"), ""),
    "investment-note": (
        say("What pays the project with a key in it says what an investment says"),
        "OP_RETURN",
    ),
    "stage-scripts": (
        say("Every stage output can be derived again from terms and investor key"),
        say("taproot scripts, amounts and dates; what does not match is listed and never summed"),
    ),
    "stage-amounts": (
        say("Fee and stages are the shares that the terms promise"),
        say("the fee within the total, or on top of it as before July 2025; nothing enforces it"),
    ),
    "spend-script": (say("The spend reveals a known script of its output"), say("leaf and control block")),
    "spend-witness": (
        say("The spend was signed for the script it reveals"),
        say("the script is run; ids and Merkle branches do not cover it"),
    ),
    "penalty-days": (say("The penalty lasts as long as the terms promise"), ""),
    "header-agreement": (
        say("Two indexers have the same block where money stands"),
        say("block hash at its height"),
    ),
    "server-clock": (say("Each server's clock is within two hours of ours"), say("the Date of its answers")),
    "inclusion": (
        say("The transaction is in a block with proof of work"),
        say("Merkle branch, header, coinbase"),
    ),
    "history": (
        say("The address's history was read to its end"),
        say("as many transactions as the indexer counts"),
    ),
    "witness": (say("A second indexer tells the same"), say("number of transactions of the address")),
    "app-found": (
        say("BTCPay still has the crowdfund"),
        say("else its texts and goal are the last it showed"),
    ),
    "app-known": (say("BTCPay has the crowdfund that is bound here"), say("else its id may be wrong")),
    "settings-read": (say("The crowdfund's settings could be read"), say("else they are those read last")),
    "records-readable": (
        say("Every invoice and payment could be read, with a day that has come"),
        say("else sums are at least so"),
    ),
    "claimed-once": (say("Each payment belongs to one project"), ""),
    "payment-shared": (say("Each payment belongs to one store"), ""),
    "unassigned": (
        say("Every payment of the store shows where it belongs"),
        say("search term and order page"),
    ),
    "named-in-text": (say("Text that a payer can write decides nothing"), ""),
    "attribution-moved": (say("Payments stay where they were counted"), say("by month of their invoices")),
    "rate-plausible": (
        say("An exchange rate is within ten times of its neighbours"),
        say("else it is not recorded"),
    ),
    "refunds-read": (say("Refunds could be read"), say("the key may see payouts")),
    "refunds-hidden": (
        say("Every closed refund was seen"),
        say("BTCPay shows no payouts of archived pull payments"),
    ),
    "payouts-unexplained": (say("Every payout has a purpose"), say("an invoice in its name, or purposes")),
    "payouts-unreadable": (say("Every payout has a state, an amount and a day"), ""),
    "payouts-ahead": (say("No payout is dated after the run that read it"), ""),
    "refunds-promised": (say("No refund waits for more than 30 days"), say("it may be paid by hand")),
    "refunds-by-order": (say("A shop's refund is tied by its order number"), say("with all else agreeing")),
    "refunds-other-coin": (
        say("A refund is in the coin that was paid"),
        say("other coins are in no sum of bitcoin"),
    ),
    "refunds-unproven": (say("A completed refund shows its transaction"), say("else it is the owner's word")),
    "accepted-drop": (say("The maintainer accepted that a sum fell, and said why"), ""),
    "rekeyed": (say("Rows of BTCPay got other ids, and no amount changed"), ""),
}
