"""Events in words: a short name and one sentence, whose amounts stay figures."""

import re
from datetime import date
from typing import Final

from generator.pages.changes_page import NAMES
from generator.report.history.news import NewsEvent, NewsKind
from generator.text_format import MONTH_NAMES, day_text
from generator.wording import Shown, Word, Words

#: What each kind is called.
KINDS: Final = {
    NewsKind.REACHED: "Goal reached",
    NewsKind.OPENED: "Stage opened",
    NewsKind.CLAIM: "Claim by the founder",
    NewsKind.REFUND: "Refund",
    NewsKind.PAYOUT: "Payout",
    NewsKind.PENALTY: "Investor left early",
    NewsKind.RELEASE: "Coins taken after the penalty",
    NewsKind.RECOVERY: "Recovery by investors",
    NewsKind.UNCLASSIFIED: "Unclassified spend",
    NewsKind.TERMS: "Terms changed",
    NewsKind.RESTATED: "Sum restated",
    NewsKind.SILENT: "Source not read",
    NewsKind.ANSWERED: "Source read again",
}
_SLOT: Final = re.compile(r"\{(\w+)\}")
_SENTENCES: Final = {
    NewsKind.REACHED: "The goal of {first} was reached.",
    NewsKind.OPENED: "Stage {number} opened: the founder may claim what is left in it of {first}.",
    NewsKind.CLAIM: "The founder claimed {first} from stages that had opened.",
    NewsKind.REFUND: "Refunds of {first} were paid out.",
    NewsKind.PAYOUT: "Payouts of {first} went through BTCPay, to others than backers.",
    NewsKind.PENALTY: "Investors left early with {first}, which is in the penalty time lock.",
    NewsKind.RELEASE: "Investors took back {first} after the penalty time lock.",
    NewsKind.RECOVERY: "Stage outputs of {first} went back to investors without a penalty.",
    NewsKind.UNCLASSIFIED: "Stage outputs of {first} were spent by a script that fits no known rule.",
    NewsKind.TERMS: "What the project says of this was changed: {word}.",
    NewsKind.RESTATED: "{sum} was restated from {first} to {second}.",
    NewsKind.SILENT: "{source} has given no answer since {day}.",
    NewsKind.ANSWERED: "{source} answers again; before that it was last read on {day}.",
}
_PERIOD_REACHED: Final = "The goal of {first} for the period from {day} was reached."
_GOAL_CHANGED: Final = "The goal was changed from {first} to {second}."


def sentence(event: NewsEvent) -> Words:
    """Return what happened in one sentence."""
    words: dict[str, Word] = dict(zip(("first", "second"), map(Shown, event.figures), strict=False))
    template, about = _SENTENCES[event.kind], event.about
    match event.kind:
        case NewsKind.REACHED if about[0]:
            template, words["day"] = _PERIOD_REACHED, _day(about[0])
        case NewsKind.OPENED:
            words["number"] = about[0]
        case NewsKind.TERMS if event.figures:
            template = _GOAL_CHANGED
        case NewsKind.TERMS:
            words["word"] = about[0]
        case NewsKind.RESTATED:
            words["sum"] = _sum_name(*about)
        case NewsKind.SILENT | NewsKind.ANSWERED:
            words |= {"source": about[0], "day": _day(about[1])}
        case _:
            pass
    return tuple(words.get(part, part) for part in _SLOT.split(template))


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text))


def _sum_name(name: str, month: str) -> str:
    currency = name.partition("@")[2]
    what = f"Value at receipt in {currency}" if currency else NAMES[name]
    return f"{what} of {MONTH_NAMES[int(month[5:]) - 1]} {month[:4]}"
