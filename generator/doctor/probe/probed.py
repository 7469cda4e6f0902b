"""What a probe found of one server, and the sentence for the maintainer; None is what was not found out."""

from collections.abc import Iterator

import msgspec

from generator.doctor.diagnosis import Diagnosis, Level

_USUAL_ANSWER_S, _QUICK_S = 2.0, 0.1


class ProbedIndexer(msgspec.Struct, frozen=True, kw_only=True):
    """The capabilities of a Bitcoin indexer as they were seen."""

    host: str
    requests: int  #: that the probe made
    problem: str = ""  #: why nothing more was asked, empty when all was
    prefix: str | None = None  #: of the interface: ``/api``, ``/api/v1`` or empty
    right_network: bool | None = None  #: by the first block
    backend: str | None = None  #: ``electrum``, ``esplora``, …, as the server says itself
    tip_height: int | None = None
    tip: bool | None = None  #: whether it has a route for its height
    page_size: int | None = None  #: confirmed and waiting transactions of the first page; None if all fitted
    cursor: str | None = None  #: ``after_txid``, ``chain``, or ``none``: later pages cannot be asked for
    unknown_cursor: str | None = None  #: ``first page``, ``empty page``, or a status
    spenders: bool | None = None  #: spends say by whom
    batch: bool | None = None  #: one question for the spends of many transactions
    proofs: bool | None = None  #: Merkle branches
    headers: bool | None = None
    block_txids: bool | None = None  #: the ids of a block, from which a branch can be made
    quoted: bool | None = None  #: plain answers come as JSON text
    price_history: str | None = None  #: ``yes``, ``empty`` or ``none``
    quota: str | None = None  #: how it refused for too many requests, None if it did not
    per_second: float | None = None  #: requests that the configuration allows, None without a word
    seconds: float | None = None  #: the middle of its answers' durations


class ProbedRelay(msgspec.Struct, frozen=True, kw_only=True):
    """What a Nostr relay says of itself (NIP-11), and how it answered one question."""

    url: str
    requests: int
    problem: str = ""
    software: str | None = None
    max_limit: int | None = None  #: events a page, as it says
    max_message_length: int | None = None
    max_subscriptions: int | None = None
    auth_required: bool | None = None
    payment_required: bool | None = None
    page_size: int | None = None  #: events of the first page, None if all fitted
    announced: int | None = None  #: different projects of Angor in the pages that were read
    whole: bool | None = None  #: whether it ended its answers, and had no more
    words: str | None = None  #: of a NOTICE or CLOSED
    seconds: float | None = None


def advice(found: "ProbedIndexer | ProbedRelay") -> Diagnosis:
    """Say in one sentence what a server is good for and what to do about it."""
    if isinstance(found, ProbedIndexer):
        observed, fix, level = _of_indexer(found)
        subject, source, code = found.host, "indexers", "probe-indexer"
    else:
        observed, fix, level = _of_relay(found)
        subject, source, code = found.url, "nostr", "probe-relay"
    return Diagnosis(code=code, level=level, source=source, subject=subject, observed=observed, fix=fix)


def _of_indexer(found: ProbedIndexer) -> tuple[str, str, Level]:
    if found.right_network is False:
        return "serves another network", "Remove it from sources.indexers", Level.ERROR
    if found.prefix is None:
        fix = "Remove it from sources.indexers if this lasts; it costs its time-out once a run"
        return found.problem or "has no interface of an indexer at this address", fix, Level.WARNING
    habits, remedies = list(_habits(found)), list(_remedies(found))
    name = f"interface under {found.prefix or '/'}" + (
        f", {found.backend} behind it" if found.backend else ""
    )
    height = "no route for its height" if found.tip is False else f"block {found.tip_height}"
    observed = "; ".join((f"{name}; {height}", *habits))
    return observed, ". ".join(remedies), Level.WARNING if remedies else Level.OK


def _habits(found: ProbedIndexer) -> Iterator[str]:
    if found.page_size is not None:
        after = {"after_txid": "the next by after_txid", "chain": "the next by /txs/chain", "none": "no next"}
        yield f"{found.page_size} transactions a page, {after.get(found.cursor or '', 'next not tried')}"
    if found.unknown_cursor:
        yield f"an unknown cursor gives {found.unknown_cursor}"
    gaps = {
        "does not say who spends": found.spenders,
        "answers for one transaction at a time": found.batch,
        "no Merkle branches": found.proofs,
        "no headers": found.headers,
        "no lists of blocks": found.block_txids,
    }
    yield from (words for words, has in gaps.items() if has is False)
    if found.quoted:
        yield "text in quotation marks"
    if found.price_history:
        yield f"price history: {found.price_history}"
    if found.seconds is not None:
        yield _pace(found.seconds)
    yield f"limit: {found.quota}" if found.quota else f"no limit met in {found.requests} requests"


def _remedies(found: ProbedIndexer) -> Iterator[str]:
    if found.quota:
        yield "It limits requests: put it last, so that it is only the witness, or say its rate (per_second)"
    elif found.problem:
        yield f"It {found.problem}: probe again, and remove it if this lasts"
    if found.tip is False:
        yield "Runs look for its height block by block: put a server before it that tells its own"
    if found.cursor == "none":
        yield "Longer histories cannot be read from it: keep a server that pages before it"
    if found.headers is False or (found.proofs is False and found.block_txids is False):
        yield "Nothing is proven by it alone: keep another beside it"
    if (found.seconds or 0) > _USUAL_ANSWER_S:
        yield "It is slow, and so is a first run over it: put a quicker one first"


def _of_relay(found: ProbedRelay) -> tuple[str, str, Level]:
    parts = [found.software or "does not say what it is (NIP-11)"]
    if found.announced is not None:
        parts.append(f"{found.announced}{'' if found.whole else ' or more'} projects announced")
    if found.page_size:
        parts.append(f"{found.page_size} events a page")
    if found.max_limit:
        parts.append(f"at most {found.max_limit} as it says")
    if found.seconds is not None:
        parts.append(_pace(found.seconds))
    if found.words:
        parts.append(f"says “{found.words}”")
    if found.auth_required or "auth-required" in (found.words or ""):
        fix = "It wants a login: name a key in sources.nostr.auth_key_env, or choose another; "
        fix += "`sunlit doctor --source nostr` says whether the key lets you in"
        return "; ".join((*filter(None, [found.problem]), *parts)), fix, Level.WARNING
    if found.problem:
        fix = "Others stand in for it; replace it in sources.nostr.relays if this lasts"
        return "; ".join((found.problem, *parts[1:])), fix, Level.WARNING
    if found.payment_required:
        return "; ".join(parts), "It wants payment before it answers: choose another", Level.WARNING
    return "; ".join(parts), "", Level.OK


def _pace(seconds: float) -> str:
    return f"{seconds:.1f} s an answer" if seconds >= _QUICK_S else "under 0.1 s an answer"
