"""Events in words: a short name and one sentence, whose amounts stay figures."""

from dataclasses import replace
from datetime import date
from typing import Final

from generator.report.history.edits import TERMS
from generator.report.history.news import NewsEvent, NewsKind
from generator.report.history.restatements import SUM_NAMES
from generator.sentence import CalendarMonth, Sentence, Value, say
from generator.wording import Shown

#: What each kind is called.
KINDS: Final = {
    NewsKind.REACHED: say("Goal reached"),
    NewsKind.OPENED: say("Stage opened"),
    NewsKind.CLAIM: say("Claim by the founder"),
    NewsKind.REFUND: say("Refund"),
    NewsKind.PAYOUT: say("Payout"),
    NewsKind.PENALTY: say("Investor left early"),
    NewsKind.RELEASE: say("Coins taken after the penalty"),
    NewsKind.RECOVERY: say("Recovery by investors"),
    NewsKind.UNCLASSIFIED: say("Unclassified spend"),
    NewsKind.TERMS: say("Terms changed"),
    NewsKind.RESTATED: say("Sum restated"),
    NewsKind.UPDATE: say("Update"),
    NewsKind.SILENT: say("Source not read"),
    NewsKind.ANSWERED: say("Source read again"),
}
_SENTENCES: Final = {
    NewsKind.REACHED: say("The goal of {first} was reached."),
    NewsKind.OPENED: say("Stage {number} opened: the founder may claim what is left in it of {first}."),
    NewsKind.CLAIM: say("The founder claimed {first} from stages that had opened."),
    NewsKind.REFUND: say("Refunds of {first} were paid out."),
    NewsKind.PAYOUT: say("Payouts of {first} went through BTCPay, to others than backers."),
    NewsKind.PENALTY: say("Investors left early with {first}, which is in the penalty time lock."),
    NewsKind.RELEASE: say("Investors took back {first} after the penalty time lock."),
    NewsKind.RECOVERY: say("Stage outputs of {first} went back to investors without a penalty."),
    NewsKind.UNCLASSIFIED: say("Stage outputs of {first} were spent by a script that fits no known rule."),
    NewsKind.TERMS: say("The terms were changed: {word}."),
    NewsKind.RESTATED: say("{sum} was restated from {first} to {second}."),
    NewsKind.UPDATE: say("The people of the project tell what came of it, on a page of their own."),
    NewsKind.SILENT: say("{source} has given no answer since {day}."),
    NewsKind.ANSWERED: say("{source} answers again; before that it was last read on {day}."),
}
_PERIOD_REACHED: Final = say("The goal of {first} for the period from {day} was reached.")
_GOAL_CHANGED: Final = say("The goal was changed from {first} to {second}.")


def sentence(event: NewsEvent) -> tuple[Sentence]:
    """Return what happened in one sentence."""
    words: dict[str, Value] = dict(zip(("first", "second"), map(Shown, event.figures), strict=False))
    template, about = _SENTENCES[event.kind], event.about
    match event.kind:
        case NewsKind.REACHED if about[0]:
            template, words["day"] = _PERIOD_REACHED, _day(about[0])
        case NewsKind.OPENED:
            words["number"] = about[0]
        case NewsKind.TERMS if event.figures:
            template = _GOAL_CHANGED
        case NewsKind.TERMS:
            words["word"] = TERMS[about[0]]
        case NewsKind.RESTATED:
            words["sum"] = _sum_name(*about)
        case NewsKind.SILENT | NewsKind.ANSWERED:
            words |= {"source": about[0], "day": _day(about[1])}
        case _:
            pass
    return (replace(template, values=tuple(words.items())),)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _sum_name(name: str, month: str) -> Sentence:
    currency, when = name.partition("@")[2], CalendarMonth.of(month)
    if currency:
        return say("Value at receipt in {currency} of {month}", currency=currency, month=when)
    return say("{sum} of {month}", sum=SUM_NAMES[name], month=when)
