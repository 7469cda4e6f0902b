"""What came in each period of a goal that begins anew: an invoice's gift belongs to when it was made."""

from typing import Final

from generator.sandbox.project_truth import Gift, ProjectTruth, percent_text, utc_day
from generator.sandbox.worth import Value, decimal_text

_NONE: Final = "none"  #: the name of no period, for what came before the first


def period_figures(project: ProjectTruth) -> dict[str, Value]:
    """Return what each period asked for and got, how many reached their goal, and the days of the last."""
    aim = project.aim
    gifts: dict[str, list[Gift]] = {f"{utc_day(at)}": [] for at in aim.begun}
    for gift in project.gifts() if aim.begun else ():
        begun = max((at for at in aim.begun if at <= project.counted(gift)), default=None)
        gifts.setdefault(f"{utc_day(begun)}" if begun else _NONE, []).append(gift)
    found: dict[str, Value] = {
        f"raised_in_period@{name}": sum(gift.amount_msat for gift in some) for name, some in gifts.items()
    }
    gifts.pop(_NONE, None)
    reached = 0
    for name, some in gifts.items():
        share = project.share(some)
        if share is not None:
            found[f"goal_of_period@{name}"] = project.goal()["goal"]
            found[f"progress_of_period@{name}"] = percent_text(share)
            reached += share >= 1 and name != f"{utc_day(aim.begun[-1])}"
        if aim.goal_currency:
            worth = project.worth(some)
            found[f"worth_in_period@{name}"] = None if worth is None else decimal_text(worth)
    if not gifts:
        return {}
    total, first = 0, f"{utc_day(aim.begun[-1])}"
    if aim.goal_currency:
        name = f"at_receipt_since@{aim.goal_currency}-{first}-until-"
        found |= project.market.series(project.receipts(gifts[first]), aim.goal_currency, name)
    for gift in () if aim.goal_currency else sorted(gifts[first], key=lambda gift: gift.at):
        total += gift.amount_msat
        found[f"raised_since@{first}-until-{utc_day(gift.at)}"] = total
    return found | {"periods_over": len(gifts) - 1, "periods_reached": reached}
