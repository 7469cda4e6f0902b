"""What the official client would refuse when it makes a project, and readers never enforce.

``ProjectInfoValidator.cs``.
"""

from generator.protocol.angor.terms import ProjectType, Terms


def warnings(terms: Terms) -> tuple[str, ...]:
    """Return a phrase for each rule that terms break."""
    found = []
    if terms.project_type is ProjectType.INVEST:
        found += _invest_warnings(terms)
    elif not any(pattern.stage_count for pattern in terms.patterns):
        found.append("no payout pattern has a stage")
    if terms.project_type is not ProjectType.SUBSCRIBE and not 10 <= terms.penalty_days <= 365:  # noqa: PLR2004 - the client's limits
        found.append(f"the penalty lasts {terms.penalty_days} days, not 10 to 365")
    return tuple(found)


def _invest_warnings(terms: Terms) -> list[str]:
    found = []
    total = sum(stage.percent for stage in terms.stages)
    if total != 100:  # noqa: PLR2004 - percent
        found.append(f"the stages release {total} %, not 100 %")
    if not all(stage.percent for stage in terms.stages):
        found.append("a stage releases nothing")
    dates = [stage.release_date for stage in terms.stages]
    if dates != sorted(dates):
        found.append("the stages do not open in their order")
    if dates and terms.expiry_date <= dates[-1]:
        found.append("the project expires before its last stage opens")
    if dates and terms.end_date is not None and terms.end_date >= dates[0]:
        found.append("the first stage opens before the investment window closes")
    if terms.target_amount_sat < 100_000:  # noqa: PLR2004 - the client's limit
        found.append(f"the goal is {terms.target_amount_sat} sat, less than 100000")
    return found
