"""Documents about the server itself: stores, crowdfunds, keys, rates, refunds."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.model import CHAIN, Crowdfund, Payout, PullPayment, Store, btc
from generator.sandbox.btcpay.texts import Texts

Json = dict[str, object]


def store_document(store: Store, texts: Texts) -> Json:
    """Return a store's settings."""

    def say(name: str, usual: str | None = None) -> str | None:
        return texts.say(f"store.{name}", store.id, usual)

    return {
        "id": store.id,
        "name": say("name", store.name),
        "website": say("website", "https://example.org"),
        "brandColor": say("brandColor"),
        "applyBrandColorToBackend": False,
        "logoUrl": say("logoUrl"),
        "cssUrl": say("cssUrl"),
        "paymentSoundUrl": say("paymentSoundUrl"),
        "supportUrl": say("supportUrl"),
        "invoiceExpiration": 900,
        "displayExpirationTimer": 300,
        "refundBOLT11Expiration": 30,
        "monitoringExpiration": 86400,
        "speedPolicy": "MediumSpeed",
        "lightningDescriptionTemplate": say("lightningDescriptionTemplate"),
        "paymentTolerance": 0.0,
        "anyoneCanCreateInvoice": False,
        "defaultCurrency": store.currency,
        "additionalTrackedRates": ["USD"],
        "lightningAmountInSatoshi": False,
        "lightningPrivateRouteHints": False,
        "onChainWithLnInvoiceFallback": False,
        "lazyPaymentMethods": False,
        "redirectAutomatically": False,
        "archived": store.archived,
        "showRecommendedFee": True,
        "recommendedFeeBlockTarget": 1,
        "defaultPaymentMethod": None,
        "defaultLang": "en",
        "htmlTitle": say("htmlTitle"),
        "networkFeeMode": "MultiplePaymentsOnly",
        "paymentMethodCriteria": [],
        "payJoinEnabled": False,
        "autoDetectLanguage": False,
        "showPayInWalletButton": True,
        "showStoreHeader": True,
        "celebratePayment": True,
        "playSoundOnPayment": False,
        "receipt": {"enabled": True, "showQR": True, "showPayments": True},
    }


def crowdfund_document(app: Crowdfund, texts: Texts, *, published: bool) -> Json:
    """Return a crowdfund's settings; `published` tells whether a report may show its texts."""

    def say(name: str, usual: str | None = None) -> str | None:
        return texts.say(f"crowdfund.{name}", app.id, usual)

    def show(name: str, usual: str) -> str:
        return texts.text(f"crowdfund.{name}", app.id, usual, published=published)

    every, unit = app.reset or (1, "Never")
    return {
        "perks": [_perk(app, texts)],
        "title": show("title", app.title),
        "enabled": app.enabled,
        "enforceTargetAmount": False,
        "startDate": app.starts,
        "targetCurrency": app.currency,
        "description": f"<p>{show('description', app.description)}</p>",
        "endDate": app.ends,
        "targetAmount": app.target,
        "mainImageUrl": texts.say("crowdfund.mainImageUrl", app.id, app.picture or None, published=published),
        "notificationUrl": say("notificationUrl"),
        "tagline": show("tagline", app.tagline),
        "disqusEnabled": False,
        "disqusShortname": say("disqusShortname"),
        "soundsEnabled": False,
        "animationsEnabled": False,
        "resetEveryAmount": every,
        "resetEvery": unit,
        "displayPerksValue": False,
        "displayPerksRanking": False,
        "sortPerksByPopularity": False,
        "sounds": [say("sounds", "https://example.org/sound.wav")],
        "animationColors": [say("animationColors", "#FF6138")],
        "htmlLang": say("htmlLang"),
        "htmlMetaTags": say("htmlMetaTags"),
        "formId": say("formId"),
        "id": app.id,
        "appType": "Crowdfund",
        "appName": say("appName", app.name),
        "storeId": app.store,
        "archived": app.archived,
        "created": app.created,
    }


def till_document(till: str, store: str, texts: Texts) -> Json:
    """Return a point of sale's settings, as far as OpenAPI asks for more than an app's own."""
    return {
        "title": texts.say("pos.title", till, "Till"),
        "description": texts.say("pos.description", till, "Bread and tea"),
        "defaultView": "Static",
        "currency": "EUR",
        "items": [],
        "id": till,
        "appType": "PointOfSale",
        "appName": texts.say("pos.appName", till, "Till"),
        "storeId": store,
        "archived": False,
        "created": 1_600_000_000,
    }


def request_document(request: str, store: str, texts: Texts) -> Json:
    """Return a payment request that nobody paid yet."""
    return {
        "id": request,
        "storeId": store,
        "status": "Pending",
        "createdTime": 1_600_000_000,
        "amount": 25,
        "currency": "EUR",
        "title": texts.say("request.title", request, "Membership"),
        "description": texts.say("request.description", request, None),
        "archived": False,
    }


def _perk(app: Crowdfund, texts: Texts) -> Json:
    def say(name: str, usual: str | None = None) -> str | None:
        return texts.say(f"crowdfund.perks.{name}", app.id, usual)

    return {
        "id": say("id", "sticker-pack"),
        "title": say("title", "Sticker pack"),
        "disabled": False,
        "description": say("description", "Five stickers"),
        "categories": None,
        "image": say("image"),
        "priceType": "Minimum",
        "price": "20.0",
        "buyButtonText": say("buyButtonText"),
        "inventory": 96,
        "taxRate": None,
    }


def key_document(key: str, permissions: Collection[str], texts: Texts) -> Json:
    """Return what a key may do; the answer repeats the key itself."""
    return {
        "apiKey": key,
        "label": texts.say("key.label", key, "funding reporter"),
        "permissions": list(permissions),
    }


def server_document(version: str, texts: Texts) -> Json:
    """Return version and state of the server."""
    height = 956000
    return {
        "version": version,
        "onion": texts.say("server.onion", "", None),
        "supportedPaymentMethods": ["BTC-CHAIN", "BTC-LN", "BTC-LNURL"],
        "fullySynched": True,
        "syncStatus": [
            {
                "paymentMethodId": CHAIN,
                "available": True,
                "chainHeight": height,
                "syncHeight": height,
                "nodeInformation": {"headers": height, "blocks": height, "verificationProgress": 1.0},
            }
        ],
    }


def rate_documents(books: Books, pairs: Iterable[str]) -> list[Json]:
    """Return current prices for pairs such as ``BTC_EUR``; errors come per pair."""
    found: list[Json] = []
    for pair in pairs:
        coin, _, currency = pair.upper().partition("_")
        price = books.prices.get(currency) if coin == "BTC" else None
        found.append(
            {
                "currencyPair": f"{coin}_{currency}",
                "rate": None if price is None else f"{price:f}",
                "errors": ["RateUnavailable"] if price is None else [],
            }
        )
    return found


def pull_document(pull: PullPayment, base: str, texts: Texts) -> Json:
    """Return a promise of money out."""
    name = pull.name if pull.refund else texts.say("pull.name", pull.id, pull.name)
    return {
        "startsAt": pull.starts,
        "expiresAt": None,
        "id": texts.own("pull.id", pull.id),
        "name": name,
        "description": texts.text("pull.description", pull.id, "Thank you, and sorry"),
        "currency": pull.currency,
        "amount": _amount(pull.amount),
        "BOLT11Expiration": 30,
        "archived": pull.archived,
        "viewLink": f"{base}/pull-payments/{pull.id}",
        "autoApproveClaims": False,
    }


def payout_document(payout: Payout, texts: Texts) -> Json:
    """Return money on its way out."""
    proof = None
    if payout.proof:
        proof = {
            "proofType": "PayoutTransactionOnChainBlob",
            "id": texts.own("payout.paymentProof.id", payout.proof),
            "link": texts.say("payout.paymentProof.link", payout.id, None),
        }
    metadata = {"source": texts.say("payout.metadata.source", payout.id, payout.source)}
    return {
        "date": payout.at,
        "id": texts.own("payout.id", payout.id),
        "pullPaymentId": payout.pull or None,
        "destination": texts.own("payout.destination", payout.destination),
        "payoutMethodId": payout.rail,
        "originalAmount": _amount(payout.original),
        "originalCurrency": payout.currency,
        "payoutCurrency": "BTC",
        "payoutAmount": None if payout.amount_msat is None else btc(payout.amount_msat),
        "state": payout.state,
        "revision": 1,
        "paymentProof": proof,
        "metadata": metadata,
    }


def _amount(value: Decimal) -> str:
    return f"{value:f}"
