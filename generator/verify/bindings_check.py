"""The log counts each place of money for the project that the published configuration binds it to."""

from generator.config import Config
from generator.places import identifier_in
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Binding, Known
from generator.text_format import counted
from generator.verify.results import CheckResult, checked, unchecked


def check_bindings(known: Known, config: Config) -> CheckResult:
    """Hold bindings of the log against the configuration; what is newer than the last run is not there yet.

    `Run.bound` stands for what its configuration bound, so another binding under the same one is forged.
    """
    owners = PlaceOwners.of(config)
    bound = {record.id: record.project for record in known.of(Binding)}
    problems = [
        f"{place} counts for {owners.slug(place) or 'none'} on the site, and for "
        f"{bound.get(place, identifier_in(place)) or 'none'} in the log"
        for place in owners.rebound(known)
    ]
    if problems and owners.is_newer(known):
        reason = (
            f"the configuration is newer than the last run, so not recorded yet: "
            f"{counted(len(problems), 'place')} of money, such as {problems[0]}; the next snapshot records it"
        )
        return unchecked("bindings", reason, wanted=True)
    return checked("bindings", problems, len(bound))
