"""Invented people behind invoices: what a server knows of them and nobody else may learn."""

from typing import Final

from generator.sandbox.btcpay.model import Invoice
from generator.sandbox.btcpay.texts import Texts

Json = dict[str, object]

_FIRST: Final = ("Ada", "Bela", "Chidi", "Dara", "Edda", "Femi", "Goran", "Hana", "Ines", "Jomo")
_LAST: Final = ("Acar", "Brandt", "Costa", "Diallo", "Eriksen", "Fofana", "Greco", "Hoang", "Ito", "Jansen")
_CITIES: Final = (("Tallinn", "EE"), ("Lagos", "NG"), ("Porto", "PT"), ("Graz", "AT"), ("Leuven", "BE"))
#: metadata key → position in what `_usual` returns
_KEYS: Final = (
    "buyerName",
    "buyerEmail",
    "buyerAddress1",
    "buyerAddress2",
    "buyerZip",
    "buyerCity",
    "buyerState",
    "buyerCountry",
    "buyerPhone",
    "physical",
    "comment",
    "favouriteColour",
    "paymentRequestId",
)


def metadata(invoice: Invoice, base: str, texts: Texts) -> Json:
    """Return an invoice's metadata: what the shop filled in, and what the payer did."""
    usual = _usual(invoice)
    found: Json = {}
    own = {"paymentRequestId": invoice.request, "orderId": invoice.order, "buyerEmail": invoice.mail}
    for key in _KEYS:
        said = None if own.get(key) else texts.say(f"invoice.metadata.{key}", invoice.id, usual.get(key))
        if said is not None:
            found[key] = said
    for key, value in (*own.items(), *invoice.extra):
        if value:
            texts.own(f"invoice.metadata.{key}", max(value.split('"'), key=len))
            found[key] = value
    if invoice.order_page:
        found["orderUrl"] = full_url(invoice.order_page, base)
    if invoice.order_page or invoice.perk:
        found["itemCode"] = invoice.perk
    if invoice.described:
        found["itemDesc"] = texts.text("invoice.metadata.itemDesc", invoice.id, invoice.described)
    if texts.plant and not invoice.extra:
        found["posData"] = {"tip": texts.say("invoice.metadata.posData", invoice.id, None)}
        found["receiptData"] = {"Thanks": texts.say("invoice.metadata.receiptData", invoice.id, None)}
        found[texts.text("invoice.metadata.(key)", invoice.id, "")] = "an answer of a form"
    return found


def full_url(page: str, base: str) -> str:
    """Return an address of the server's own where a path is given."""
    return base + page if page.startswith("/") else page


def email(invoice: Invoice) -> str:
    """Return the payer's e-mail address, empty for one who left none."""
    return _usual(invoice).get("buyerEmail", "")


def _usual(invoice: Invoice) -> dict[str, str]:
    """Return plausible answers: everyone who paid leaves a name, every third one an address too."""
    if not invoice.payments:
        return {}
    number = sum(map(ord, invoice.id))
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // 10 % len(_LAST)]
    mail = f"{first}.{last}.{invoice.id[:4]}@example.org".lower()
    if number % 3:
        return {"buyerName": f"{first} {last}", "buyerEmail": mail}
    city, country = _CITIES[number % len(_CITIES)]
    return {
        "buyerName": f"{first} {last}",
        "buyerEmail": mail,
        "buyerAddress1": f"{number % 90 + 1} Mill Lane",
        "buyerCity": city,
        "buyerCountry": country,
        "comment": "sticker to the office please",
    }
