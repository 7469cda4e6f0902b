"""Tamperings of a published site, each with the check that must fail once a forger recomputed everything."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from generator.config import Config, GoalConfig
from generator.ledger import Declaration, Entry, Kind, Status, Verification
from generator.money import MSAT_PER_BTC
from generator.packed import pack, unpack
from generator.places import BTCPAY, angor_place
from generator.protocol.angor.project_identifier import identifier_of
from generator.protocol.bitcoin import Transaction
from generator.protocol.curve import public_key
from generator.protocol.nostr import Event, sign
from generator.report.source_names import source_kind
from generator.snapshot import (
    Announced,
    Attributed,
    Binding,
    BranchRecord,
    Cause,
    Census,
    EventRecord,
    Finding,
    HeaderRecord,
    Line,
    Project,
    Rate,
    Record,
    Redaction,
    Result,
    Run,
    TransactionRecord,
    Withdrawn,
    run_id,
)
from generator.verify.site_copy import LARGEST_FILE
from tests.verify.forger import ConfigTampering, FileTampering, Lines, LogTampering, each, first

Files = dict[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One tampering. `finds` is what must fail for the forger, `limit` why nothing can."""

    name: str
    how: LogTampering | FileTampering | ConfigTampering
    finds: str = ""
    limit: str = ""


def on_chain(kind: Kind, status: Status = Status.CONFIRMED) -> Callable[[Record], bool]:
    return lambda record: (
        isinstance(record, Entry)
        and record.source == "angor"
        and record.kind is kind
        and record.status is status
    )


def of(kind: type, **fields: object) -> Callable[[Record], bool]:
    return lambda record: (
        isinstance(record, kind) and all(getattr(record, name) == value for name, value in fields.items())
    )


def of_a_server(record: Record) -> bool:
    return source_kind(record.source) == BTCPAY


def paid_to_a_server(record: Record) -> bool:
    return (
        isinstance(record, Entry)
        and of_a_server(record)
        and record.kind is Kind.PAYMENT
        and record.status is Status.CONFIRMED
    )


def said_twice(change: Callable[[Any], list[Entry]]) -> LogTampering:
    """Change a payment of a server, and by as much what was decided of its place in that month."""

    def edit(lines: Lines) -> Lines:
        row = next(line.record for line in lines if paid_to_a_server(line.record))
        assert isinstance(row, Entry)
        by = sum(entry.amount_msat for entry in change(row)) - row.amount_msat
        more_of_them = sum(entry.count for entry in change(row)) - row.count
        decided = max(
            (
                line.record
                for line in lines
                if isinstance(line.record, Attributed)
                and (line.record.place, line.record.created_month) == (row.place, row.created_month)
            ),
            key=lambda record: record.amount_msat,
        )
        said = setting(amount_msat=decided.amount_msat + by, count=decided.count + more_of_them)
        lines = first(lambda record: record == decided, said)(lines)
        return first(lambda record: record == row, change)(lines)

    return LogTampering(edit=edit)


def setting(**fields: object) -> Callable[[Record], list[Record]]:
    return lambda record: [msgspec.structs.replace(record, **fields)]


def row(
    name: str, wanted: Callable[[Record], bool], finds: str = "", limit: str = "", **fields: object
) -> Case:
    return Case(name=name, how=LogTampering(edit=first(wanted, setting(**fields))), finds=finds, limit=limit)


def changing(
    name: str,
    wanted: Callable[[Record], bool],
    change: Callable[[Any], Iterable[Record]],
    finds: str = "",
    limit: str = "",
) -> Case:
    return Case(name=name, how=LogTampering(edit=first(wanted, change)), finds=finds, limit=limit)


def gone(_: Record) -> list[Entry]:
    return []


def more(record: Entry) -> list[Entry]:
    return [msgspec.structs.replace(record, amount_msat=record.amount_msat + 1_000_000)]


def unpublished(kind: type[Record]) -> LogTampering:
    """Leave out the first piece of evidence of a type that a row rests on; a coinbase is none."""

    def edit(lines: Lines) -> Lines:
        names = {name for line in lines if isinstance(line.record, Entry) for name in line.record.evidence}
        return first(lambda record: isinstance(record, kind) and record.id in names, gone)(lines)

    return LogTampering(edit=edit)


def doubled(record: Entry) -> list[Record]:
    return [record, msgspec.structs.replace(record, id=f"{'ab' * 32}:2")]


def invented(record: Announced) -> list[Record]:
    """Add an unread project that nobody announced."""
    place = angor_place(identifier_of(public_key(b"\7" * 32).hex(), "regtest"))
    unread = Announced(
        id=place, source="angor", outcome=Census.UNREAD, cause=Cause.EVENT, reason="lost", since=record.since
    )
    return [record, unread]


def richer(record: TransactionRecord) -> list[Record]:
    """Add to the last output of a transaction, keeping its id."""
    raw = Transaction.parse(bytes.fromhex(record.hex))
    last = raw.outputs[-1].value_sat.to_bytes(8, "little").hex()
    grown = (raw.outputs[-1].value_sat + 1000).to_bytes(8, "little").hex()
    return [msgspec.structs.replace(record, hex=record.hex.replace(last, grown, 1))]


def spent_from_nothing(
    lines: Lines,
    verification: Verification = Verification.REPORTED,
    status: Status = Status.CONFIRMED,
) -> Lines:
    """Add an investment of 4,950 BTC in the terms' own scripts and shares, whose input never was."""
    row = next(line.record for line in lines if on_chain(Kind.INVESTMENT, status)(line.record))
    txid = row.id[:64]
    rows = [line.record for line in lines if of(Entry)(line.record) and line.record.id[:65] == f"{txid}:"]
    raw = next(line.record.hex for line in lines if of(TransactionRecord, id=txid)(line.record))
    true = Transaction.parse(bytes.fromhex(raw))
    held_msat = sum(entry.amount_msat for entry in rows if entry.kind is Kind.INVESTMENT)
    times = -(-4_950 * MSAT_PER_BTC // held_msat)
    grown = replace(
        true,
        inputs=(replace(true.inputs[0], prev_txid="00" * 31 + "01"),),
        outputs=tuple(replace(output, value_sat=output.value_sat * times) for output in true.outputs),
    )
    of_nothing = [
        msgspec.structs.replace(
            entry,
            id=entry.id.replace(txid, grown.txid),
            evidence=(grown.txid,),
            verification=verification,
            amount_msat=entry.amount_msat * times,
        )
        for entry in rows
    ]
    unshown = {
        "id": f"inclusion/{grown.txid}",
        "subject": grown.txid,
        "result": Result.NOT_CHECKED,
        "reason": f"no indexer shows header and Merkle branch of block {row.block}",
    }
    shown = [line.record for line in lines if of(Finding, subject=txid)(line.record)]
    renamed = [
        msgspec.structs.replace(finding, id=f"{finding.check}/{grown.txid}", subject=grown.txid)
        for finding in shown
    ]
    record = TransactionRecord(id=grown.txid, source=row.source, hex=grown.serialize().hex())
    said = [record, *of_nothing]
    said += (
        msgspec.structs.replace(finding, **unshown) if finding.check == "inclusion" else finding
        for finding in renamed
    )
    return [*lines, *(Line(run=lines[-1].run, record=record) for record in said)]


def reworded(record: EventRecord) -> list[Record]:
    return [msgspec.structs.replace(record, json=record.json.replace("targetAmount", "targetAmouns", 1))]


def unmined(record: HeaderRecord) -> list[Record]:
    return [msgspec.structs.replace(record, hex=record.hex[:-8] + "ffffffff")]


def straying(record: BranchRecord) -> list[Record]:
    return [msgspec.structs.replace(record, hashes=("11" * 32, *record.hashes[1:]))]


def resigned(lines: Lines) -> Lines:
    """Give a project another definition, signed by another key, and name it everywhere."""
    old = next(
        line.record
        for line in lines
        if isinstance(line.record, EventRecord) and '"kind":3030' in line.record.json
    )
    assert isinstance(old, EventRecord)
    event = Event.parse(msgspec.json.decode(old.json))
    content = re.sub(r'"targetAmount":\d+', '"targetAmount":1', event.content)
    new = sign(b"\x07" * 32, kind=3030, content=content, created_at=event.created_at, tags=event.tags)
    fake = EventRecord(
        id=new.id, source=old.source, json=msgspec.json.encode(new.to_obj(), order="sorted").decode()
    )

    def change(record: Record) -> Iterable[Record]:
        if record == old:
            return [fake]
        if isinstance(record, Project) and record.event_id == old.id:
            named = tuple(fake.id if name == old.id else name for name in record.evidence)
            return [msgspec.structs.replace(record, event_id=fake.id, evidence=named)]
        return [record]

    return each(lambda record: iter(change(record)))(lines)


def left_out(lines: Lines) -> Lines:
    """Leave out the last investment that nobody spent, with every trace of it."""
    spent = {line.record.spends[:64] for line in lines if isinstance(line.record, Entry)}
    txid = next(
        line.record.id[:64]
        for line in reversed(lines)
        if on_chain(Kind.INVESTMENT)(line.record) and line.record.id[:64] not in spent
    )
    return [line for line in lines if txid not in line.record.id]


def claim_left_out(lines: Lines) -> Lines:
    """Leave out a claim with every trace of it: the money looks locked."""
    txid = next(line.record.id[:64] for line in lines if on_chain(Kind.CLAIM)(line.record))
    return [line for line in lines if txid not in line.record.id]


def claim_taken_back(lines: Lines) -> Lines:
    """Take a claim back with all of its evidence, which then gives no row that is missing."""
    txid = next(line.record.id[:64] for line in lines if on_chain(Kind.CLAIM)(line.record))
    gone = [
        Withdrawn(id=f"{line.record.key[0]}/{line.record.id}", source="angor", reason="reorganised")
        for line in lines
        if txid in line.record.id
    ]
    return [*lines[:-1], *(Line(run=lines[-1].run, record=back) for back in gone), lines[-1]]


def before(wanted: Callable[[Record], bool], change: Callable[[Any], Iterable[Record]]) -> LogTampering:
    """Say that a run of six hours earlier said otherwise."""

    def edit(lines: Lines) -> Lines:
        [run] = [line.record for line in lines if isinstance(line.record, Run)]
        at = run.at - timedelta(hours=6)
        earlier = msgspec.structs.replace(run, id=run_id(at, run.snapshot), at=at)
        said = change(next(line.record for line in lines if wanted(line.record)))
        return [*(Line(run=earlier.id, record=record) for record in (*said, earlier)), *lines]

    return LogTampering(edit=edit)


def invented_and_taken_back(lines: Lines) -> Lines:
    """Say that 1,000 BTC were there six hours before, until their block was reorganised."""
    txid = "ab" * 32
    invented = setting(id=f"{txid}:2", amount_msat=1_000 * MSAT_PER_BTC, evidence=())
    lines = before(on_chain(Kind.INVESTMENT), invented).edit(lines)
    back = Withdrawn(id=f"entry/{txid}:2", source="angor", reason="its block was reorganised")
    return [*lines[:-1], Line(run=lines[-1].run, record=back), lines[-1]]


def taken_down_and_reworded(lines: Lines) -> Lines:
    """Say that a project's title was taken down, and put another one in its place."""
    project = next(line.record for line in lines if of(Project, source="angor")(line.record))
    gone = Redaction(id=project.id, source="angor", reason="its founder asks for it", words=("title",))
    reworded = setting(title="1,000 BTC raised, all proven")
    lines = first(lambda record: record == project, reworded)(lines)
    return [*lines[:-1], Line(run=lines[-1].run, record=gone), lines[-1]]


def called_a_currency() -> LogTampering:
    """Give a rate of bitcoin in what is called BTC: each sum is worth ten thousand times as much."""

    def edit(lines: Lines) -> Lines:
        rates = each(lambda record: iter(_also_in_btc(record) if isinstance(record, Rate) else [record]))
        return rates(lines)

    def in_btc(config: Config) -> Config:
        return config.model_copy(update={"units": config.units.model_copy(update={"fiat": ("BTC",)})})

    return LogTampering(edit=edit, config=in_btc)


def _also_in_btc(rate: Rate) -> list[Record]:
    named = {"id": f"BTC/{rate.day}", "currency": "BTC", "price": Decimal(10_000)}
    return [rate, msgspec.structs.replace(rate, **named)]


def on_two_pages() -> LogTampering:
    """Publish a second page for a project: its money counts there, and the first one shows none."""

    def moved(record: Record) -> list[Record]:
        if isinstance(record, Run):
            return [msgspec.structs.replace(record, bound="")]
        own = isinstance(record, Binding) and record.project == FIRST_SLUG
        return [msgspec.structs.replace(record, project="twin")] if own else [record]

    def twice(config: Config) -> Config:
        own = next(project for project in config.projects if project.slug == FIRST_SLUG)
        projects = (*config.projects, own.model_copy(update={"slug": "twin"}))
        return config.model_copy(update={"projects": projects})

    return LogTampering(edit=each(lambda record: iter(moved(record))), config=twice)


def without_project(lines: Lines) -> Lines:
    """Leave out every line of a BTCPay server."""
    return [
        line
        for line in lines
        if not (
            isinstance(line.record, Entry | Attributed | Finding | Declaration) and of_a_server(line.record)
        )
    ]


def withdrawn(lines: Lines) -> Lines:
    line = next(line for line in lines if on_chain(Kind.INVESTMENT)(line.record))
    back = Withdrawn(id=f"entry/{line.record.id}", source="angor", reason="its block was reorganised")
    at = max(at for at, other in enumerate(lines) if other.record.source == "angor")
    return [*lines[: at + 1], type(line)(run=line.run, record=back), *lines[at + 1 :]]


def earlier_run(lines: Lines) -> Lines:
    """Say that everything was seen a day later than it was: the data looks fresher."""
    [run] = [line.record for line in lines if isinstance(line.record, Run)]
    at = run.at + timedelta(days=1)
    name = f"{at:%Y%m%dT%H%M%SZ}-{run.id.partition('-')[2]}"
    fresh = msgspec.structs.replace(run, id=name, at=at)
    return [type(line)(run=name, record=fresh if line.record is run else line.record) for line in lines]


def sold_as(network: str) -> LogTampering:
    """Sell a test network as another network, in the log and in the configuration."""

    def change(record: Record) -> Iterable[Record]:
        if isinstance(record, Run):
            return [msgspec.structs.replace(record, network=network, demo=False)]
        is_there = isinstance(record, Project) and record.network
        return [msgspec.structs.replace(record, network=network)] if is_there else [record]

    return LogTampering(
        edit=each(lambda record: iter(change(record))),
        config=lambda config: config.model_copy(update={"network": network}),
    )


def reached(config: Config) -> Config:
    projects = [project.model_copy(update={"goal": GoalConfig(sats=1000)}) for project in config.projects]
    return config.model_copy(update={"projects": tuple(projects)})


def never_stale(config: Config) -> Config:
    return config.model_copy(
        update={"quality": config.quality.model_copy(update={"max_age_hours": 1_000_000})}
    )


def text(path: str, pattern: str, instead: str) -> FileTampering:
    """Return the tampering of one place of one file."""

    def edit(files: Files) -> None:
        found, count = re.subn(pattern, instead, files[path].decode(), count=1)
        assert count == 1, (path, pattern)
        files[path] = found.encode()

    return FileTampering(edit=edit)


def file(name: str, path: str, pattern: str, instead: str, finds: str = "", limit: str = "") -> Case:
    return Case(name=name, how=text(path, pattern, instead), finds=finds, limit=limit)


def add_file(files: Files) -> None:
    files["p/solar-roof/donate.html"] = b"<!doctype html><title>Donate</title><p>Send it to me</p>"


def drop_file(files: Files) -> None:
    del files["p/solar-roof/c1.svg"]


def unvouched(files: Files) -> None:
    [path] = [path for path in files if path.startswith("data/snapshots/rates/")]
    text = unpack(files[path], LARGEST_FILE)
    files[path] = pack(text + text.splitlines(keepends=True)[-1])


def spaced(files: Files) -> None:
    [path] = [path for path in files if path.startswith("data/snapshots/angor/")]
    text = unpack(files[path], LARGEST_FILE)
    files[path] = pack(text.replace(b'"run":', b'"run": ', 1))


def cut(files: Files) -> None:
    [path] = [path for path in files if path.startswith("data/snapshots/angor/")]
    files[path] = pack(unpack(files[path], LARGEST_FILE)[:-10])


def another_maker(files: Files) -> None:
    """Say that another version made the site, and put other words on its first page."""
    recipe = files["data/recipe.json"].decode()
    files["data/recipe.json"] = re.sub(r'"sunlit": "[^"]*"', '"sunlit": "9.9.9"', recipe).encode()
    page = files["index.html"].decode()
    files["index.html"] = page.replace("</main>", "<p>All donors are refunded.</p></main>").encode()
    assert files["index.html"] != page.encode()


FIRST_SLUG = "solar-roof"
FIRST = f"p/{FIRST_SLUG}"
CASES = (
    changing("an investment grows", on_chain(Kind.INVESTMENT), more, "entries-derived"),
    changing("an investment is invented", on_chain(Kind.INVESTMENT), doubled, "entries-derived"),
    changing("an investment disappears", on_chain(Kind.INVESTMENT), gone, "entries-missing"),
    changing("a fee grows", on_chain(Kind.FEE), more, "entries-derived"),
    changing("a claim disappears", on_chain(Kind.CLAIM), gone, "entries-missing"),
    changing("a penalty disappears", on_chain(Kind.PENALTY), gone, "entries-missing"),
    row("a claim is sold as a recovery", on_chain(Kind.CLAIM), "entries-derived", kind=Kind.RECOVERY),
    row(
        "an unknown spend is sold as a claim", on_chain(Kind.UNCLASSIFIED), "entries-derived", kind=Kind.CLAIM
    ),
    row("an investor gets another key", on_chain(Kind.INVESTMENT), "entries-derived", party="02" + "11" * 32),
    row("a stage gets another number", on_chain(Kind.INVESTMENT), "entries-derived", stage=9),
    row("an investment gets another block", on_chain(Kind.INVESTMENT), "entries-derived", block="00" * 32),
    row("an investment gets another height", on_chain(Kind.INVESTMENT), "entries-derived", height=1),
    row(
        "an investment moves to another project",
        on_chain(Kind.INVESTMENT),
        "entries-derived",
        place="nowhere",
    ),
    row(
        "what is pending counts as confirmed",
        on_chain(Kind.INVESTMENT, Status.PENDING),
        "entries-derived",
        status=Status.CONFIRMED,
    ),
    row(
        "what is confirmed counts for nothing",
        on_chain(Kind.INVESTMENT),
        "entries-derived",
        status=Status.EXCLUDED,
        reason="spam",
    ),
    row(
        "what is reported is sold as proven",
        on_chain(Kind.UNCLASSIFIED),
        "entries-derived",
        verification=Verification.PROVEN,
    ),
    changing("a transaction gets other outputs", of(TransactionRecord), richer, "transaction-ids"),
    Case(name="a transaction is not published", how=unpublished(TransactionRecord), finds="evidence-there"),
    changing(
        "a definition gets other words",
        lambda record: isinstance(record, EventRecord) and "targetAmount" in record.json,
        reworded,
        "event-signatures",
    ),
    Case(name="a definition is signed by another", how=LogTampering(edit=resigned), finds="terms"),
    changing("an event is not published", of(EventRecord), gone, "evidence-there"),
    row("a place is bound to another project", of(Binding), "bindings", project="elsewhere"),
    row(
        "a project gets another founder key",
        of(Project, source="angor"),
        "terms",
        founder_key="02" + "22" * 32,
    ),
    row("a project gets another identifier", of(Project, source="angor"), "terms", identifier="angor1qqq"),
    row(
        "a project gets another address",
        of(Project, source="angor"),
        "terms",
        address="bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202",
    ),
    row("a project gets another goal", of(Project, source="angor"), "terms", goal=None),
    row("a project gets another deadline", of(Project, source="angor"), "terms", ends_at=None),
    row("a project gets another title", of(Project, source="angor"), "terms", title="Trust me"),
    changing("a header was never mined", of(HeaderRecord), unmined, "headers"),
    changing("a branch leads elsewhere", of(BranchRecord), straying, "branches"),
    Case(name="a branch is not published", how=unpublished(BranchRecord), finds="evidence-there"),
    row(
        "a failed check is sold as ok",
        of(Finding, result=Result.FAILED),
        "findings-repeated",
        result=Result.OK,
    ),
    changing("a failed check disappears", of(Finding, result=Result.FAILED), gone, "findings-repeated"),
    changing("a project disappears from the census", of(Announced), gone, "census"),
    row("a project is called only announced", of(Announced), "census", outcome=Census.UNFOUNDED),
    Case(
        name="a test network is sold as main",
        how=sold_as("main"),
        finds="headers",
    ),
    Case(name="a test network is sold as another", how=sold_as("signet"), finds="terms"),
    file("a figure grows", "figures.json", r'("value":)(\d)', r"\g<1>9\g<2>", "figures"),
    file(
        "a month closes otherwise",
        "figures.json",
        r'("id":"[^"]+/closing@\{of\}".*?"points":\[\["[^"]+",-?)',
        r"\g<1>9",
        "figures",
    ),
    file(
        "a figure has another bound",
        "figures.json",
        r'("figures":\[\n\{)("id")',
        r'\g<1>"bound":"at_least",\g<2>',
        "figures",
    ),
    file("a definition of a figure changes", "figures.json", r'"formula":"S', '"formula":"s', "figures"),
    file("a project's figure grows", f"{FIRST}/figures.json", r'("value":)(\d)', r"\g<1>9\g<2>", "figures"),
    file(
        "a day of a project's series grows",
        f"{FIRST}/figures.json",
        r'("id":"[^"/]+/raised@\{of\}".*?"points":\[\["[^"]+",)',
        r"\g<1>9",
        "figures",
    ),
    file("a series is defined otherwise", "figures.json", r"by the end of \{of\}", "{of}", "figures"),
    file(
        "a figure is said to be another project's",
        f"{FIRST}/figures.json",
        r'"project":"[^"]+"',
        '"project":"other"',
        "figures",
    ),
    file("a list leads to other figures", "figures.json", r'("sha256":")\w', r"\g<1>x", "downloads"),
    file(
        "a row of a download grows",
        f"{FIRST}/ledger/ledger.csv",
        r"(,confirmed,,\w+,)(\d)",
        r"\g<1>9\g<2>",
        "downloads",
    ),
    file("a list of ledgers counts more rows", "data/ledger.json", r'("rows":)', r"\g<1>9", "downloads"),
    file(
        "a result of a check changes",
        f"{FIRST}/findings.json",
        r'"result":"failed"',
        '"result":"ok"',
        "downloads",
    ),
    file("a chart's table grows", f"{FIRST}/c1.csv", r"(,)(\d+)(,msat)", r"\g<1>9\g<2>\g<3>", "chart-data"),
    file("a page states another number", "index.html", r'(data-figure="all/raised">)\d', r"\g<1>9", "pages"),
    file("a page states a bare amount", "index.html", r"</main>", "<p>9 BTC raised</p></main>", "pages"),
    file("a page begs for money elsewhere", "index.html", r"</main>", "<p>Pay me</p></main>", "same-bytes"),
    file("a chart is drawn otherwise", f"{FIRST}/c1.svg", r"( [hv]\d|[ML]\d)", r"\g<1>1", "same-bytes"),
    file("a style hides a warning", "style.css", r"\Z", ".notice{display:none}", "same-bytes"),
    file(
        "a schema allows more",
        "data/schema/figures.json",
        r'"additionalProperties": false',
        '"additionalProperties": true',
        "schemas-ours",
    ),
    file(
        "the manifest names another snapshot",
        "manifest.json",
        r'("snapshot": ?")\w',
        r"\g<1>x",
        "snapshot-stated",
    ),
    Case(name="a page is added", how=FileTampering(edit=add_file), finds="same-bytes"),
    Case(name="a chart is taken away", how=FileTampering(edit=drop_file), finds="same-bytes"),
    Case(name="a line is in no run record", how=FileTampering(edit=unvouched), finds="run-records"),
    Case(name="a line is not canonical", how=FileTampering(edit=spaced), finds="log-lines"),
    Case(name="the log is cut off", how=FileTampering(edit=cut), finds="log-lines"),
    changing("a BTCPay row disappears", paid_to_a_server, gone, "store-places"),
    changing("a BTCPay row grows", paid_to_a_server, more, "store-places"),
    Case(
        name="an investment was more six hours before",
        how=before(on_chain(Kind.INVESTMENT), more),
        finds="entries-derived",
    ),
    Case(
        name="a title is taken down and another put in its place",
        how=LogTampering(edit=taken_down_and_reworded),
        finds="terms",
    ),
    Case(
        name="a claim is taken back with its evidence", how=LogTampering(edit=claim_taken_back), finds="rules"
    ),
    Case(
        name="a rate was another one six hours before",
        how=before(of(Rate), setting(price=Decimal(1))),
        finds="rules",
    ),
    Case(name="bitcoin is called a currency", how=called_a_currency(), finds="recipe"),
    Case(name="a project has two pages", how=on_two_pages(), finds="recipe"),
    # what a site alone does not give away
    Case(
        name="a claim is left out with its evidence",
        how=LogTampering(edit=claim_left_out),
        limit="left-out",
    ),
    Case(
        name="an older line names another goal",
        how=before(of(Project, source="angor"), setting(goal=None)),
        limit="former",
    ),
    Case(
        name="an invented row is taken back",
        how=LogTampering(edit=invented_and_taken_back),
        limit="former",
    ),
    Case(name="a BTCPay row disappears from its store as well", how=said_twice(gone), limit="btcpay"),
    Case(name="a BTCPay row grows, and its store", how=said_twice(more), limit="btcpay"),
    changing("a declaration disappears", of(Declaration), gone, limit="btcpay"),
    Case(name="all BTCPay rows disappear", how=LogTampering(edit=without_project), limit="btcpay"),
    Case(
        name="an investment is left out with its evidence", how=LogTampering(edit=left_out), limit="left-out"
    ),
    changing("a project is invented in the census", of(Announced), invented, limit="census"),
    Case(
        name="an investment of 4,950 BTC is spent from nothing",
        how=LogTampering(edit=spent_from_nothing),
        limit="indexers-word",
    ),
    Case(
        name="4,950 BTC from nothing wait for a block",
        how=LogTampering(edit=partial(spent_from_nothing, status=Status.PENDING)),
        limit="indexers-word",
    ),
    Case(name="an investment is taken back", how=LogTampering(edit=withdrawn), limit="taken-back"),
    row("a rate changes", of(Rate), limit="provider", price=Decimal(1)),
    Case(name="a run says it was later", how=LogTampering(edit=earlier_run), limit="publisher"),
    Case(
        name="nothing is ever called stale",
        how=ConfigTampering(change=never_stale),
        limit="publisher",
    ),
    Case(name="goals are set low", how=ConfigTampering(change=reached), limit="publisher"),
    Case(
        name="another maker is named, with other words",
        how=FileTampering(edit=another_maker),
        limit="another-version",
    ),
)
