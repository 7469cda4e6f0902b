"""What a configuration could do to whoever reads it: each ends soon, with file and line."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.config import parse
from generator.config.positions import DEEPEST, LONGEST, MOST_VALUES
from generator.errors import ConfigError

CPU_S = 6.0  #: about what a build takes at all; a busy machine counts twice
#: 250 letters that would be a billion values.
LAUGHS = "".join(f"{n}: &{n} [{','.join(['*' + before] * 9)}]\n" for before, n in pairwise("abcdefgh"))
NINE = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)]
SPRAWLING = {
    "aliases of aliases": ("a0: &a0 [x]\n" + "".join(NINE[:6]), "more than 15000 values"),
    "aliases as keys' values": (
        "a: &a {b: 1}\n" + "".join(f"k{n}: *a\n" for n in range(7_000)),
        "unknown key",
    ),
    "a billion laughs": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + LAUGHS,
        ":1:10: this file cannot be read: more than 15000",
    ),
    "an alias in itself": ("a: &a [*a, *a]", "more than 15000 values"),
    "a merge of itself": ("a: &a {<<: *a, b: 1}", f"nested more than {DEEPEST} deep"),
    "merges of merges": (
        "a0: &a0 {x: 1}\n"
        + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 30)),
        "more than 15000 values",
    ),
    "brackets": ("a: " + "[" * 100_000, f":1:44: this file cannot be read: nested more than {DEEPEST}"),
    "braces": ("a: " + "{b: " * 20_000, f"nested more than {DEEPEST} deep"),
    "lists in lists": ("- " * 100_000, f"nested more than {DEEPEST} deep"),
    "keys of keys": ("? " * 100_000, f"nested more than {DEEPEST} deep"),
    "many values": ("a: [" + "1," * 100_000 + "]", "more than 15000 values"),
    "many keys": ("".join(f"k{n}: 1\n" for n in range(14_000)), "unknown key"),
    "many anchors": ("".join(f"- &a{n} x\n" for n in range(14_000)), "does not begin with a key"),
    "too long": ("a: 1\n" * 100_000, f":50001:1: this file cannot be read: longer than {LONGEST}"),
    "a number of many digits": ("version: " + "9" * 100_000, "version"),
    "a number in base 60": ("version: " + "1:" * 50_000 + "1", "a number of too many digits"),
    "a float in base 60": ("version: " + "1:" * 50_000 + "1.0", "a number of too many digits"),
    "an empty number": ("version: !!int ''", "not a value"),
    "a truth that is none": ("version: !!bool x", "not a value"),
    "a float of many signs": ("version: 1" + "_" * 100_000 + ".5", "version"),
    "brackets in quotes": ('a: "' + "[" * 240_000, "a double quote opens here"),
    "dashes": ("- - \n" + "-" * 200_000, "missing"),
    "what looks like passwords": ('a: "' + "a@b:" * 60_000 + '"', "unknown key"),
    "thousands of secrets": ("".join(f"k{n}: {n:040x}\n" for n in range(4_000)), "more secrets than"),
    "empty lines": ("\n" * 240_000 + "  a", "does not begin with a key"),
    "a long key": ("?" + "a" * 200_000, "does not begin with a key"),
    "escapes": ('a: "' + "\\x41" * 60_000 + '"', "unknown key"),
    "a character that is none": (
        "version: 1\nsite: \0",
        ":2:7: this file cannot be read: the character U+0000",
    ),
    "an object of Python": ("version: !!python/object/apply:os.system x", "not a value"),
}


@pytest.mark.proof(4)
@pytest.mark.parametrize("name", SPRAWLING)
def test_each_ends_soon_and_is_named(name: str) -> None:
    text, said = SPRAWLING[name]
    began = time.process_time()
    with pytest.raises(ConfigError) as error:
        parse(text)
    cost = time.process_time() - began
    print(f"{name}: {len(text)} letters, {cost:.2f} s")
    assert said in "\n".join(map(str, error.value.problems))
    assert cost < CPU_S


def test_a_network_of_projects_is_within_the_bounds() -> None:
    rows = "".join(
        f"  - {{slug: project-{n}, angor: angor1q{n:038d}, title: Project {n}}}\n" for n in range(2_000)
    )
    with pytest.raises(ConfigError) as error:
        parse(f"version: 1\nsite: {{title: x}}\nnetwork: main\nprojects:\n{rows}")
    assert {problem.code for problem in error.value.problems} != {"syntax"}
    assert len(rows) < LONGEST
    assert MOST_VALUES > 2_000 * 4


def test_a_file_that_is_no_configuration_by_its_size_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    with config.open("wb") as hollow:
        hollow.truncate(2**40)
    assert run(["check", "-c", str(config)]) == Exit.WRONG_USE
    assert f"config.yaml:1:1: longer than {LONGEST} letters" in capsys.readouterr().out


@pytest.mark.slow
def test_a_long_list_takes_no_square_of_its_length() -> None:
    names = ", ".join(f'"wss://relay-{n}.example.org"' for n in range(7_000))
    began = time.process_time()
    with pytest.raises(ConfigError, match="missing"):
        parse(f"version: 1\nsources: {{nostr: {{relays: [{names}]}}}}\n")
    assert time.process_time() - began < CPU_S


@pytest.mark.parametrize("data", [b"version: 1\nsite: {title: \xff}\n", "version: 1\n".encode("utf-16")])
def test_what_is_no_utf_8_is_named_with_its_line(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_bytes(data)
    assert run(["check", "-c", str(config)]) == Exit.WRONG_USE
    place = "2:15" if data.startswith(b"version") else "1:1"
    assert f"config.yaml:{place}: not UTF-8 text: " in capsys.readouterr().out
