"""What Sunlit itself wrote into a log, recognised, so that pages say it in their language.

A log holds English: it is evidence, and the same for every reader. A text of a known form becomes its
message; what is in the slots is recognised again, or stays as it is written there. A text of no known form is
somebody's, such as a server's, and stays whole.
"""

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from generator.recorded_refusals import REFUSALS, UNSHOWN, of_count
from generator.sentence import Text, say

#: Of every source: why a row is in no sum, or stands no more as it stood.
_ROWS: Final = (
    say("marked invalid"),
    say("neither in a block nor waiting for one: replaced or dropped"),
    say("replaced by {other}, which spends the same"),
    say("no longer in the chain: block {block} was reorganised"),
    say("what it spends is gone: {reason}"),
    say("read again, it is no such spend"),
    say("read again, it is no such entry"),
    say("no longer observed"),
    say("the same row has another id, made with a new key"),
    say("the configuration binds this place to no project any more"),
    say("the server no longer shows it so: its payments moved to another row or changed their state"),
    say("bindings, periods or rules of privacy in config.yaml are others: its payments stand in other rows"),
    say("a goal begins anew on other days than before: its payments stand in other rows"),
    say("remembered under a keyed id now"),
    say("sources.btcpay of config.yaml lists its store no more"),
    say("no list of a moderator hides it any more"),
    say("{reason}; accepted by the maintainer: {why}"),
    say("what this quoted was taken down"),
)
#: Why a sum of the past is another one, or a row less than it was.
_CAUSES: Final = (
    say("read only after the month was over"),
    say("confirmed only after the month was over"),
    say("new in the same run"),
    say("no longer a row"),
    say("no longer confirmed"),
    say("its amount became smaller"),
    say("a check contradicts it"),
    say("waiting for confirmations again"),
    say("counted for another place of money now"),
    say("a {kind} by a closer look, taken for a {other} before"),
    say("in another block than before"),
    say("of another day than it was said to be"),
    say("its value at receipt was corrected"),
    say("its amount was corrected"),
)
#: What sources and servers are called.
_NAMES: Final = (
    say("Angor, from Nostr and Bitcoin"),
    say("Exchange rates, from {providers}"),
    say("BTCPay {host}, store {number}"),
    say("relay {address}"),
    say("indexer {address}"),
    say("too many to name"),
)
#: What was read of a project of Angor, and what its checks say.
_ANGOR: Final = (
    say("not in a block yet"),
    say("in a block of {at}, before the window opens on {day}"),
    say("in a block of {at}, after the window closed on {day}"),
    say("locked for {days} days, the terms say {promised}"),
    say("no indexer shows header and Merkle branch of block {block}"),
    say("the fields of event {event} hash to {hash}, the founding names {id}"),
    say("signed by {key}, expected the project's own key {expected}"),
    say("a later founding, for event {event}; the earliest, {txid}, counts"),
    say("no relay has event {event}, which the founding transaction commits to"),
    say("the committed event is about project {project}"),
    say("the event names no network, as those of before December 2025"),
    say("the event names network {network}, expected {expected}"),
    say("in block {height}, before the founding in block {founded}"),
    say("the witness shown is not the one in the chain: {reason}"),
    say("the founding transaction is not in a block yet"),
    say("no transaction that pays the project names a key, as a founding does"),
    say("output 0 does not pay the project's address"),
    say("output 1 has the layout of before 2024-11-29, which binds no event"),
    say("output 1 is not a founding OP_RETURN"),
    say("output 1 is not the note of an investment"),
    say("output 1 holds founder key {key}, the terms {expected}"),
    say("output 1 binds event {event}, not {expected}"),
    say("no indexer shows the coinbase of block {block}"),
    say("the stage outputs are not the scripts that terms and investor key derive"),
    say("{count} outputs follow the OP_RETURN, the terms have {expected} stages"),
    say("a stage output has the all-zero taproot key, which nobody can spend"),
    say("{count} seeder leaves have too many orders to try, and the usual one does not fit"),
    say("a fee of {fee} sat and stages of {shares} sat; the terms cut {sum} sat into {fee_due} and {due}"),
    say("the witness shows no script"),
    say("the script in the witness is none of the stage's"),
    say("the script in the witness is not the penalty's"),
    say("the control block does not lead to the stage's output key"),
    say("the joint script, and no output at the input's position"),
    say("the joint script, paid to an unknown script"),
    say("the joint script, paid to a penalty of another amount"),
    say("{count} confirmed transactions are listed by only one of {hosts}, such as {txid}"),
    say("the indexer lists {listed} and counts {counted}"),
    say("another indexer has another block at height {height}"),
    say("the indexers agree again"),
    say("the run ended before its turn; the next run goes on"),
    say("its terms cannot be established"),
    say("recorded transactions are not shown and not shown to be gone"),
    say("{count} recorded transactions are not shown and not shown to be gone: {txid}"),
    say(
        "the author asked relays to delete event {event} with event {request}; the founding transaction "
        "commits to it, so it counts"
    ),
    say("its key {key} is on the deny list that {moderator} signed, event {event}"),
    say("its key {key} is on no whitelist, expected in event {event} or another moderator's"),
    say("its clock and ours agree again"),
    say("its clock is about {hours} hours ahead of ours, so days and times that it tells may be wrong"),
    say("its clock is about {hours} hours behind ours, so days and times that it tells may be wrong"),
    say("not checked"),
)
#: What a store of BTCPay cannot decide, or what of it could not be read.
_BTCPAY: Final = (
    say("by payment request"),
    say("by order number"),
    say("by invoice id"),
    say("payments"),
    say("refunds"),
    say("payouts"),
    say("invoices"),
    say("declarations"),
    say("crowdfund settings"),
    say("BTCPay has no such crowdfund any more; texts and goal are those it last showed"),
    say("nothing was ever read here of what is bound, are source and id right in config.yaml? {reason}"),
    say("texts and goal are those it last showed, if any: {reason}"),
    say(
        "invoices that {owner} claims as well count there alone: more ties them to it, or it stands first in "
        "config.yaml"
    ),
    say(
        "{paid} may belong here: made before BTCPay marked every invoice, and nothing on them decides; "
        "counted as unassigned money of the store"
    ),
    say("{paid} named this goal in text a payer can write; counted for the rest of the store"),
    say(
        "of invoices created in {month}, money counted here {change}; the rest stands in another place of "
        "the "
        "store, and no setting changed: what BTCPay says of these invoices did"
    ),
    say("{what} of BTCPay cannot be read, so sums are at least what is shown; is Sunlit too old?"),
    say(
        "BTCPay dates {what} after this run, so sums are at least what is shown; is the server's clock right?"
    ),
    say("refunds are not fully known: {what}"),
    say("{what} whose payouts BTCPay does not show"),
    say("not read, because {source}, which holds some payments too, was not; the next run asks again"),
    say("the run ended before the source had said all; what it had read whole is recorded"),
)
#: How a server answered, or did not.
_SERVERS: Final = (
    say("no answer within {seconds} s"),
    say("{host}: no answer within {seconds} s"),
    say("cannot connect"),
    say("cannot connect: its name is not found"),
    say("cannot connect: {reason}"),
    say("{subject}: {host} answered {status}; the next run asks again"),
    say("{subject}: {host} answered {status}; look at the server's own log, then run: sunlit doctor"),
    say("{host} answered {status}; the next run asks again"),
    say("{subject}: {host} answered {status}"),
    say("{host} answered {status}"),
    say("answered {status} instead of opening a connection"),
    say("stopped answering"),
    say("did not open a connection in time"),
    say("closed the connection before the end"),
    say("hung up before it answered, or what it answered is not HTTP"),
    say("complete"),
    say("complete, without the event that other relays have"),
    say("{ending}, without {what} that other relays have"),
    say("answers"),
    say("no indexer answers: {faults}"),
    say("{complete} of {count} relays answered completely, expected {needed}: {endings}"),
    say("{subject}; the next run asks again"),
    say("{count} new records"),
    say("nothing new"),
)
#: Why a picture of a project is not shown, or its words are not as they were written.
_TEXTS: Final = (
    say("it is none of {formats}"),
    say("it cannot be made smaller than {size} bytes"),
    say("it has {width} x {height} pixels, at most {most} are taken"),
    say("it is damaged ({error})"),
    say("it could not be taken ({error})"),
    say("it did not come within {seconds} seconds"),
    say("it is larger than {size} bytes"),
    say("its address is no web address"),
    say("its server answers {status}"),
    say("its server cannot be read ({why})"),
    say("it is cut after {count} letters"),
    say("it nests lists or quotes more than {count} deep (line {line}), so it stands as plain text"),
    say("it has more than {what} (line {line}), so it stands as plain text"),
    say("it has a table of more than {count} cells (line {line}), so it stands as plain text"),
    say(
        "it has brackets over more than {count} letters of a paragraph, all added up (line {line}), so it "
        "stands as plain text"
    ),
    say("its name leads to no public address"),
    say("it took more memory or time than a picture may"),
)
_SLOT: Final = re.compile(r"\{(\w+)\}")
#: A status ends where it is said what to do.
_STATUS: Final = "[^;]+?"
_ALL: Final = (*_ROWS, *_CAUSES, *_NAMES, *_ANGOR, *_BTCPAY, *UNSHOWN, *_SERVERS, *REFUSALS, *_TEXTS)
_WHOLE: Final = {form.text: form for form in _ALL if not _SLOT.search(form.text)}


#: The longest forms first: they say most.
_SLOTTED: Final = tuple(
    sorted(
        (form for form in _ALL if form.text not in _WHOLE), key=lambda form: -len(_SLOT.sub("", form.text))
    )
)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = _SLOT.split(form)
    return re.compile(
        "".join(
            f"(?P<{part}>{_STATUS if part == 'status' else '.+?'})" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        ),
        re.DOTALL,
    )


def _filled(form: str, text: str) -> re.Match[str] | None:
    """Match a text with a form; most are told apart by how they begin and end, without a pattern."""
    if text.startswith(form.partition("{")[0]) and text.endswith(form.rpartition("}")[2]):
        return _pattern(form).fullmatch(text)
    return None


@lru_cache(maxsize=4096)
def recognised(text: str) -> Text:
    """Return the message of a recorded text; the text itself where it has no known form."""
    if known := _WHOLE.get(text) or of_count(text):
        return known
    for form in _SLOTTED:
        if match := _filled(form.text, text):
            said = tuple((name, recognised(value)) for name, value in match.groupdict().items())
            return replace(form, values=said)
    return text
