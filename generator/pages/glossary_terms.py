"""The words of this report, each in one sentence."""

from typing import Final

import msgspec

from generator.sentence import Sentence, say
from generator.wording import AT_LEAST


class GlossaryTerm(msgspec.Struct, frozen=True):
    """One word, or two that belong together."""

    id: str  #: its anchor, which stays
    word: Sentence
    forms: Sentence  #: as it stands in texts, each form it has there, with ``|`` between them
    meaning: Sentence


TERMS: Final = (
    GlossaryTerm(
        "sat",
        say("sat, BTC"),
        say("sats|sat|satoshis|satoshi|BTC"),
        say("The smallest unit of bitcoin; a hundred million of them are one BTC."),
    ),
    GlossaryTerm(
        "btcpay",
        say("BTCPay"),
        say("BTCPay"),
        say("Free software that a project runs to take bitcoin payments. Only its owner sees the invoices."),
    ),
    GlossaryTerm(
        "angor",
        say("Angor"),
        say("Angor"),
        say(
            "A way to invest in projects with bitcoin. The money stays locked on chain and opens to "
            "the founder in stages."
        ),
    ),
    GlossaryTerm(
        "stage",
        say("stage, opening"),
        say("stages|stage"),
        say(
            "A part of an investment and the day from which the founder may take it. Until it is taken, the "
            "investor may leave."
        ),
    ),
    GlossaryTerm(
        "claim",
        say("claim"),
        say("claims|claim|claimed"),
        say("The founder takes a stage after its opening. The money is then “with the founder”."),
    ),
    GlossaryTerm(
        "penalty",
        say("penalty"),
        say("penalty|penalties"),
        say(
            "Who leaves early waits: the coins are locked for the days the project set, then come "
            "back in full."
        ),
    ),
    GlossaryTerm(
        "relay",
        say("relay"),
        say("relays|relay"),
        say("A server that keeps the signed announcements of Angor projects. This report asks several."),
    ),
    GlossaryTerm(
        "indexer",
        say("indexer"),
        say("indexers|indexer"),
        say("A server that looks up Bitcoin transactions. This report asks two and compares them."),
    ),
    GlossaryTerm(
        "proven",
        say("proven"),
        say("proven"),
        say("Derived again from signed events, transactions and block headers. No server can forge it."),
    ),
    GlossaryTerm(
        "reported",
        say("reported"),
        say("reported"),
        say("A server we asked says so. It may be right; nobody outside can check."),
    ),
    GlossaryTerm(
        "confirmed",
        say("confirmed, pending"),
        say("confirmed|pending"),
        say("Confirmed: deep enough in the chain, or settled. Pending: not yet, and in no sum."),
    ),
    GlossaryTerm(
        "receipt",
        say("at receipt, today"),
        say("at receipt|when they arrived"),
        say("Value at the rate of the day the sats came; value at the last recorded rate."),
    ),
    GlossaryTerm(
        "raised",
        say("raised"),
        say("raised"),
        say("All confirmed payments and investments, before anything went back."),
    ),
    GlossaryTerm("locked", say("locked"), say("locked"), say("In stages that nobody has taken yet.")),
    GlossaryTerm(
        "with-founder",
        say("with the founder"),
        say("with the founder|with founders|reached the founder"),
        say("Payments received and stages claimed, less refunds."),
    ),
    GlossaryTerm(
        "returned",
        say("returned"),
        say("returned|went back"),
        say("Refunds, recoveries and coins back after a penalty."),
    ),
    GlossaryTerm(
        "least",
        say("{sign}, at least", sign=AT_LEAST.strip()),
        say("≥|at least"),
        say("A part could not be read, so the true number is this or higher."),
    ),
    GlossaryTerm(
        "snapshot",
        say("snapshot"),
        say("snapshots|snapshot"),
        say(
            "What this report had read at one moment, named by its hash. The same snapshot gives "
            "the same pages."
        ),
    ),
    GlossaryTerm(
        "declared",
        say("self-declared"),
        say("self-declared|declared|declarations|declaration"),
        say(
            "Told by the project alone, such as an invoice marked as paid by hand. Nobody saw the money; it "
            "is in no sum."
        ),
    ),
    GlossaryTerm(
        "recovery",
        say("recovery"),
        say("recovery|recoveries|recovered"),
        say("The investor takes coins back that the founder has not claimed, at once or after a penalty."),
    ),
    GlossaryTerm(
        "edition",
        say("edition"),
        say("editions|edition"),
        say("A month of this report, frozen in one file: it can be cited, for its hash never changes."),
    ),
)
