"""One sentence on what the sums of a project rest on: public data, or somebody's word."""

from decimal import Decimal

from generator.pages.state_marks import StateMark, evidence
from generator.places import ANGOR
from generator.report import Figure, ProjectReport
from generator.sentence import Sentence, say
from generator.wording import Form, Shown


def evidence_sentence(project: ProjectReport, network: str) -> tuple[StateMark, Sentence | None]:
    """Return the mark with the words that are bold, and what follows them."""
    raised, share = project.figures["raised"], project.figures["proven_share"]
    mark, is_test = evidence(raised), network != "main"
    if raised.value is None or raised.verification is None:
        return mark, None
    if raised.verification == "proven":
        return StateMark(say("Proven"), mark.icon, mark.kind), _proven(share, is_test=is_test)
    stores = [name for name in project.sources if name != ANGOR]
    if not stores:
        words = say("the scripts were derived again, but not all blocks were checked.")
        return StateMark(say("Reported"), mark.icon, mark.kind), words
    if share.value is not None and Decimal(share.value) > 0:
        return StateMark(say("Proven in part"), mark.icon, mark.kind), _in_part(share, is_test=is_test)
    one = say(
        "all of it rests on the word of one BTCPay server, because nobody outside can see its invoices."
    )
    several = say(
        "all of it rests on the word of BTCPay servers, because nobody outside can see their invoices."
    )
    return StateMark(say("Reported, not proven"), mark.icon, mark.kind), one if len(stores) == 1 else several


def _proven(share: Figure, *, is_test: bool) -> Sentence:
    part = say("all that is known") if share.value is None else Shown(share, Form.SHORT)
    if is_test:
        return say(
            "{part} of what was raised is derived again from public data, on a test network; "
            "nothing rests on a server's word.",
            part=part,
        )
    return say(
        "{part} of what was raised is derived again from public data; nothing rests on a server's word.",
        part=part,
    )


def _in_part(share: Figure, *, is_test: bool) -> Sentence:
    part = Shown(share, Form.SHORT)
    if is_test:
        return say(
            "{part} is derived again from public data, on a test network; the rest rests on the word of a "
            "BTCPay server.",
            part=part,
        )
    return say(
        "{part} is derived again from public data; the rest rests on the word of a BTCPay server.", part=part
    )
