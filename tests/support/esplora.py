"""The synthetic projects of the reference, served by a tiny Esplora that can fail in every way."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count

import httpx

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.bitcoin import Header, Input, Output, Transaction, merkle_root, script_of
from generator.protocol.bitcoin.script import minimal_number
from generator.protocol.nostr import sign
from generator.protocol.proof.header_rules import HeaderRules
from generator.sources.http import HttpLimits
from generator.sources.indexers import GENESIS, Indexers
from tests.support.limits import GENEROUS
from tests.support.vectors import Json


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


Fault = Callable[[httpx.Request], httpx.Response | None]


def say(**answer: object) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        return httpx.Response(request=request, **answer)  # type: ignore[arg-type]

    return fault


def cut(kind: type[httpx.TransportError]) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        msg = "planned"
        raise kind(msg, request=request)

    return fault


def failing(path: str) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if path in request.url.path else None

    return fault


def down_for(second: float) -> Fault:
    """Return a fault that ends so many seconds from now."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + second
    return lambda _: httpx.Response(502) if loop.time() < ends_at else None


FAULTS: list[tuple[str, Fault, type[SourceError], str]] = [
    ("timeout", cut(httpx.ReadTimeout), Unavailable, "no answer within"),
    ("dns", cut(httpx.ConnectError), Unavailable, "cannot connect"),
    ("401", say(status_code=401), Unavailable, "refused the request (401)"),
    ("403", say(status_code=403), Unavailable, "refused the request (403)"),
    ("429", say(status_code=429), Unavailable, "answered 429"),
    ("500", say(status_code=500), Unavailable, "answered 500"),
    ("html", say(status_code=200, html="<html>welcome</html>"), Invalid, "with a web page"),
    ("empty", say(status_code=200, text=""), Invalid, "with nothing"),
    ("truncated", say(status_code=200, text='{"chain_stats":{'), Invalid, "damaged or cut off"),
]


@dataclass(kw_only=True)
class Project:
    """One synthetic fixture; its transactions stand in blocks of two, so their headers are real."""

    info: Json
    events: list[Json]
    rows: dict[str, Json]  #: Esplora JSON by name
    raw: dict[str, str]  #: hex by txid
    address: str
    expected: Json
    headers: dict[str, str] = field(default_factory=dict)
    coinbases: dict[str, str] = field(default_factory=dict)  #: txid by block hash

    @property
    def identifier(self) -> str:
        return str(self.info["projectIdentifier"])

    def txid(self, name: str) -> str:
        return str(self.rows[name]["txid"])

    def mine(self, txid: str, height: int, time: int) -> str:
        """Mine a block of a coinbase and one transaction; return its hash."""
        first = coinbase(height)
        header = block_of(merkle_root([first.txid, txid]), time)
        block = sha256d(header)[::-1].hex()
        self.headers[block], self.coinbases[block] = header.hex(), first.txid
        self.raw[first.txid] = first.serialize().hex()
        return block


def project(fixture: Json) -> Project:
    rows = {name: json.loads(json.dumps(both["esplora"])) for name, both in fixture["transactions"].items()}
    raw = {both["esplora"]["txid"]: both["hex"] for both in fixture["transactions"].values()}
    made = Project(
        info=fixture["project_info"],
        events=fixture["nostr_events"],
        rows=rows,
        raw=raw,
        address=fixture["address"],
        expected=fixture["expected"],
    )
    for row in rows.values():
        if (status := row["status"])["confirmed"]:
            status["block_hash"] = made.mine(row["txid"], status["block_height"], status["block_time"])
    return made


def coinbase(height: int) -> Transaction:
    """Return the first transaction of a block, which states its height."""
    miner = Input(
        prev_txid="00" * 32, vout=0xFFFFFFFF, script_sig=script_of(minimal_number(height), b"fixture")
    )
    return Transaction(version=2, inputs=(miner,), outputs=(Output(value_sat=0, script=b"\x51"),))


def block_of(root: str, time: int) -> bytes:
    """Return a mined header over a Merkle root."""
    header = Header(version=0x20000000, prev="00" * 32, merkle_root=root, time=time, bits=0x207FFFFF, nonce=0)
    tried = (replace(header, nonce=nonce) for nonce in count())
    return next(header for header in tried if header.meets_target()).serialize()


FOREIGN: dict[str, str] = {}  #: headers of blocks that nothing of ours is in, by hash


@cache
def foreign_block(height: int) -> str:
    """Return the hash of a mined block that nothing of ours is in."""
    header = block_of(f"{height:064x}", 1_750_000_000)
    block = sha256d(header)[::-1].hex()
    FOREIGN[block] = header.hex()
    return block


@dataclass(kw_only=True)
class Esplora:
    """Answers over a fixture's transactions; `fault` may answer first."""

    projects: list[Project]
    tip: int = 940_000
    page: int = 25
    prefix: str = "/api"
    genesis: str = GENESIS["main"]
    after_txid: bool = True  #: False: `after_txid` is ignored, as blockcore and blockstream do
    electrum: bool = False  #: True: outspends without the spender, no Merkle proofs
    blockcore: bool = False  #: True: no tip, 500 for unknown heights, JSON in a string for who asks for JSON
    hidden: set[str] = field(default_factory=set)  #: txids this server leaves out
    blocks: dict[int, str] = field(default_factory=dict)  #: hashes of blocks whose transactions are hidden
    fault: Fault = lambda _: None
    asked: list[str] = field(default_factory=list)  #: paths

    @property
    def rows(self) -> list[Json]:
        found = [
            row
            for project in self.projects
            for row in project.rows.values()
            if row["txid"] not in self.hidden
        ]
        return sorted(found, key=lambda row: -row["status"].get("block_height", 10**9))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.raw_path.decode())
        failed = self.fault(request)
        if failed is not None:
            return failed
        path = request.url.path
        if not path.startswith(self.prefix + "/"):
            return httpx.Response(404, text="no such path")
        if self.blockcore and path.endswith("/tip/height"):
            return httpx.Response(404)
        answer = self.answer(path.removeprefix(self.prefix).strip("/").split("/"), request.url.params)
        if answer is None:
            unknown = self.blockcore and "/block-height/" in path
            return httpx.Response(500 if unknown else 404, text="not found")
        if self.blockcore and "json" in request.headers["accept"]:
            return httpx.Response(200, json=answer if isinstance(answer, str) else json.dumps(answer))
        return (
            httpx.Response(200, text=answer) if isinstance(answer, str) else httpx.Response(200, json=answer)
        )

    def answer(self, parts: list[str], params: httpx.QueryParams) -> object:  # noqa: C901, PLR0911, PLR0912 -- a table of routes
        match parts:
            case ["blocks", "tip", "height"]:
                return str(self.tip)
            case ["block-height", "0"]:
                return self.genesis
            case ["block-height", text]:
                return self.block_at(int(text))
            case ["address", address]:
                confirmed = sum(row["status"]["confirmed"] for row in self.of(address))
                return {"chain_stats": {"tx_count": confirmed}, "mempool_stats": {"tx_count": 0}}
            case ["address", address, "txs"]:
                return self.paged(self.of(address), params.get("after_txid") if self.after_txid else None)
            case ["address", address, "txs", "chain", last] if not self.electrum:
                return self.paged([row for row in self.of(address) if row["status"]["confirmed"]], last)
            case ["tx", txid, "hex"]:
                known = {row["txid"] for row in self.rows}
                known |= {first for project in self.projects for first in project.coinbases.values()}
                return next(
                    (project.raw[txid] for project in self.projects if txid in project.raw and txid in known),
                    None,
                )
            case ["tx", txid, "outspends" | "merkle-proof"] if txid in self.hidden:
                return None
            case ["tx", txid, "outspends"]:
                row = next(row for row in self.rows if row["txid"] == txid)
                return [self.outspend(txid, vout) for vout in range(len(row["vout"]))]
            case ["block", block, "header"]:
                own = (project.headers[block] for project in self.projects if block in project.headers)
                return next(own, FOREIGN.get(block) if block == self.block_at(self.tip) else None)
            case ["block", block, "txids"]:
                return [
                    txid
                    for row in self.rows
                    if row["status"].get("block_hash") == block
                    for txid in (self.coinbase(block), row["txid"])
                ]
            case ["tx", txid, "merkle-proof"] if not self.electrum:
                row = next(row for row in self.rows if row["txid"] == txid)
                first = self.coinbase(row["status"]["block_hash"])
                return {"block_height": row["status"]["block_height"], "merkle": [first], "pos": 1}
            case _:
                return None

    def coinbase(self, block: str) -> str:
        return next(project.coinbases[block] for project in self.projects if block in project.coinbases)

    def block_at(self, height: int) -> str | None:
        """Return the block of a shown transaction, or one that nothing of ours is in."""
        shown = (row["status"] for row in self.rows if row["status"].get("block_height") == height)
        known = self.blocks.get(height) or next((row["block_hash"] for row in shown), None)
        return (known or foreign_block(height)) if height <= self.tip else None

    def of(self, address: str) -> list[Json]:
        def touches(row: Json) -> bool:
            outputs = [*row["vout"], *(spent["prevout"] or {} for spent in row["vin"])]
            return address in {output.get("scriptpubkey_address") for output in outputs}

        return [row for row in self.rows if touches(row)]

    def paged(self, rows: list[Json], after: str | None) -> list[Json]:
        ids = [row["txid"] for row in rows]
        start = ids.index(after) + 1 if after in ids else 0
        return rows[start : start + self.page]

    def outspend(self, txid: str, vout: int) -> Json:
        for row in self.rows:
            for vin, spent in enumerate(row["vin"]):
                if (spent["txid"], spent["vout"]) == (txid, vout):
                    found = {"spent": True, "txid": row["txid"], "vin": vin, "status": row["status"]}
                    return {"spent": True} if self.electrum else found
        return {"spent": False}


def indexers(servers: Iterable[Esplora], *, network: str = "main", limits: HttpLimits = GENEROUS) -> Indexers:
    """Return the indexers http://i0.example, http://i1.example … answered by these servers."""
    named = {f"i{number}.example": server for number, server in enumerate(servers)}

    def route(request: httpx.Request) -> httpx.Response:
        return named[request.url.host](request)

    client = httpx.AsyncClient(transport=httpx.MockTransport(route))
    urls = [f"http://{host}" for host in named]
    found = Indexers.of(urls, client=client, network=network, limits=limits)
    found.rules = HeaderRules()  # nobody can mine the fixtures' blocks at the difficulty of main
    return found


def event(at: int, content: str, *, kind: int) -> Json:
    """Return an event by a stranger, really signed."""
    return dict(sign(bytes([9]) * 32, kind=kind, content=content, created_at=at).to_obj())
