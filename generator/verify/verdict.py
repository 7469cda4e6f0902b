"""Whose word the money of a site is: what verification concludes, in exact millisatoshis; pure."""

import msgspec

from generator.money import sat_text


class WordSums(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of what a site sums as raised, in msat; each row is in one of them."""

    proven_msat: int = 0  #: nobody's word: derived from evidence
    btcpay_msat: int = 0  #: of stores that the configuration lists
    indexer_msat: int = 0  #: *reported*: scripts derived, but no header and branch shown
    publisher_msat: int = 0  #: the rest: of stores that are listed no more, of terms that were taken down
    waiting_msat: int = 0  #: beside them: of investments that wait for a block, by an indexer's word

    @property
    def raised_msat(self) -> int:
        """What the parts add up to."""
        return self.proven_msat + self.btcpay_msat + self.indexer_msat + self.publisher_msat


def verdict(words: WordSums, network: str) -> str:
    """Return the sums as one sentence."""
    world = "" if network == "main" else " on a test network"
    proven, served, indexed, rest = map(
        sat_text, (words.proven_msat, words.btcpay_msat, words.indexer_msat, words.publisher_msat)
    )
    waiting = ""
    if words.waiting_msat:
        waiting = f" Beside that, {sat_text(words.waiting_msat)} sat wait for a block, by an indexer's word."
    return (
        f"Of {sat_text(words.raised_msat)} sat raised, {proven} sat are proven{world}, {served} sat stand by "
        f"a BTCPay server's word, {indexed} sat by an indexer's word (reported), and the rest, {rest} sat, "
        f"by the publisher's.{waiting}"
    )
