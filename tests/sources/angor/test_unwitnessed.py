"""What a run record keeps of histories that one indexer alone told: bounded, and unknown is never good."""

from generator.sources.angor.unwitnessed import MOST, OneWord


def kept(*names: str, unnamed: bool = False, all_read: bool = False) -> str:
    return OneWord("alone", set(names), unnamed=unnamed).reads(all_read=all_read).get("alone", "")


def test_names_are_kept_in_order_up_to_a_bound() -> None:
    assert kept() == ""
    assert kept("b", "a") == "a b"
    assert kept(*map(str, range(MOST))).count(" ") == MOST - 1
    assert kept(*map(str, range(MOST + 1))) == "*"


def test_what_could_not_be_named_is_told_again_until_all_were_read() -> None:
    again = OneWord.of("alone", {"alone": "*"})
    assert again.unnamed
    assert again.reads(all_read=False) == {"alone": "*"}
    assert again.reads(all_read=True) == {}
    assert OneWord.of("alone", {"alone": "a b"}).names == {"a", "b"}
