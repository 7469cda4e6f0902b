"""What Sunlit wrote into a log about answers of no use, and about money that a store does not show.

These are the forms alone; `recorded_words` recognises them.
"""

from typing import Final

from generator.sentence import Sentence, say, say_count

#: How a server of BTCPay refused, what is to be done, and what was asked of it.
REFUSALS: Final = (
    say(
        "{subject}: {host} does not accept the API key in {variable} ({status}): unknown, revoked, or its "
        "user is disabled; create a key with {permission} at {address}"
    ),
    say(
        "{subject}: {host} refused the API key in {variable} ({status}): it lacks {permission}, or the store "
        "is not one of its user's; check the store id, or create a key with {wanted} at {address}"
    ),
    say("{subject}: {host} refused {what} (422); is the server newer than Sunlit?"),
    say("the question"),
    say("{subject}: {host} answered {status}; {step}"),
    say("{subject}: {host} answered {status} with a web page; {step}"),
    say("{subject}: {host} answered {status} with nothing; {step}"),
    say("{subject}: {host} sent JSON of another shape ({fault}); is the server's version supported?"),
    say("{subject}: {host} sent JSON that is damaged or cut off ({size}); the next run asks again"),
    say("{subject}: {host} redirects to {address}; {step}"),
    say("{subject}: {host}: {observed}; the next run asks again"),
    say("expected {wanted}: check the address, and that no login page or proxy stands before it"),
    say("expected {wanted}"),
    say("redirects are not followed: put the final address in the configuration"),
    say("expected 200; look at the server's own log, then run: sunlit doctor"),
    say("no app of this kind has this id; copy the id from the app's settings"),
    say("the server has nothing with this id; copy the id from the app's settings"),
    say("the invoice is gone since it was listed"),
    say("the invoice has changed since it was listed"),
    say("there is no payment request with this id; copy the id from its address"),
    say("the webhook is gone since it was listed"),
    say("the delivery is gone since it was listed"),
    say("the server keeps deliveries for 60 days only; polling has read what it told"),
    say("the server names no reason; look at the server's own log, then run: sunlit doctor"),
    say("the server no longer has this route; look for a newer Sunlit"),
    say("{address} shows no Greenfield API here: check the url and its path prefix"),
    say("{subject} ({label})"),
    say("invoices of store {store}"),
    say("an invoice of store {store}"),
    say("payment methods of an invoice of store {store}"),
    say("deliveries of a webhook of store {store}"),
    say("webhooks of store {store}"),
    say("payment request {request}"),
    say("crowdfund {app}"),
    say("point of sale {app}"),
    say("version of the server"),
    say("permissions of the key"),
    say("store {number} of {server}"),
)
#: What a store does not show of money that went back, and of payments.
UNSHOWN: Final = (
    say("{what} of which it cannot be read what left, when, or whether"),
    say("BTCPay dates {what} after this run: is the server's clock right?"),
    say(
        "{what} of unknown purpose whose payouts BTCPay does not show (purposes in config.yaml says what "
        "they are for)"
    ),
    say(
        "{what} of unknown purpose, {sum}, since the first payment here: some may be refunds (purposes in "
        "config.yaml says what payouts are for)"
    ),
    say("{sum} promised over {days} days ago may already be paid by hand"),
    say(
        "{what} in another coin, listed with other coins and in no sum of bitcoin; bitcoin had been paid, or "
        "may have been: more went back than is counted in it"
    ),
    say("{what} in another coin, of what was paid in no bitcoin: listed there"),
    say("{what} tied to the invoice {how}"),
    say("{what} counted by the owner's word: BTCPay shows no transaction of it"),
    say("{what} of this store is of an invoice of another store too ({holder}), and counted there alone"),
    say("{what} of this store are of an invoice of another store too ({holder}), and counted there alone"),
    say("the status of {what}"),
    say("{what}, {sum} sat"),
)
#: Counts, by both of their forms.
COUNTED: Final = (
    say_count("{count} payment", "{count} payments", 1),
    say_count("{count} invoice", "{count} invoices", 1),
    say_count("{count} payout", "{count} payouts", 1),
    say_count("{count} refund", "{count} refunds", 1),
    say_count("{count} closed refund", "{count} closed refunds", 1),
    say_count("{count} closed pull payment", "{count} closed pull payments", 1),
    say_count("{count} byte", "{count} bytes", 1),
)


def of_count(text: str) -> Sentence | None:
    """Return the sentence of ``3 payments``, None for what is none."""
    number, _, noun = text.partition(" ")
    known = next((form for form in COUNTED if f"{{count}} {noun}" in (form.text, form.many)), None)
    return say_count(known.text, known.many, int(number)) if known and number.isdecimal() else None
