"""What nobody can tell from a published site alone."""

from typing import Final

from generator.origin import Origin
from generator.sentence import say

#: What nobody can tell from a published site alone: whose word it is, or the kind of forgery, then what a
#: forger can do and what still helps. The tests forge every field of the log and assert that what goes
#: undetected is declared to be one of these words, so that list, declaration and test are one.
LIMITS: Final = {
    Origin.BTCPAY: say(
        "A BTCPay row that was left out, changed or invented by whoever publishes the site. "
        "Nobody outside sees the invoices of a server, or what its own pages count; only its "
        "owner can compare."
    ),
    Origin.INDEXER: say(
        "What an indexer said and nothing proves: why a project could not be read and how much "
        "it may have raised at most, how many transactions an address has, whether its history "
        "was read to the end, and the height of the tip. Ask another indexer."
    ),
    Origin.RELAY: say(
        "Which newer texts of a founder a relay showed, and whether moderators hide a project. "
        "Each text that is shown is signed; that there is no newer one only relays tell."
    ),
    Origin.PROVIDER: say("Exchange rates. They are what the named provider said; compare with another one."),
    Origin.PUBLISHER: say(
        "What whoever publishes the site says: when somebody looked, whether a source answered "
        "then, and that a run was voided, which the command names; when money that waits was "
        "first seen; a check that held and is not listed; that a text was taken down and why, "
        "and why a row was taken back; purposes of payouts; what the configuration sets, such "
        "as titles, goals and when a source is called stale; pages and reasons in their own "
        "words. An earlier copy of the log shows whether it was rewritten."
    ),
    "left-out": say(
        "Money on chain, or a whole project, that was left out with all of its evidence; so may "
        "a spend be, and what the founder claimed long ago looks locked. What is shown is "
        "genuine; whether it is all of it only the chain itself tells: compare with an indexer "
        "of your own."
    ),
    "census": say(
        "An announced project that was left out of the census, or invented in it, where the log "
        "has nothing else of it. An unread one makes sums “≥”, so it matters. Which are "
        "announced only relays tell: the command asks them with --online."
    ),
    "indexers-word": say(
        "Money on chain that is reported: an indexer says in which block it is, no header and "
        "branch show it; and money that waits for a block. Whoever publishes can invent a "
        "transaction of this kind that spends what never was. The command says how much it is; "
        "nothing of it is called proven."
    ),
    "taken-back": say(
        "A row that a later line of the log took back, or that waits for a block again, for example "
        "because its block was reorganised. The command lists such rows; whether the reason is true "
        "only the chain itself tells."
    ),
    "idle-evidence": say(
        "A signed event, a transaction or a block header that nothing on the site rests on: it "
        "is genuine, and no number follows from it."
    ),
    "former": say(
        "What an older line of the log said and a later one changed or took back: former terms "
        "and goals, and sums of the past, on pages of changes. Whoever publishes can invent an "
        "older line; the sums of today do not rest on it. An earlier copy of the log shows what "
        "it said."
    ),
    "another-face": say(
        "A server that shows your browser other files than the command. Save the site with your "
        "browser and verify that folder."
    ),
    "test-chain": say(
        "Blocks of a test network cost nothing, so a forger can make them. On the main network "
        "of Bitcoin a header counts only with the target of its epoch, of about two weeks, as "
        "it follows from one block of August 2022 in the code. One that is forged costs what a "
        "real block of that epoch costs: 2²⁵⁶ ÷ (target + 1) hashes on average, 1.2 · 10²³ in "
        "August 2022. To forge the end of an epoch costs a block too; whoever pays for it can "
        "make each epoch after it up to four times cheaper, and contradicts every real block "
        "from there on."
    ),
    "another-version": say(
        "When another version of Sunlit or other templates made the site, files differ from those "
        "that are made here, and only what states a number is compared. Not bound are: the shape of "
        "charts and drawings, and which figures their tables list; which rows and figures a page "
        "leaves out, and which pages there are beside those of projects, health and checks; which "
        "items a feed or calendar has and which pages a list for crawlers, under which name and how "
        "often, with which words and link and time of change; days and ages that stand elsewhere on "
        "the same page; words beside and between numbers, also those of a catalogue of its own, and "
        "whether they warn that money is not real; marks beside words that ours have not; links that "
        "ours have not, or to another page of the same project, chart or explanation; of which page "
        "search engines are told; what a style sheet draws, how much of a text it shows and beside "
        "what. The command says so, and ends with 6 where bytes were not compared."
    ),
}
