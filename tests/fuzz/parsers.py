"""Every parser of outside data, with what it may raise: the table that is fuzzed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from generator.config import parse as parse_config
from generator.errors import ConfigError, Invalid, LogError
from generator.hook import delivery
from generator.inputs import text_of
from generator.judge.profile import profile_of
from generator.manifest import MANIFEST
from generator.packed import NotPacked, unpack
from generator.pages.clean import quoted, safe_link
from generator.pages.files import RECIPE
from generator.pages.own_pages import text_faults
from generator.protocol.angor.op_return_layouts import parse_founding, parse_investment, parse_legacy_founding
from generator.protocol.angor.project_identifier import KeyProblem, identifier_of, project_script
from generator.protocol.angor.strict_json import TermsError
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Header, MalformedData, Output, Transaction
from generator.protocol.bitcoin.header import root_of_branch
from generator.protocol.bitcoin.script import address_of_script, pushes, script_of_address
from generator.protocol.bitcoin.taproot import ScriptPath
from generator.protocol.bitcoin.tapscript import (
    InvalidWitness,
    UndecidedWitness,
    check_witness,
    spent_outpoints,
)
from generator.protocol.nostr import Event, EventError, pubkey_of
from generator.snapshot import decode
from generator.snapshot.batch import decode_batch
from generator.sources.btcpay import crowdfund
from generator.sources.btcpay.greenfield import bad_rows, wire
from generator.sources.btcpay.greenfield.payout_rows import (
    PAYOUTS,
    PULL_PAYMENTS,
    Payout,
    PullPayment,
    each_row,
)
from generator.sources.btcpay.greenfield.values import moment, number
from generator.sources.http import HttpAnswer
from generator.sources.indexers import esplora_json
from generator.sources.rates.own_file import parse_rates
from generator.sources.rates.providers import _PRICES, _rows
from generator.sources.relays.information import parse_information
from generator.sources.relays.relay_lists import relays_named_in
from generator.sources.relays.relay_page import message_in
from generator.unreadable import UNREADABLE
from generator.verify.evidence_check import check_evidence
from generator.verify.known_numbers import KnownNumbers
from generator.verify.log_check import read_log
from generator.verify.page_audit import audit
from generator.verify.published_site import _recipe
from generator.verify.site_copy import SiteCopy
from tests.support.own_prose import own_prose

SEEDS: Final = Path(__file__).with_name("seeds")
NOBODY: Final = KnownNumbers(figures={}, rows={}, parts={}, declarations={})
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """One reader of what others wrote."""

    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()  #: what its docstring says that it raises

    def takes(self, data: bytes) -> bool:
        """Read once; tell whether it was taken. Whatever is not documented goes through."""
        try:
            self.read(data)
        except self.refuses:
            return False
        return True


def seeds_of(name: str) -> list[bytes]:
    """Return the inputs kept for a parser, one JSON text a line whose letters are bytes."""
    lines = (SEEDS / f"{name}.txt").read_text("ascii").splitlines()
    return [json.loads(line).encode("latin-1") for line in lines]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _answer(data: bytes) -> HttpAnswer:
    return HttpAnswer(source="source", subject="subject", host="host", status=200, content=data)


def _decoded(*decoders: msgspec.json.Decoder[Any]) -> Callable[[bytes], object]:
    """Return a reader of an answer, of which the first byte says for which question it came."""

    def read(data: bytes) -> object:
        return _answer(data[1:]).decode(decoders[sum(data[:1]) % len(decoders)])

    return read


def _log(path: str, data: bytes) -> object:
    """Read a log as verification does, with its evidence."""
    log = read_log({path: data})
    return [*check_evidence(log.known, "regtest")] if log.known else None


def _manifest(data: bytes) -> object:
    return SiteCopy(subject="site", files={MANIFEST: data}, listed=True).manifest()


def _config(data: bytes) -> object:
    return parse_config(text_of("config.yaml", data, "config"))


def _own_page(data: bytes) -> object:
    text = text_of("content/pages/page.md", data, "page")
    return [*text_faults({"page": text})], own_prose(text)


def _event(data: bytes) -> object:
    try:
        event = Event.parse(msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeError, RecursionError):  # no relay's message: see there
        return None
    about = profile_of(event.pubkey, [event], at=NOON)
    return event.problem, event.size, about, relays_named_in(event, {})


def _transaction(data: bytes) -> object:
    found = Transaction.parse(data)
    assert Transaction.parse(found.serialize()) == found
    scripts = [output.script for output in found.outputs]
    notes = [(parse_founding(one), parse_legacy_founding(one), parse_investment(one)) for one in scripts]
    return found.txid, found.wtxid, notes, [address_of_script(script, "bc") for script in scripts]


def _witness(data: bytes) -> object:
    """Run the first input of a transaction, behind amount (8 bytes) and script (34) of what it spends."""
    value, script, spender = int.from_bytes(data[:8], "little"), data[8:42], Transaction.parse(data[42:])
    if not spender.inputs:
        return None
    output = Output(value_sat=value, script=script)
    ScriptPath.of(spender.inputs[0].witness)
    return check_witness(spender, 0, dict.fromkeys(spent_outpoints(spender, 0), output))


def _header(data: bytes) -> object:
    header = Header.parse(data)
    return header.hash, header.target, header.meets_target, header.difficulty


def _branch(data: bytes) -> object:
    txid, place, hashes = data[:32].hex(), int.from_bytes(data[32:36], "little"), data[36:]
    siblings = [hashes[at : at + 32].hex() for at in range(0, len(hashes), 32)]
    return root_of_branch(txid, place, siblings)


def _script(data: bytes) -> object:
    address_of_script(data, "bc")
    return pushes(data)


def _named(data: bytes) -> object:
    """Read a name that carries a checksum, of one of four kinds."""
    kind, text = sum(data[:1]) % 4, _text(data[1:])
    match kind:
        case 0:
            return pubkey_of(text)
        case 1:
            return project_script(text)
        case 2:
            return script_of_address(text, "bc")
        case _:
            return identifier_of(text, "main")


def _invoices(data: bytes) -> object:
    rows = bad_rows.rows_of(_answer(data), wire.INVOICES, wire.Invoice, bad_rows.invoice)
    marks = [(row.state, row.metadata.by_woocommerce, number(row.amount)) for row in rows]
    paid = [pair for row in rows for pair in row.payments]
    return marks, [
        (way.rail, way.coin, way.by_address, number(way.rate), number(one.value), moment(one.received_date))
        for way, one in paid
    ]


def _methods(data: bytes) -> object:
    return bad_rows.rows_of(_answer(data), wire.METHODS, wire.Method, bad_rows.method)


def _crowdfund(data: bytes) -> object:
    app = _answer(data).decode(wire.CROWDFUND)
    return crowdfund.is_understood(app), crowdfund.goal_of(app), crowdfund.last_reset(app, NOON)


def _payouts(data: bytes) -> object:
    payouts = each_row(_answer(data), PAYOUTS, Payout)
    return [
        (each.rail, each.other_rail, each.coin, each.made_by, number(each.amount_out)) for each in payouts
    ]


def _prices(data: bytes) -> object:
    return _rows(_answer(data).decode(_PRICES), "EUR", latest=NOON)


def _recipe_of(data: bytes) -> object:
    return _recipe(SiteCopy(subject="site", files={RECIPE: data}, listed=True))


def _page(data: bytes) -> object:
    return audit(_text(data), NOBODY)


def _words(data: bytes) -> object:
    text = _text(data)
    return quoted(text), safe_link(text)


def _webhook(data: bytes) -> object:
    digest = delivery.digesting(b"key").hexdigest()
    return delivery.parse(b"key", data, digest), delivery.signed(digest, [data.decode("latin-1")])


PARSERS: Final[Mapping[str, Parser]] = {
    "log": Parser(read=partial(decode, "angor/2026-02.jsonl"), refuses=(LogError,)),
    "packed": Parser(read=partial(unpack, most=100_000), refuses=(NotPacked,)),
    "log-check": Parser(read=partial(_log, "angor/2026-02.jsonl")),
    "run-check": Parser(read=partial(_log, "runs/2026-02.jsonl")),
    "batch": Parser(read=partial(decode_batch, "batch.jsonl"), refuses=(LogError,)),
    "config": Parser(read=_config, refuses=(ConfigError,)),
    "own-page": Parser(read=_own_page, refuses=(ConfigError,)),
    "rates-file": Parser(read=partial(parse_rates, file="content/rates.csv"), refuses=(ConfigError,)),
    "recipe": Parser(read=_recipe_of),
    "manifest": Parser(read=_manifest, refuses=UNREADABLE),
    "page": Parser(read=_page),
    "words": Parser(read=_words),
    "event": Parser(read=_event, refuses=(EventError,)),
    "relay-message": Parser(read=lambda data: message_in(_text(data))),
    "relay-information": Parser(read=parse_information),
    "terms": Parser(read=lambda data: Terms.parse(_text(data)), refuses=(TermsError,)),
    "names": Parser(read=_named, refuses=(ValueError, KeyProblem, MalformedData)),
    "transaction": Parser(read=_transaction, refuses=(MalformedData,)),
    "witness": Parser(read=_witness, refuses=(MalformedData, InvalidWitness, UndecidedWitness)),
    "header": Parser(read=_header, refuses=(MalformedData,)),
    "branch": Parser(read=_branch, refuses=(MalformedData,)),
    "script": Parser(read=_script, refuses=(MalformedData,)),
    "esplora": Parser(
        read=_decoded(
            esplora_json.HISTORY,
            esplora_json.ADDRESS,
            esplora_json.OUTSPENDS,
            esplora_json.MANY_OUTSPENDS,
            esplora_json.PROOF,
            esplora_json.TXIDS,
            esplora_json.STATUS,
        ),
        refuses=(Invalid,),
    ),
    "invoices": Parser(read=_invoices, refuses=(Invalid,)),
    "methods": Parser(read=_methods, refuses=(Invalid,)),
    "crowdfund": Parser(read=_crowdfund, refuses=(Invalid,)),
    "payouts": Parser(read=_payouts, refuses=(Invalid,)),
    "pull-payments": Parser(
        read=lambda data: each_row(_answer(data), PULL_PAYMENTS, PullPayment), refuses=(Invalid,)
    ),
    "greenfield": Parser(
        read=_decoded(
            wire.POINT_OF_SALE,
            wire.STORE_RATES,
            wire.KEY_RIGHTS,
            wire.WEBHOOK,
            wire.WEBHOOKS,
            wire.DELIVERY_ATTEMPTS,
            wire.SERVER_INFO,
            wire.STORE_SETTINGS,
        ),
        refuses=(Invalid,),
    ),
    "prices": Parser(read=_prices, refuses=(Invalid,)),
    "webhook": Parser(read=_webhook),
}


def inputs_of(name: str) -> Sequence[bytes]:
    """Return the kept inputs of a parser and some that fit none."""
    return (*seeds_of(name), b"", b"{}", b"[]")
