# ruff: noqa: E501 -- a row a line
"""Plausible mistakes in `config.yaml`: what is written instead of what, and what `check` has to say of it.

Each row takes some text of `GOOD` away and puts another in its place, as a maintainer does who has never seen
YAML. `line` and `column` are where the mistake begins; `words` stand in the message, `fix` is what it tells to do.
"""

from typing import NamedTuple

GOOD = """\
version: 1
site:
  title: Village well
  base_url: https://village.github.io/report
network: main
units: {fiat: EUR}
angor:
  discover: listed
sources:
  btcpay:
    - id: pay
      url: https://pay.village.org
      token_env: BTCPAY_TOKEN
      stores: [9xAstore]
  nostr:
    relays:
      - wss://relay.village.org
      - wss://nos.lol
    quorum: 2
  indexers: [https://mempool.space]
  confirmations: 3
projects:
  - slug: well
    title: Village well
    btcpay: {source: pay, app: 2mPapp}
    goal:
      sats: 50000000
      deadline: 2027-03-31
  - slug: school
    angor: angor1q3u8tpryr3sq4n2vx2f05e93u9905au09hsgtxm
privacy:
  rows: day
quality:
  max_age_hours: 36
publish:
  refresh_hours: 24
"""


class Mistake(NamedTuple):
    """A row of the table."""

    name: str
    old: str  #: text of `GOOD`
    new: str  #: what stands there instead
    line: int
    column: int
    words: str  #: of the message
    fix: str  #: of the message, too


IDENTIFIER = "angor1q3u8tpryr3sq4n2vx2f05e93u9905au09hsgtxm"
NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
HEX = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"

SIGNS = [
    Mistake("a quote that nothing closes", "title: Village well\n  base", 'title: "Village well\n  base', 3, 10, "quote opens here", "write the same sign"),
    Mistake("a single quote that nothing closes", "title: Village well\n  base", "title: 'Village well\n  base", 3, 10, "single quote opens", "write the same sign"),
    Mistake("a quote closed by the next quote", "Village well\n  base_url: https://village.github.io/report", '"Village well\n  base_url: "https://village.github.io/report"', 3, 10, "quote opens here", "write the same sign"),
    Mistake("an apostrophe in single quotes", "title: Village well\n  base", "title: 'The village's well'\n  base", 3, 10, "ends before this line", "double quotes"),
    Mistake("double quotes in double quotes", "title: Village well\n  base", 'title: "The "big" well"\n  base', 3, 10, "ends before this line", "single quotes"),
    Mistake("a word behind a closed quote", "title: Village well\n  base", 'title: "Village" well\n  base', 3, 10, "ends before this line", "around all of it"),
    Mistake("a backslash in double quotes", "title: Village well\n  base", 'title: "Village\\well"\n  base', 3, 18, "backslash", "single quotes"),
    Mistake("a colon in a title", "title: Village well\n  base", "title: Well: the second year\n  base", 3, 10, "second colon", "double quotes"),
    Mistake("a colon in a title of a project", "    title: Village well\n    btcpay", "    title: Well: year two\n    btcpay", 24, 12, "second colon", "double quotes"),
    Mistake("no blank behind a colon", "network: main", "network:main", 5, 1, "blank is missing", "write network:"),
    Mistake("no blank behind a colon, deeper", "  title: Village well\n  base", "  title:Village well\n  base", 3, 3, "blank is missing", "write title:"),
    Mistake("no colon", "network: main", "network main", 5, 1, "colon is missing", "write network:"),
    Mistake("an equals sign", "network: main", "network = main", 5, 1, "equals sign", "write network:"),
    Mistake("no colon behind a section", "site:\n", "site\n", 2, 1, "colon is missing", "write site:"),
    Mistake("a bracket that nothing closes", "[9xAstore]", "[9xAstore", 14, 15, "bracket [ opens", "write ]"),
    Mistake("a brace that nothing closes", "{fiat: EUR}", "{fiat: EUR", 6, 8, "bracket { opens", "write }"),
    Mistake("a bracket too much", "[9xAstore]", "9xAstore]", 14, 7, "9xAstore]", "all in brackets"),
    Mistake("a closing bracket alone", "[9xAstore]", "]", 14, 15, "nothing stands before", "take it away"),
    Mistake("a comma missing in braces", "{source: pay, app: 2mPapp}", "{source: pay app: 2mPapp}", 25, 29, "comma is missing", "write [one, two]"),
    Mistake("a list in a line", "[9xAstore]", "- 9xAstore", 14, 15, "write a list", "[one, two]"),
    Mistake("a star at the beginning", "title: Village well\n  base", "title: *Well*\n  base", 3, 10, "begins with * or &", "quotes"),
    Mistake("an ampersand at the beginning", "title: Village well\n  base", "title: &\n  base", 3, 10, "begins with * or &", "quotes"),
    Mistake("an at sign at the beginning", "title: Village well\n  base", "title: @village\n  base", 3, 10, "sign @", "quotes"),
    Mistake("a percent sign at the beginning", "title: Village well\n  base", "title: %village\n  base", 3, 10, "sign %", "quotes"),
    Mistake("a back quote at the beginning", "title: Village well\n  base", "title: `village`\n  base", 3, 10, "sign `", "quotes"),
    Mistake("an exclamation mark at the beginning", "title: Village well\n  base", "title: !Village\n  base", 3, 3, "!Village", "quotes"),
    Mistake("a bar with a text behind", "title: Village well\n  base", "title: | Village\n  base", 3, 12, "next line", "quotes"),
    Mistake("braces of a template", "title: Village well\n  base", "title: {{ title }}\n  base", 3, 11, "key is expected", "quotes"),
    Mistake("three dashes in the middle", "network: main", "---\nnetwork: main", 5, 1, "three dashes", "take it away"),
    Mistake("a fence of Markdown", "version: 1\n", "```yaml\nversion: 1\n", 1, 1, "Markdown", "take this line away"),
    Mistake("marks of a merge", "network: main", "<<<<<<< HEAD\nnetwork: main\n=======\nnetwork: signet\n>>>>>>> other", 5, 1, "Git", "keep one version"),
    Mistake("a question mark at the beginning", "title: Village well\n  base", "title: ? well\n  base", 3, 10, "question mark", "quotes"),
    Mistake("a letter that cannot be seen", "title: Village well\n  base", "title: Village\x07well\n  base", 3, 17, "U+0007", "delete it"),
]  # fmt: skip

INDENTS = [
    Mistake("a tab", "  title: Village well\n  base", "\ttitle: Village well\n  base", 3, 1, "tab", "write two blanks"),
    Mistake("a tab deeper", "      url: https", "\t\turl: https", 12, 1, "tab", "write two blanks"),
    Mistake("a key too far right", "  base_url", "   base_url", 4, 4, "indented by 3 blanks", "same column"),
    Mistake("a key too far left", "      token_env", "     token_env", 13, 6, "indented by 5 blanks", "same column"),
    Mistake("an item too far left", "      - wss://nos.lol", "     - wss://nos.lol", 18, 6, "indented by 5 blanks", "same column"),
    Mistake("keys in the first column", "site:\n  title: Village well\n  base_url: https://village.github.io/report", "site:\ntitle: Village well", 3, 1, "unknown key 'title'", "belongs below site: move it"),
    Mistake("a section inside of another", "network: main", "  network: main", 5, 3, "unknown key 'network'", "belongs in the first column"),
    Mistake("a list among keys", "    quorum: 2", "    - quorum", 19, 5, "list begins among keys", "indent it"),
    Mistake("keys of an item left of it", "  - slug: school\n    angor", "  - slug: school\n   angor", 30, 4, "indented by 3 blanks", "same column"),
    Mistake("no blank behind a dash", "      - wss://nos.lol", "      -wss://nos.lol", 18, 7, "blank is missing", "write -"),
    Mistake("an item without a dash", "    - id: pay", "      id: pay", 10, 3, "list of such", "keys id, url"),
]  # fmt: skip

KEYS = [
    Mistake("a letter too few", "network: main", "netwrk: main", 5, 1, "unknown key 'netwrk'", "did you mean 'network'"),
    Mistake("capital letters", "network: main", "Network: main", 5, 1, "unknown key 'Network'", "did you mean 'network'"),
    Mistake("a hyphen", "  base_url", "  base-url", 4, 3, "unknown key 'base-url'", "did you mean 'base_url'"),
    Mistake("run together", "  base_url", "  baseUrl", 4, 3, "unknown key 'baseUrl'", "did you mean 'base_url'"),
    Mistake("American", "title: Village well\n  base", "license: MIT\n  title: Village well\n  base", 3, 3, "unknown key 'license'", "did you mean 'licence'"),
    Mistake("a plural", "units:", "unit:", 6, 1, "unknown key 'unit'", "did you mean 'units'"),
    Mistake("a singular", "projects:", "project:", 22, 1, "unknown key 'project'", "did you mean 'projects'"),
    Mistake("a key of nobody", "network: main", "network: main\ncolour: red", 6, 1, "unknown key 'colour'", "take it away"),
    Mistake("a key that belongs elsewhere", "network: main", "network: main\nrelays: [wss://nos.lol]", 6, 1, "unknown key 'relays'", "belongs below sources.nostr"),
    Mistake("fiat in the first column", "units: {fiat: EUR}", "fiat: EUR", 6, 1, "unknown key 'fiat'", "belongs below units"),
    Mistake("a key twice", "network: main", "network: main\nnetwork: signet", 6, 1, "stands twice", "keep one"),
    Mistake("a section twice", "privacy:\n", "units: {fiat: USD}\nprivacy:\n", 31, 1, "the first is in line 6", "keep one"),
    Mistake("no version", "version: 1\n", "", 1, 1, "'version' is missing", "add version: 1"),
    Mistake("no title", "  title: Village well\n  base", "  base", 2, 1, "'title' is missing in site", "add title:"),
    Mistake("no network", "network: main\n", "", 1, 1, "'network' is missing", "add network: main"),
    Mistake("no slug", "  - slug: school\n    angor", "  - angor", 29, 5, "'slug' is missing", "add slug:"),
    Mistake("no address", "      url: https://pay.village.org\n", "", 11, 7, "'url' is missing", "add url: https://"),
    Mistake("a section that is empty", "site:\n  title: Village well\n  base_url: https://village.github.io/report", "site:", 2, 1, "site is empty", "keys title, titles"),
    Mistake("a section that is a word", "angor:\n  discover: listed", "angor: listed", 7, 1, "angor is 'listed'", "keys discover"),
    Mistake("the schema as a key", "version: 1\n", "$schema: https://village.org/config.json\nversion: 1\n", 1, 1, "unknown key '$schema'", "as a comment"),
    Mistake("no source of a project", "    angor: " + IDENTIFIER, "    title: School", 29, 5, "give angor, btcpay or both", "give"),
]  # fmt: skip

VALUES = [
    Mistake("another network", "network: main", "network: mainnet", 5, 1, "network is 'mainnet'", "did you mean 'main'"),
    Mistake("a network in capitals", "network: main", "network: MAIN", 5, 1, "network is 'MAIN'", "did you mean 'main'"),
    Mistake("no value", "network: main", "network:", 5, 1, "network is empty", "allowed: main"),
    Mistake("a version of the future", "version: 1\n", "version: 2\n", 1, 1, "version is 2", "allowed: 1"),
    Mistake("a version in quotes", "version: 1\n", 'version: "1"\n', 1, 1, "version is '1'", "without quotes"),
    Mistake("a version with a letter", "version: 1\n", "version: v1\n", 1, 1, "version is 'v1'", "allowed: 1"),
    Mistake("a slug with capitals", "slug: school", "slug: School", 29, 5, "small letters", "write school"),
    Mistake("a slug with blanks", "slug: school", "slug: our school", 29, 5, "small letters", "write our-school"),
    Mistake("a slug with an umlaut", "slug: school", "slug: schöner-brunnen", 29, 5, "small letters", "write schoner-brunnen"),
    Mistake("a slug with underscores", "slug: school", "slug: our_school", 29, 5, "hyphens", "write our-school"),
    Mistake("a slug that is a path", "slug: school", "slug: /p/school/", 29, 5, "small letters", "write p-school"),
    Mistake("a slug twice", "slug: school", "slug: well", 29, 5, "stands twice", "write another"),
    Mistake("a slug that is taken", "slug: school", "slug: all", 29, 5, "portfolio", "choose another"),
    Mistake("a title that is too long", "title: Village well\n  base", "title: " + "well " * 50 + "\n  base", 3, 3, "1 to 200 letters", "it has 249"),
    Mistake("an empty title", "title: Village well\n  base", 'title: ""\n  base', 3, 3, "1 to 200 letters", "such as Village well"),
    Mistake("a title that is a list", "title: Village well\n  base", "title: [Village, well]\n  base", 3, 3, "site.title", "such as Village well"),
    Mistake("a title in a language the site has not", "title: Village well\n  base", "title: Village well\n  titles: {de: Dorfbrunnen}\n  base", 4, 12, "the site has no language 'de'", "add it to site.languages"),
    Mistake("a title in the first language", "title: Village well\n  base", "title: Village well\n  titles: {en: Well}\n  base", 4, 12, "en is the first language", "write this text as title"),
    Mistake("a title in other languages without their codes", "title: Village well\n  base", "title: Village well\n  titles: Dorfbrunnen\n  base", 4, 3, "site.titles", "such as"),
    Mistake("an empty title in another language", "title: Village well\n  base", "title: Village well\n  languages: [en, de]\n  titles: {de: ''}\n  base", 5, 12, "1 to 200 letters", "it has 0"),
    Mistake("a project's title in a language the site has not", "slug: school", "slug: school\n    titles: {fr: École}", 30, 14, "the site has no language 'fr'", "or take it out"),
    Mistake("a currency in small letters", "fiat: EUR", "fiat: eur", 6, 9, "three capital letters", "write EUR"),
    Mistake("a currency's sign", "fiat: EUR", "fiat: €", 6, 9, "code of a currency", "write EUR"),
    Mistake("a currency's name", "fiat: EUR", "fiat: Euro", 6, 9, "code of a currency", "write EUR"),
    Mistake("bitcoin as a currency", "fiat: EUR", "fiat: BTC", 6, 9, "BTC is bitcoin", "name a currency such as EUR"),
    Mistake("a currency twice", "fiat: EUR", "fiat: [EUR, EUR]", 6, 9, "stands twice", "keep one"),
    Mistake("currencies with a comma", "fiat: EUR", "fiat: 'EUR, USD'", 6, 9, "EUR, USD", "three letters"),
    Mistake("Norway", "{fiat: EUR}", "{fiat: [EUR, NO]}", 6, 21, "units.fiat[1] is 'NO'", "three letters"),
    Mistake("a number with commas", "sats: 50000000", "sats: 50,000,000", 27, 7, "whole number", "write 50000000"),
    Mistake("a number with dots", "sats: 50000000", "sats: 50.000.000", 27, 7, "whole number", "write 50000000"),
    Mistake("a number with a unit", "sats: 50000000", "sats: 50000000 sats", 27, 7, "whole number", "write 50000000"),
    Mistake("a number in words", "sats: 50000000", "sats: 50M", 27, 7, "whole number", "write all digits"),
    Mistake("an amount of bitcoin", "sats: 50000000", "sats: 0.5 BTC", 27, 7, "whole number", "write all digits"),
    Mistake("a part of a satoshi", "sats: 50000000", "sats: 0.5", 27, 7, "whole number", "such as 50000000"),
    Mistake("a goal of nothing", "sats: 50000000", "sats: 0", 27, 7, "from 1 to", "such as 50000000"),
    Mistake("a goal below nothing", "sats: 50000000", "sats: -5", 27, 7, "from 1 to", "such as 50000000"),
    Mistake("the currency before the amount", "sats: 50000000", "fiat: EUR 12000", 27, 7, "a number and a currency's code", "write 12000 EUR"),
    Mistake("no blank before the currency", "sats: 50000000", "fiat: 12000EUR", 27, 7, "a number and a currency's code", "write 12000 EUR"),
    Mistake("a sign before the amount", "sats: 50000000", "fiat: €12000", 27, 7, "a number and a currency's code", "write 12000 EUR"),
    Mistake("an amount with a comma", "sats: 50000000", "fiat: 12,000 EUR", 27, 7, "a number and a currency's code", "write 12000 EUR"),
    Mistake("an amount without currency", "sats: 50000000", "fiat: 12000", 27, 7, "currency is missing", "write its code"),
    Mistake("an amount in thousands", "sats: 50000000", "fiat: 12k EUR", 27, 7, "a number and a currency's code", "write all digits"),
    Mistake("both goals", "sats: 50000000", "sats: 50000000\n      fiat: 12000 EUR", 26, 5, "give sats or fiat", "not both"),
    Mistake("a German day", "deadline: 2027-03-31", "deadline: 31.03.2027", 28, 7, "year-month-day", "write 2027-03-31"),
    Mistake("an American day", "deadline: 2027-03-31", "deadline: 03/31/2027", 28, 7, "year-month-day", "write the year first"),
    Mistake("a day that is none", "deadline: 2027-03-31", "deadline: 2027-02-30", 28, 7, "no such day", "write one as 2027-03-31"),
    Mistake("a month", "deadline: 2027-03-31", "deadline: March 2027", 28, 7, "year-month-day", "such as 2027-03-31"),
    Mistake("a year", "deadline: 2027-03-31", "deadline: 2027", 28, 7, "deadline is 2027", "such as 2027-03-31"),
    Mistake("a time", "deadline: 2027-03-31", "deadline: 2027-03-31 18:00:00", 28, 7, "year-month-day", "such as 2027-03-31"),
    Mistake("an identifier with a slip", IDENTIFIER, IDENTIFIER[:20] + "z" + IDENTIFIER[21:], 30, 5, "its checksum is wrong", "copy it again"),
    Mistake("an identifier cut short", IDENTIFIER, IDENTIFIER[:-6], 30, 5, "39 letters instead of 45", "copy it again"),
    Mistake("an identifier in capitals", IDENTIFIER, IDENTIFIER.upper(), 30, 5, "identifier of an Angor project", f"write {IDENTIFIER} alone"),
    Mistake("an identifier with an odd letter", IDENTIFIER, IDENTIFIER[:-1] + "b", 30, 5, "letter 'b' is in no identifier", "copy it again"),
    Mistake("an npub as an identifier", IDENTIFIER, NPUB, 30, 5, "Nostr key of a person", "copy the identifier"),
    Mistake("hex digits as an identifier", IDENTIFIER, HEX, 30, 5, "hex digits", "copy the identifier"),
    Mistake("a founder's key as an identifier", IDENTIFIER, "02" + HEX, 30, 5, "public key", "copy the identifier"),
    Mistake("an address of the hub", IDENTIFIER, f"https://hub.angor.io/project/{IDENTIFIER}", 30, 5, "identifier of an Angor project", f"write {IDENTIFIER} alone"),
    Mistake("another page of the hub", IDENTIFIER, "https://hub.angor.io/explore", 30, 5, "address of a page", "copy the identifier"),
    Mistake("a Bitcoin address as an identifier", IDENTIFIER, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", 30, 5, "Bitcoin address", "copy the identifier"),
    Mistake("a Nostr event as an identifier", IDENTIFIER, "note1fntxtkcy9pjwucqwa9mddn7v03wwwsu9j330jj350nvhpky2tuaspk6nqc", 30, 5, "Nostr event", "copy the identifier"),
    Mistake("hex digits in capitals as a moderator", "  discover: listed", f"  discover: listed\n  moderation: deny\n  moderators: [{HEX.upper()}]", 10, 16, "Nostr public key", "write its letters small"),
    Mistake("a profile as a moderator", "  discover: listed", "  discover: listed\n  moderation: deny\n  moderators: [nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8g]", 10, 16, "Nostr profile", "copy the npub"),
    Mistake("a name as a moderator", "  discover: listed", "  discover: listed\n  moderation: deny\n  moderators: [me@village.org]", 10, 16, "this is a name", "copy the npub"),
    Mistake("moderators without a list", "  discover: listed", "  discover: listed\n  moderation: deny", 9, 3, "lists that somebody signs", "add their keys"),
    Mistake("an id with a blank", "app: 2mPapp", "app: 2mP app", 25, 27, "an id as BTCPay shows it", "copy the id alone"),
    Mistake("an address as an id", "app: 2mPapp", "app: https://pay.village.org/apps/2mPapp/pos", 25, 27, "an id as BTCPay shows it", "write 2mPapp alone"),
    Mistake("an id cut short", "app: 2mPapp", "app: 2mP…", 25, 27, "an id as BTCPay shows it", "copy the whole id"),
    Mistake("an id that is a number", "[9xAstore]", "[0x1f]", 14, 16, "must be text", "put it in quotes"),
    Mistake("no store", "[9xAstore]", "[]", 14, 7, "at least one item", "such as ["),
    Mistake("a store alone", "[9xAstore]", "9xAstore", 14, 7, "must be a list", "such as ["),
    Mistake("relays in a line", "    relays:\n      - wss://relay.village.org\n      - wss://nos.lol", "    relays: wss://nos.lol", 16, 5, "must be a list", "such as [wss://"),
    Mistake("a source of nobody", "source: pay", "source: pya", 25, 14, "not in sources.btcpay", "did you mean 'pay'"),
    Mistake("a store of nobody", "app: 2mPapp", "store: 9xAstor", 25, 27, "is not a store of server 'pay'", "did you mean '9xAstore'"),
    Mistake("two bindings in one", "{source: pay, app: 2mPapp}", "{source: pay, app: 2mPapp, store: 9xAstore}", 25, 5, "exactly one of app", "give exactly one"),
    Mistake("a quorum of too many", "quorum: 2", "quorum: 3", 15, 3, "quorum is 3", "write quorum: 2"),
    Mistake("a number in hours", "max_age_hours: 36", "max_age_hours: 36h", 34, 3, "whole number", "write 36"),
    Mistake("ages that do not fit", "refresh_hours: 24", "refresh_hours: 48", 36, 3, "refresh must be less", "must be less"),
    Mistake("yes as a number", "refresh_hours: 24", "refresh_hours: yes", 36, 3, "must be a number", "such as 1"),
    Mistake("off as a word", "rows: day", "rows: off", 32, 3, "privacy.rows is off", "allowed: day, payment"),
    Mistake("a yes in another language", "angor:\n", "quality: {forbid_total_drop: ja}\nangor:\n", 7, 11, "true or false", "such as true"),
    Mistake("too many confirmations", "confirmations: 3", "confirmations: 1000", 21, 3, "from 1 to 100", "such as 3"),
    Mistake("a variable in small letters", "BTCPAY_TOKEN", "btcpay_token", 13, 7, "name of an environment variable", "write BTCPAY_TOKEN"),
    Mistake("a variable with hyphens", "BTCPAY_TOKEN", "btcpay-token", 13, 7, "name of an environment variable", "write BTCPAY_TOKEN"),
    Mistake("a variable with a dollar sign", "BTCPAY_TOKEN", "$BTCPAY_TOKEN", 13, 7, "name of an environment variable", "write BTCPAY_TOKEN alone"),
    Mistake("a secret of a workflow", "BTCPAY_TOKEN", '"${{ secrets.BTCPAY_TOKEN }}"', 13, 7, "name of an environment variable", "write BTCPAY_TOKEN alone"),
    Mistake("a file of rates without its name", "confirmations: 3", "confirmations: 3\n  rates: {provider: csv}", 22, 11, "a file of your own", "name it"),
    Mistake("relays missing", "  nostr:\n    relays:\n      - wss://relay.village.org\n      - wss://nos.lol\n    quorum: 2\n", "", 25, 5, "Nostr relays", "add sources.nostr.relays"),
    Mistake("a repository's address", "privacy:\n", "hook: {server: pay, secret_env: HOOK, token_env: GH, repository: 'https://github.com/me/report'}\nprivacy:\n", 31, 54, "owner/name", "write me/report"),
    Mistake("a workflow's path", "privacy:\n", "hook: {server: pay, secret_env: HOOK, token_env: GH, repository: me/report, workflow: .github/workflows/publish.yml}\nprivacy:\n", 31, 77, "file name of a workflow", "write publish.yml"),
    Mistake("a short reason", "privacy:\n", "accepted: [{place: well, reason: gone}]\nprivacy:\n", 31, 26, "10 to 500 letters", "it has 4"),
]  # fmt: skip

ADDRESSES = [
    Mistake("no scheme", "url: https://pay", "url: pay", 12, 7, "its beginning is missing", "write https://"),
    Mistake("one slash", "url: https://pay", "url: https:/pay", 12, 7, "two slashes", "https:"),
    Mistake("three slashes", "url: https://pay", "url: https:///pay", 12, 7, "two slashes", "name of the server"),
    Mistake("no colon in an address", "url: https://pay", "url: https//pay", 12, 7, "colon is missing", "write https://"),
    Mistake("a slip in the scheme", "url: https://pay", "url: htps://pay", 12, 7, "htps://", "write https://"),
    Mistake("an address of mail", "url: https://pay", "url: mailto:me@pay", 12, 7, "http(s) address", "write https://"),
    Mistake("a relay as a server", "url: https://pay", "url: wss://pay", 12, 7, "begins with wss", "write https://"),
    Mistake("a server as a relay", "- wss://nos.lol", "- https://nos.lol", 18, 9, "begins with https", "write wss://"),
    Mistake("a relay without a scheme", "- wss://nos.lol", "- nos.lol", 18, 9, "its beginning is missing", "write wss://"),
    Mistake("a port beyond", "pay.village.org", "pay.village.org:99999", 12, 7, "port", "number from 1 to 65535"),
    Mistake("a port of letters", "pay.village.org", "pay.village.org:https", 12, 7, "port", "number from 1 to 65535"),
    Mistake("port zero", "pay.village.org", "pay.village.org:0", 12, 7, "port", "number from 1 to 65535"),
    Mistake("a bracket in an address", "https://pay.village.org", '"http://[::1"', 12, 7, "brackets [ ]", "write it as [2001:db8::1]"),
    Mistake("a broken name of another script", "pay.village.org", "xn--.", 12, 7, "letters that none may have", "copy it again"),
    Mistake("a label over 63 letters", "pay.village.org", "p" * 70 + ".org", 12, 7, "70 letters", "copy it again"),
    Mistake("two dots", "pay.village.org", "pay..village.org", 12, 7, "two dots", "take one away"),
    Mistake("a blank in an address", "pay.village.org", "pay. village.org", 12, 7, "blank", "delete it"),
    Mistake("a blank behind an address", "https://pay.village.org", '"https://pay.village.org "', 12, 7, "at its end", "delete it"),
    Mistake("a blank that cannot be seen", "pay.village.org", "pay.village.org\u200b", 12, 35, "cannot be seen", "delete it"),
    Mistake("curly quotes around an address", "https://pay.village.org", "“https://pay.village.org”", 12, 7, "signs stand around", "write the address alone"),
    Mistake("angle brackets around an address", "https://pay.village.org", "<https://pay.village.org>", 12, 7, "signs stand around", "write the address alone"),
    Mistake("backslashes in an address", "https://pay.village.org", "https:\\\\pay.village.org", 12, 7, "leans to the wrong side", "write / instead"),
    Mistake("a query in an address", "pay.village.org", "pay.village.org/?lang=de", 12, 7, "behind ?", "end it before"),
    Mistake("a fragment in an address", "pay.village.org", "pay.village.org/#stores", 12, 7, "behind #", "end it before"),
    Mistake("an IPv4 address of too much", "pay.village.org", "300.1.1.1", 12, 7, "four numbers", "192.0.2.7"),
    Mistake("the same relay twice", "- wss://nos.lol", "- wss://Relay.village.org/", 18, 9, "stands in line 17 already", "keep one"),
    Mistake("plain http to BTCPay", "https://pay.village.org", "http://pay.village.org", 12, 7, "API key to everyone", "use https"),
    Mistake("an onion without a proxy", "https://pay.village.org", "http://village234.onion", 12, 7, "Tor only", "add proxy"),
    Mistake("a proxy without a scheme", "      token_env", "      proxy: 127.0.0.1:9050\n      token_env", 13, 7, "a proxy's address", "write socks5h://"),
]  # fmt: skip

PASTED = [
    Mistake("blanks of a web page before a key", "  base_url", "\u00a0\u00a0base_url", 4, 1, "blank of another kind", "write plain blanks"),
    Mistake("a blank of a web page behind a colon", "network: main", "network:\u00a0main", 5, 9, "blank of another kind", "write plain blanks"),
    Mistake("a colon of another script", "network: main", "network\uff1amain", 5, 8, "no plain colon", "write :"),
    Mistake("a dash of a text program", "      - wss://nos.lol", "      \u2013 wss://nos.lol", 18, 7, "plain dash", "write -"),
    Mistake("a bullet", "      - wss://nos.lol", "      • wss://nos.lol", 18, 7, "plain dash", "write -"),
    Mistake("stars for a list", "      - wss://relay.village.org\n      - wss://nos.lol", "      * wss://relay.village.org\n      * wss://nos.lol", 17, 7, "plain dash", "write -"),
    Mistake("a link of Markdown", "https://pay.village.org", "[pay](https://pay.village.org)", 12, 12, "link of Markdown", "write the address alone"),
    Mistake("a table of TOML", "version: 1\nsite:\n", "[site]\n", 1, 1, "TOML", "write a key and a colon"),
    Mistake("a web page instead of the file", "version: 1\n", '<?xml version="1.0"?>\nversion: 1\n', 1, 1, "web page", "copy the file itself"),
    Mistake("a first key that is indented", "version: 1\n", "  version: 1\n", 1, 1, "first key is indented", "begin it in the first column"),
    Mistake("a comment of another language", "network: main", "// main\nnetwork: main", 5, 1, "no comment", "begin it with #"),
    Mistake("another file to include", "network: main", "!include more.yaml\nnetwork: main", 5, 1, "exclamation mark", "write the keys themselves"),
    Mistake("a dash without a blank", "    - id: pay", "    -id: pay", 11, 5, "blank is missing", "write - and a blank"),
    Mistake("an item too far right", "      - wss://nos.lol", "        - wss://nos.lol", 18, 9, "too far right", "same column as the dash above"),
    Mistake("an item that has no dash", "  indexers: [https://mempool.space]", "  indexers:\n    - https://mempool.space\n    https://village.org", 22, 5, "a dash is missing", "write - and a blank"),
    Mistake("a colon without a key", "network: main", ": main", 5, 1, "no key stands before", "write one"),
    Mistake("a tab behind a colon", "network: main", "network:\tmain", 5, 9, "tab", "write two blanks"),
    Mistake("several keys behind one", "{source: pay, app: 2mPapp}", "source: pay, app: 2mPapp", 25, 13, "second colon", "several keys in { }"),
    Mistake("no blanks in braces", "{source: pay, app: 2mPapp}", "{source:pay, app:2mPapp}", 25, 14, "'source:'", "write source"),
    Mistake("equals signs in braces", "{source: pay, app: 2mPapp}", "{source=pay, app=2mPapp}", 25, 14, "'source='", "write source"),
    Mistake("keys glued to their values", "privacy:\n  rows: day", "privacy:\n  rows:day", 32, 3, "privacy is 'rows:day'", "write a blank behind the colon"),
    Mistake("a file without a key", GOOD, "hello\n", 1, 1, "does not begin with a key", "write version: 1"),
    Mistake("a file that is a list", GOOD, "- version: 1\n", 1, 1, "does not begin with a key", "write version: 1"),
    Mistake("an empty file", GOOD, "# nothing yet\n", 1, 1, "file is empty", "write version: 1"),
    Mistake("a usual word for a key", "[https://mempool.space]", "[{address: https://mempool.space}]", 20, 15, "unknown key 'address'", "did you mean 'url'"),
    Mistake("a number with a comma in braces", "[https://mempool.space]", "[{url: https://mempool.space, per_second: 1,5}]", 20, 57, "unknown key '5'", "without a comma"),
    Mistake("a number with commas in braces", "    goal:\n      sats: 50000000\n      deadline: 2027-03-31", "    goal: {sats: 50,000,000}", 26, 21, "unknown key '000'", "write that as 50000000"),
    Mistake("a list where one belongs", "app: 2mPapp", "app: [2mPapp]", 25, 27, "an id as BTCPay shows it", "write one value"),
    Mistake("one where a list belongs", "[https://mempool.space]", "https://mempool.space", 20, 3, "list of such", "all in brackets"),
    Mistake("networks in a list", "network: main", "network: [main, signet]", 5, 1, "write one word", "allowed: main"),
    Mistake("more than all bitcoin", "sats: 50000000", "sats: 5000000000000000000", 27, 7, "from 1 to 2100000000000000", "such as 50000000"),
    Mistake("an app that two projects have", "    angor: " + IDENTIFIER, "    btcpay: {source: pay, app: 2mPapp}", 30, 27, "is bound by projects[0]", "keep one"),
    Mistake("names of variables in an address", "https://pay.village.org", "${BTCPAY_URL}", 12, 7, "not filled in", "write the address itself"),
    Mistake("a beginning twice", "https://pay.village.org", "https://https://pay.village.org", 12, 7, "stands twice", "write it once"),
    Mistake("a comma behind an address", "https://pay.village.org", "https://pay.village.org,", 12, 7, "signs that none may have", "copy it again"),
    Mistake("a hyphen at the beginning of a name", "pay.village.org", "-pay.village.org", 12, 7, "signs that none may have", "copy it again"),
    Mistake("a variable in curly quotes", "BTCPAY_TOKEN", "“BTCPAY_TOKEN”", 13, 7, "name of an environment variable", "write BTCPAY_TOKEN alone"),
    Mistake("seconds with a unit", "      stores", "      timeout: 30s\n      stores", 14, 7, "from 5 to 300", "write 30"),
    Mistake("a merge of nothing", "network: main", "<<: base\nnetwork: main", 5, 5, "behind <<", "write <<: *name"),
]  # fmt: skip

#: What is allowed and hardly meant: warnings.
TRAPS = [
    Mistake("the default base_url", "  base_url: https://village.github.io/report\n", "", 2, 1, "base_url is missing", "write where the site will stand"),
    Mistake("base_url of an example", "https://village.github.io/report", "https://example.org/report", 4, 3, "nobody's address", "write where the site will stand"),
    Mistake("two slashes in base_url", "github.io/report", "github.io//report", 4, 3, "two slashes in a row", "write one"),
    Mistake("base_url over http", "https://village.github.io", "http://village.github.io", 4, 3, "http://", "write https://"),
    Mistake("a title cut by a sign", "title: Village well\n  base", "title: Well #3 of the village\n  base", 3, 3, "ends before the sign #", "in quotes"),
    Mistake("a title cut by a sign and a blank", "title: Village well\n  base", "title: Well # 3\n  base", 3, 3, "ends before the sign #", "in quotes"),
    Mistake("a title that is a number", "title: Village well\n  base", "title: 2026\n  base", 3, 3, "site.title is 2026", 'write it in quotes, "2026"'),
    Mistake("a title that is a yes", "title: Village well\n  base", "title: Yes\n  base", 3, 3, "site.title is Yes", "in quotes"),
    Mistake("a licence that is a no", "title: Village well\n  base", "title: Village well\n  licence: no\n  base", 4, 3, "site.licence is no", "in quotes"),
    Mistake("a slug that is an on", "slug: school", "slug: on", 29, 5, "slug is on", "in quotes"),
    Mistake("a version with a dot", "version: 1\n", "version: 1.0\n", 1, 1, "version is 1.0", "write 1"),
    Mistake("a title with blanks", "title: Village well\n  base", 'title: "Village well "\n  base', 3, 3, "blanks", "take them away"),
    Mistake("a title with a line end", "title: Village well\n  base", "title: |\n    Village well\n  base", 3, 3, "empty line", "take them away"),
    Mistake("a currency of nobody", "fiat: EUR", "fiat: EUO", 6, 9, "no state's currency", "write its code"),
    Mistake("a goal in a currency of nobody", "sats: 50000000", "fiat: 12000 EUU", 27, 7, "no state's currency", "write its code"),
    Mistake("a path of BTCPay's pages", "pay.village.org", "pay.village.org/stores/9xAstore", 12, 7, "page of BTCPay", "https://pay.village.org"),
    Mistake("a path below BTCPay", "pay.village.org", "pay.village.org/btcpay", 12, 7, "has the path /btcpay", "end the address with a slash, https://pay.village.org/btcpay/; if not, write https://pay.village.org"),
    Mistake("an indexer over http", "[https://mempool.space]", "[http://mempool.space]", 20, 14, "begins with http://", "write https://"),
    Mistake("a relay over ws", "- wss://nos.lol", "- ws://nos.lol", 18, 9, "begins with ws://", "write wss://"),
    Mistake("an octal number", "confirmations: 3", "confirmations: 010", 21, 3, "reads as 8", "write 8"),
    Mistake("a number in base 60", "max_age_hours: 36", "max_age_hours: 1:30", 34, 3, "reads as 90", "write 90"),
    Mistake("a title in curly quotes", "title: Village well\n  base", "title: “Village well”\n  base", 3, 3, "curly quotes", "write straight ones"),
    Mistake("a title with one quote", "title: Village well\n  base", 'title: Village well"\n  base', 3, 3, "nothing opens", "write one before"),
    Mistake("a server of nobody", "pay.village.org", "pay.example.org", 12, 7, "belongs to nobody", "write the address of your server"),
    Mistake("a server without dots", "pay.village.org", "YOUR_BTCPAY_HOST", 12, 7, "names your_btcpay_host alone", "write the whole name"),
    Mistake("a quote that closes lines below", "title: Village well\n  base_url: https://village.github.io/report", 'title: "Village well\n  base_url: https://village.github.io/report"', 3, 3, "closes only in line 4", "close it in its own line"),
]  # fmt: skip

_TOKEN = "0123456789abcdef" * 2 + "01234567"
_PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
#: What stands in them is in no message; each message tells to revoke it or to use it no more.
SECRETS = [
    Mistake("BTCPay's key in place of its name", "BTCPAY_TOKEN", _TOKEN, 13, 18, "BTCPay API key", "revoke it"),
    Mistake("another key in place of its name", "BTCPAY_TOKEN", "hunter2-hunter2", 13, 7, "name of an environment variable", "revoke it"),
    Mistake("a key under a key of its own", "      token_env", f"      token: {_TOKEN}\n      token_env", 13, 14, "BTCPay API key", "revoke it"),
    Mistake("a password under a key of its own", "      token_env", "      password: hunter2hunter2\n      token_env", 13, 7, "a secret never stands", "revoke it"),
    Mistake("a key in an address", "pay.village.org", f"pay.village.org/?token={_TOKEN[:12]}", 12, 37, "address holds a key", "revoke it"),
    Mistake("a password in an address", "pay.village.org", "me:hunter2hunter2@pay.village.org", 12, 20, "name or password", "change the password"),
    Mistake("a password in a relay's address", "- wss://nos.lol", "- wss://me:hunter2hunter2@nos.lol", 18, 15, "name or password", "change the password"),
    Mistake("a password in a proxy's address", "      token_env", "      proxy: socks5h://me:hunter2hunter2@127.0.0.1:9050\n      token_env", 13, 24, "name or password", "change the password"),
    Mistake("a relay's key", "- wss://nos.lol", f"- wss://nos.lol/?api_key={_TOKEN[:12]}", 18, 24, "address holds a key", "revoke it"),
    Mistake("an nsec in place of a name", "    quorum: 2", f"    auth_key_env: nsec1{NPUB[5:]}\n    quorum: 2", 19, 19, "Nostr secret key", "make a new one"),
    Mistake("an nsec as a moderator", "  discover: listed", f"  discover: listed\n  moderation: deny\n  moderators: [nsec1{NPUB[5:]}]", 10, 16, "Nostr secret key", "make a new one"),
    Mistake("an nsec in place of an identifier", IDENTIFIER, f"nsec1{NPUB[5:]}", 30, 12, "Nostr secret key", "make a new one"),
    Mistake("hex digits in place of a name", "BTCPAY_TOKEN", HEX, 13, 7, "key of 64 digits", "make a new one"),
    Mistake("a key of a wallet", "title: Village well\n    btcpay", "title: xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi\n    btcpay", 24, 12, "private key", "move them"),
    Mistake("words of a wallet", "title: Village well\n    btcpay", f"title: {_PHRASE}\n    btcpay", 24, 12, "recovery phrase", "move them"),
    Mistake("a token of GitHub", "privacy:\n", f"hook: {{server: pay, secret_env: HOOK, token_env: ghp_{_TOKEN[:36]}, repository: me/report}}\nprivacy:\n", 31, 50, "GitHub token", "revoke it"),
    Mistake("a token in a comment", "token_env: BTCPAY_TOKEN", f"token_env: BTCPAY_TOKEN # github_pat_{_TOKEN}", 13, 33, "GitHub token", "revoke it"),
    Mistake("a token as a key", "network: main", f"network: main\nghp_{_TOKEN[:36]}: yes", 6, 1, "GitHub token", "revoke it"),
    Mistake("a token in a file that cannot be read", "network: main", f"network: [main\ntoken: {_TOKEN}", 6, 8, "BTCPay API key", "revoke it"),
    Mistake("a password with a slash", "pay.village.org", "me:hunter2/hunter2@pay.village.org", 12, 20, "name or password", "change the password"),
    Mistake("a password without a scheme", "https://pay.village.org", "me:hunter2hunter2@pay.village.org", 12, 12, "password", "change the password"),
    Mistake("a key behind an ampersand", "network: main", f"network: &{_TOKEN} main", 5, 11, "BTCPay API key", "revoke it"),
    Mistake("a key with a prefix", "BTCPAY_TOKEN", f"BTCPAY_{_TOKEN}", 13, 7, "name of an environment variable", "revoke it"),
    Mistake("words of a wallet in a list", "network: main", f"network: main\nseed: [{', '.join(_PHRASE.split())}]", 6, 8, "recovery phrase", "move them"),
    Mistake("a header", "      token_env", f"      header: token {_TOKEN[:20]}\n      token_env", 13, 15, "password", "revoke it"),
]  # fmt: skip

#: What a newcomer's editor, keyboard or habit puts there.
HABITS = [
    Mistake("a tab under Windows", "  title: Village well\n", "\ttitle: Village well\r\n", 3, 1, "a tab stands here", "two blanks"),
    Mistake("line ends of an old Mac", "  rows: day\n", "  rows: dai\r", 32, 3, "privacy.rows is 'dai'", "did you mean 'day'"),
    Mistake("a byte order mark inside", "site:\n", "\ufeffsite:\n", 2, 1, "a blank of another kind", "delete it"),
    Mistake("a Cyrillic letter in a key", "network: main", "n\u0435twork: main", 5, 1, "of another alphabet", "write the key anew"),
    Mistake("a sign of no width in a key", "network: main", "net\u200bwork: main", 5, 4, "U+200B", "delete it"),
    Mistake("text turned round", "title: Village well\n  base", "title: Village \u202ewell\n  base", 3, 18, "U+202E", "delete it"),
    Mistake("a line end that no editor shows", "title: Village well\n  base", "title: Village\u2028well\n  base", 3, 17, "U+2028", "delete it"),
    Mistake("a line end of a mainframe", "title: Village well\n  base", "title: Village\x85well\n  base", 3, 17, "U+0085", "delete it"),
    Mistake("a form feed", "network: main", "network: main\x0c", 5, 14, "U+000C", "delete it"),
    Mistake("digits of another script", "sats: 50000000", "sats: \u0665\u0660\u0660", 27, 7, "must be a whole number", "write 500"),
    Mistake("apostrophes in a number", "sats: 50000000", "sats: 50'000'000", 27, 7, "must be a whole number", "write 50000000"),
    Mistake("no end of satoshis", "sats: 50000000", "sats: .inf", 27, 7, "must be a whole number", "such as 50000000"),
    Mistake("a decimal comma", "confirmations: 3", "confirmations: 3,0", 21, 3, "must be a whole number", "write all digits, and nothing else"),
    Mistake("the last of February", "2027-03-31", "2027-02-31", 28, 7, "is no such day", "write one as 2027-03-31"),
    Mistake("an hour that is none", "2027-03-31", "2027-03-31 25:00:00", 28, 7, "is no such day", "write one as 2027-03-31"),
    Mistake("a day as in Germany", "2027-03-31", "31.03.2027", 28, 7, "written year-month-day", "write 2027-03-31"),
    Mistake("a key twice in braces", "units: {fiat: EUR}", "units: {fiat: EUR, fiat: USD}", 6, 20, "stands twice", "keep one"),
    Mistake("a section twice, far apart", "  refresh_hours: 24\n", "  refresh_hours: 24\nsite:\n  title: Again\n", 37, 1, "stands twice", "keep one"),
    Mistake("a command of Python", "title: Village well\n  base", "title: !!python/object/apply:os.system [id]\n  base", 3, 3, "must be a text", "write one value"),
    Mistake("bytes", "title: Village well\n  base", "title: !!binary aGVsbG8=\n  base", 3, 3, "not a value", "put the text in quotes"),
    Mistake("a tag for a variable", "token_env: BTCPAY_TOKEN", "token_env: !env BTCPAY_TOKEN", 13, 7, "not a value", "put the text in quotes"),
    Mistake("a variable in a list", "token_env: BTCPAY_TOKEN", "token_env: [BTCPAY_TOKEN]", 13, 7, "name of an environment variable", "without brackets"),
    Mistake("a number for a variable", "token_env: BTCPAY_TOKEN", "token_env: 12345", 13, 7, "name of an environment variable", "revoke it"),
    Mistake("stores as keys", "stores: [9xAstore]", "stores: {9xAstore: main}", 14, 7, "must be a list", "such as ["),
    Mistake("curly quotes in brackets", "[9xAstore]", "[\u201c9xAstore\u201d]", 14, 16, "an id as BTCPay shows it", "copy the id alone"),
    Mistake("a very long title", "title: Village well\n  base", f"title: {'x' * 200_000}\n  base", 3, 3, "a text of 200000 characters", "1 to 200 letters"),
    Mistake("a very long key", "network: main", f"{'k' * 100_000}: main", 5, 1, "a colon is missing", "write the key"),
    Mistake("brackets without end", "units: {fiat: EUR}", f"units: {'[' * 5000}", 6, 48, "nested more than 40 deep", "close each bracket"),
    Mistake("a list as a key", "network: main", "? [a, b]\n: main", 5, 3, "where a key is expected", "write a word and a colon"),
    Mistake("half a step", "    goal:\n      sats", "    goal:\n     sats", 28, 7, "does not fit", "begin it in the same column"),
    Mistake("an old key in a comment", "token_env: BTCPAY_TOKEN", f"token_env: BTCPAY_TOKEN # {_TOKEN}", 13, 33, "BTCPay API key", "revoke it"),
    Mistake("a key kept for later", "network: main", f"# the API key: {_TOKEN}\nnetwork: main", 5, 16, "BTCPay API key", "revoke it"),
]  # fmt: skip

MISTAKES = [*SIGNS, *INDENTS, *KEYS, *VALUES, *ADDRESSES, *PASTED, *HABITS, *TRAPS, *SECRETS]
