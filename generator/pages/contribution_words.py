"""How many contributions make what was raised, in whole sentences that a language can order as it likes."""

from generator.report import Figure
from generator.report.census import CensusRow
from generator.sentence import Sentence, say, say_count
from generator.wording import Shown


def contributions(
    figure: Figure, keys: Figure | None = None, unread: CensusRow | None = None
) -> Sentence | None:
    """Say how many contributions there are, by how many keys, and how much all at an address is at most.

    None where their number is not known. `keys` are those of investors; `unread` is a project's row of the
    census while not all that its address lists was read.
    """
    if not isinstance(figure.value, int):
        return None
    said = say_count("{number} contribution", "{number} contributions", figure.value, number=Shown(figure))
    if keys and isinstance(keys.value, int) and keys.value:
        by = say_count("{number} investor key", "{number} investor keys", keys.value, number=Shown(keys))
        said = say("{contributions}, {keys}", contributions=said, keys=by)
    if unread and unread.at_most:
        most = Shown(unread.at_most)
        said = say("{contributions}; with all that its address lists {most}", contributions=said, most=most)
    return said
