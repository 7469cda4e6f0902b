"""A file of exchange rates: what it says, or every slip with its line and column."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.config import parse
from generator.errors import ConfigError
from generator.sources.rates.own_file import OwnRate, parse_rates

HEAD = "day,currency,rate,source\n"


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ConfigError) as caught:
        parse_rates(data, "content/rates.csv")
    return [str(problem).removeprefix("content/rates.csv:") for problem in caught.value.problems]


def test_a_file_is_its_rates_whatever_wrote_it() -> None:
    excel = "\ufeff" + 'Rate,"day",currency,source\r\n58230.41,2026-05-20,EUR,"ECB, ""fixing"""\r\n\r\n'
    assert parse_rates(excel.encode(), "f.csv") == (
        OwnRate(day=date(2026, 5, 20), currency="EUR", price=Decimal("58230.41"), source='ECB, "fixing"'),
    )
    [one] = parse_rates(b"day,currency,rate\n2026-05-20,USD,60000", "content/rates.csv")
    assert (one.source, one.price) == ("content/rates.csv", Decimal(60000))
    assert parse_rates(b"day,currency,rate\n", "f.csv") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: the first line must name the columns day,currency,rate; missing: day, currency, rate"),
        ("day,curency,rate\n", "1:5: unknown column 'curency', did you mean 'currency'?; allowed: "),
        ("day,currency,rate,day\n", "1:19: column 'day' stands twice"),
        (HEAD + "2026-5-20,EUR,1,x\n", "2:1: day is '2026-5-20', expected a UTC day such as 2026-05-20"),
        (HEAD + "2026-02-30,EUR,1,x\n", "2:1: day is '2026-02-30', expected a UTC day"),
        (HEAD + "2026-05-20,eur,1,x\n", "2:12: currency is 'eur', expected three capital letters"),
        (HEAD + "2026-05-20,EUR,-1,x\n", "2:16: rate is '-1', expected a plain decimal above zero"),
        (HEAD + "2026-05-20,EUR,0,x\n", "2:16: rate is 0, expected a price of one bitcoin above zero"),
        (HEAD + "2026-05-20,EUR,1e5,x\n", "2:16: rate is '1e5', expected a plain decimal"),
        (HEAD + "2026-05-20,EUR,,x\n", "2:16: rate is '', expected a plain decimal"),
        (
            HEAD + "2026-05-20,EUR,58.230,41,ECB\n",
            "2:23: 5 cells, expected 4: day,currency,rate,source; write",
        ),
        (HEAD + "2026-05-20,EUR\n", "2:12: 2 cells, expected 4"),
        (HEAD + "," * 1_000_000, "2:1001: the line is longer than 1000 letters"),
        ("a," * 1_000_000, "1:1001: the line is longer than 1000 letters"),
        (HEAD + '2026-05-20,EUR,1,"open\n', "2:18: a quote is not closed"),
        (HEAD + "2026-05-20,EUR,1," + "x" * 81, "2:18: source is longer than 80 characters"),
        (
            HEAD + "2026-05-20,EUR,1,x\n\n2026-05-20,EUR,2,y\n",
            "4:1: EUR of 2026-05-20 stands twice; line 2 has",
        ),
        (b"day,currency,rate\n2026-05-20,EUR,\xff\n", "2:1: this is not UTF-8"),
        (b"PK\x03\x04\x00\xff", "1:1: this is not UTF-8"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str | bytes, told: str) -> None:
    [found] = problems(text)
    assert found.startswith(told)


def test_all_slips_are_told_at_once() -> None:
    found = problems(HEAD + "yesterday,Euro,x,ECB\n2026-05-20,EUR,1,ECB\n2026-05-21,EUR,abc,ECB\n")
    assert [problem.split(": ")[0] for problem in found] == ["2:1", "2:11", "2:16", "4:16"]


CONFIG = """\
version: 1
site: {title: Example}
network: main
units: {fiat: [EUR, USD]}
sources:
  indexers: [https://indexer.example.org]
  rates: {provider: [csv, mempool], file: content/rates.csv}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[csv, mempool]", "csv, store: S, server: p", None),
        ("fiat: [EUR, USD]", "fiat: EUR", None),
        ("[EUR, USD]", "[EUR, EUR]", "4:9: units.fiat: the same item stands twice, EUR; keep one"),
        ("[EUR, USD]", "[EUR, usd]", "4:21: units.fiat[1] is 'usd': must be the code of a currency"),
        (
            "[csv, mempool]",
            "mempol",
            "7:11: sources.rates.provider is 'mempol', did you mean 'mempool'?; allo",
        ),
        ("[csv, mempool]", "[none, csv]", "7:11: sources.rates.provider: none stands beside other providers"),
        ("[csv, mempool]", "mempool", "7:30: sources.rates.file: a file is named and csv is not among"),
        (
            ", file: content/rates.csv",
            "",
            "7:11: sources.rates.provider: csv reads a file of your own: name it",
        ),
        (
            "content/rates.csv",
            "../rates.csv",
            "7:37: sources.rates.file is '../rates.csv': must be a CSV file ins",
        ),
        (
            "content/rates.csv",
            "/etc/rates.csv",
            "7:37: sources.rates.file is '/etc/rates.csv': must be a CSV",
        ),
        ("units: {fiat: [EUR, USD]}", "", "7:11: sources.rates.provider: rates need a currency: set units"),
        (
            "provider: [csv, mempool]",
            "provider: [csv, btcpay]",
            "7:3: sources.rates.server: provider btcpay needs",
        ),
    ],
)
def test_the_configuration_of_rates(old: str, new: str, told: str | None) -> None:
    assert old in CONFIG
    if told is None:
        assert parse(CONFIG.replace(old, new)).sources.rates.asked[0] == "csv"
        return
    with pytest.raises(ConfigError) as caught:
        parse(CONFIG.replace(old, new))
    found = str(caught.value.problems[0])
    assert found.removeprefix("config.yaml:").startswith(told)


def test_a_missing_or_broken_file_stops_before_any_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    own = tmp_path / "content" / "rates.csv"
    own.parent.mkdir()

    def check() -> tuple[int, str]:
        code = run(["check", "-c", str(tmp_path / "config.yaml")])
        said = capsys.readouterr()
        return code, said.out + said.err

    code, said = check()
    assert code == Exit.WRONG_USE
    assert "config.yaml:7:37: sources.rates.file: " in said
    assert "make it, with the first line day,currency,rate,source" in said
    own.write_text(HEAD + "2026-05-20,EUR,58,230\n2026-05-21,EUR,1,2,3\n")
    code, said = check()
    assert code == Exit.WRONG_USE
    assert "content/rates.csv:3:18: 5 cells, expected 4" in said
    own.write_text(HEAD + "2026-05-20,EUR,58230.41,ECB\n")
    code, said = check()
    assert code == Exit.DONE
    assert "content/rates.csv (1 rate)" in said
