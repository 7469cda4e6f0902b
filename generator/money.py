"""Integer millisatoshis and their texts; no float ever holds money.

One bitcoin is 10^8 satoshis and 10^11 millisatoshis. Lightning payments carry
millisatoshis, on-chain amounts are whole satoshis.
"""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

MSAT_PER_SAT = 1_000
SAT_PER_BTC = 100_000_000
MSAT_PER_BTC = MSAT_PER_SAT * SAT_PER_BTC
#: All bitcoin there will ever be; a larger amount is a mistake or a lie.
MAX_MSAT = 21_000_000 * MSAT_PER_BTC
#: Narrow no-break space, between the digits of a number and before its unit.
THIN = "\N{NARROW NO-BREAK SPACE}"
#: Satoshis from which labels are shortened, and the units that shorten them.
_IN_FULL = 10_000
_SIZES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def msat_from_sat(sat: int) -> int:
    """Return millisatoshis for whole satoshis."""
    return sat * MSAT_PER_SAT


def group(digits: str) -> str:
    """Put a thin space between every three digits of a whole number's text."""
    sign = "\N{MINUS SIGN}" if digits.startswith("-") else ""
    return sign + f"{abs(int(digits)):,}".replace(",", THIN)


def sat_text(msat: int) -> str:
    """Return satoshis as people read them: ``1 234 567``, with millisatoshis after a point if any."""
    sat, rest = divmod(abs(msat), MSAT_PER_SAT)
    text = group(str(sat)) + (f".{rest:03d}" if rest else "")
    return f"\N{MINUS SIGN}{text}" if msat < 0 else text


def whole_sat_text(msat: int, rounding: str = ROUND_DOWN) -> str:
    """Return whole satoshis, ``1 234 567``; what is less than one is written exactly, never as nothing."""
    sat = Decimal(msat).scaleb(-3).quantize(Decimal(1), rounding)
    return group(f"{sat:f}") if sat or not msat else sat_text(msat)


def btc_text(msat: int, rounding: str = ROUND_HALF_EVEN) -> str:
    """Return bitcoin with three significant digits, from 100 on whole: ``0.0170``, ``1 235``."""
    btc = Decimal(msat).scaleb(-11)
    rounded = Context(prec=max(3, btc.adjusted() + 1), rounding=rounding).plus(btc)
    text = f"{rounded.quantize(Decimal(1).scaleb(min(0, rounded.adjusted() - 2))):f}" if msat else "0"
    whole, point, rest = text.removeprefix("-").partition(".")
    return ("\N{MINUS SIGN}" if msat < 0 else "") + group(whole) + point + rest


def short_sat(msat: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return satoshis as short labels say them: below 10 000 whole, else three digits."""
    sat = Decimal(msat).scaleb(-3)
    if abs(sat) < _IN_FULL:
        return sat.quantize(Decimal(1), ROUND_DOWN if rounding == ROUND_HALF_EVEN else rounding)
    return sat.quantize(Decimal(1).scaleb(sat.adjusted() - 2), rounding)


@lru_cache(maxsize=1024)  # a page says the same amount in its finding, its chart and its table
def short_sat_text(msat: int, rounding: str = ROUND_HALF_EVEN) -> str:
    """Return a short label: ``9 431``, ``62.4 M``, ``1.70 M``; never nothing for something.

    Zeros after the point say that digits were left out: ``80 M`` is exact.
    """
    sat = short_sat(msat, rounding)
    if not sat and msat:
        return sat_text(msat)
    size, suffix = next((unit for unit in _SIZES if abs(sat) >= max(unit[0], _IN_FULL)), (1, ""))
    scaled = sat / size
    exact = not suffix or sat * MSAT_PER_SAT == msat
    text = f"{scaled.normalize():f}" if exact else f"{scaled:.{max(0, 2 - scaled.adjusted())}f}"
    whole, point, rest = text.partition(".")
    return group(whole) + point + rest + (f"{THIN}{suffix}" if suffix else "")


_FIAT = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
ZWG
"""
#: Money of states (ISO 4217, without metals, bonds and tests).
FIAT = frozenset(_FIAT.split())
#: Decimals of currencies that do not have two, as BTCPay Server rounds them.
PLACES = {"BTC": 8, "JPY": 0, "SATS": 0}


def fiat_text(value: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN, *, short: bool = False) -> str:
    """Return a priced amount with its code, rounded half to even: ``EUR 1 234.50``, ``< EUR 0.01``.

    `short`, money of a state has no decimals from one unit on: ``EUR 1 234``. What is neither money of a
    state nor bitcoin keeps all its digits: nobody knows how many it has.
    """
    places = PLACES.get(currency, 2)
    if currency not in FIAT and currency not in PLACES:
        places = max(0, -int(value.as_tuple().exponent))
    if short and currency in FIAT and (abs(value) >= 1 or not value):
        places = 0
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    less = ""
    if not rounded and value and rounding == ROUND_HALF_EVEN:  # something is never shown as nothing
        less, rounded = f"{'<' if value > 0 else '>'}{THIN}", Decimal(1 if value > 0 else -1).scaleb(-places)
    whole, _, rest = f"{rounded:f}".partition(".")
    return f"{less}{currency}{THIN}{group(whole)}" + (f".{rest}" if rest else "")
