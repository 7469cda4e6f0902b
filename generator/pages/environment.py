"""The Jinja environment: templates are values, every name must exist, every text is escaped."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from generator.language import ENGLISH, Language, age, counted_days
from generator.pages.clean import escaped, quoted, safe_link
from generator.pages.elsewhere import address
from generator.pages.numbers import Numbers
from generator.pages.structured_data import json_ld
from generator.recorded_words import recognised
from generator.sentence import AtStart, CalendarMonth, DaySpan, Sentence, Written, WrittenProse
from generator.text_format import short_addresses, shortened
from generator.wording import plain, shown_in

if TYPE_CHECKING:
    from types import CodeType

    #: By hash of a name, and of the source.
    CompiledTemplates: TypeAlias = dict[tuple[str, str], CodeType]

#: Where a fault of a template says that it stands.
TEMPLATES: Final = "templates/"
#: Of a message of a template, as gettext writes them.
_PLACEHOLDER: Final = re.compile(r"%%|%\(\w+\)s")


class _Compiled(BytecodeCache):
    """Compiled templates by name and source: a process that renders again does not compile again."""

    def __init__(self) -> None:
        self.known: CompiledTemplates = {}
        self.used: CompiledTemplates = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of the same source."""
        name = (bucket.key, bucket.checksum)
        if name in self.known:
            bucket.code = self.used[name] = self.known[name]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            name = (bucket.key, bucket.checksum)
            self.known[name] = self.used[name] = bucket.code


#: A memo and nothing else: the same source gives the same code, for every environment is made as below.
_COMPILED: Final = {False: _Compiled(), True: _Compiled()}
#: Templates, of which a theme's author makes another with each edit, that are kept though nobody uses them.
_MOST: Final = 200


def compiled() -> "dict[bool, CompiledTemplates]":
    """Return the code of templates, sandboxed ones and others; of very many those that were used."""
    return {
        sandboxed: memo.used if len(memo.known) > _MOST else memo.known
        for sandboxed, memo in _COMPILED.items()
    }


def compiled_names() -> frozenset[tuple[str, str]]:
    """Return which templates `compiled` has, by hashes of name and source."""
    return frozenset(name for some in compiled().values() for name in some)


def recall(found: "Mapping[bool, CompiledTemplates]") -> None:
    """Take over what another process had compiled, by the same code and libraries."""
    for sandboxed, memo in _COMPILED.items():
        memo.known = {**found[sandboxed], **memo.known}


def _written(value: object) -> str:
    """Return what an expression gave as it stands in a page: escaped, unless it is markup.

    The same as `escape`, which makes an object of each that is thrown away at once.
    """
    if type(value) is str:
        return escaped(value)
    if isinstance(value, Markup):
        return value
    return str(value) if type(value) is int else str(escape(value))


#: What a language says before it stands in a page.
_SAID: Final = (Sentence, AtStart, CalendarMonth, DaySpan, Written)


class _Writer(CodeGenerator):
    """Writes expressions by `_written`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401 -- Jinja's own
        del node, frame, finalize
        self.write("environment.written(")


class _Environment(Environment):
    code_generator_class = _Writer
    newstyle_gettext = True  #: messages are filled in by what says them
    language: Language

    def written(self, value: object) -> str:
        """Write a value; a sentence is said as plain text, `| words` says it with its figures."""
        if type(value) is str:  # most are
            return escaped(value)
        if isinstance(value, WrittenProse):
            code, html = value.of(self.language.code)
            return html if code == self.language.code else f"<div{_spoken(code)}>{html}</div>"
        return escaped(plain(value, self.language)) if isinstance(value, _SAID) else _written(value)


def _spoken(code: str) -> Markup:
    """Return the attributes of what is in another language than its page."""
    return Markup(' lang="{}" dir="auto"').format(code)


class _SandboxedEnvironment(_Environment, ImmutableSandboxedEnvironment):
    """For templates that are not ours."""


def bare_environment(*, sandboxed: bool = False, **options: Any) -> _Environment:  # noqa: ANN401 -- Jinja's own
    """Return an environment that reads our templates: with ``{% trans %}``, its line breaks taken out."""
    kind = _SandboxedEnvironment if sandboxed else _Environment
    env = kind(autoescape=True, extensions=["jinja2.ext.i18n"], **options)
    env.policies["ext.i18n.trimmed"] = True
    return env


def _lang_of(text: object, language: Language) -> Markup:
    """Return the attributes of an element that holds a text, where nobody wrote it in the page's language."""
    code = text.of(language.code)[0] if isinstance(text, Written) else language.code
    return Markup() if code == language.code else _spoken(code)


def _recorded_lang(text: str, language: Language) -> Markup:
    """Return the attributes of an element that holds a recorded text, where it is shown as it was written."""
    shown = isinstance(recognised(text), str) and " " in text and language.code != ENGLISH.code
    return _spoken(ENGLISH.code) if shown else Markup()


def _messages(env: _Environment) -> dict[str, Callable[..., Markup]]:
    """Return what says messages in an environment's language; their own markup stays, values are escaped."""
    language = env.language
    known: dict[str, Markup] = {}  # what was said without values, by the message: the same on each page

    def filled(message: str, values: Mapping[str, object]) -> Markup:
        if "%" not in message:
            return Markup(message)  # noqa: S704 -- a message of ours, without values
        texts = {"%%": "%"} | {f"%({name})s": env.written(value) for name, value in values.items()}
        return Markup(_PLACEHOLDER.sub(lambda match: texts[match[0]], message))  # noqa: S704 -- values are escaped

    def gettext(text: str, **values: object) -> Markup:
        if text in known:
            return known[text]
        said = filled(language.gettext(text), values)
        if not values:
            known[text] = said
        return said

    return {
        "_": gettext,
        "gettext": gettext,
        "ngettext": lambda one, many, num, **values: filled(
            language.ngettext(one, many, num), {"num": num} | values
        ),
        "pgettext": lambda context, text, **values: filled(language.pgettext(context, text), values),
        "npgettext": lambda context, one, many, num, **values: filled(
            language.npgettext(context, one, many, num), {"num": num} | values
        ),
    }


def environment(
    templates: Mapping[str, bytes],
    numbers: Callable[[], Numbers],
    language: Language,
    *,
    sandboxed: bool = False,
) -> Environment:
    """Return an environment whose filters format, in a language; nothing in it computes.

    Figures are written by what `numbers` returns at that time: pages of many projects share one environment.
    Templates that are not ours are `sandboxed`: they reach nothing but what they are given.
    """
    sources = {name: text.decode() for name, text in templates.items() if name.endswith((".html", ".txt"))}
    env = bare_environment(
        sandboxed=sandboxed,
        # with names of files, so that a fault has a place
        loader=FunctionLoader(
            lambda name: (sources[name], TEMPLATES + name, None) if name in sources else None
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # sources stay what they are, and so few are kept without counting their uses
        cache_size=-1,
        bytecode_cache=_COMPILED[sandboxed],
    )
    env.language = env.globals["language"] = language
    env.globals |= _messages(env)
    env.filters |= {
        **FILTERS,
        "day": language.day,
        "time": language.time,
        "age": lambda span: plain(age(span), language),
        "days": lambda count: plain(counted_days(count), language),
        "text": lambda words: plain(words, language),
        "json_ld": lambda document: json_ld(document, language),
        "recorded": lambda text: plain(recognised(text), language),
        "shown_in": lambda words: shown_in(words, language),
        "recorded_lang": lambda text: _recorded_lang(text, language),
        "lang_of": lambda text: _lang_of(text, language),
        "data": lambda *words: numbers().data(*words),
        "amount": lambda *words: numbers().amount(*words),
        "words": lambda *words: numbers().words(*words),
        "declaration_amount": lambda *words: numbers().declaration_amount(*words),
    }
    return env


def iso(at: date | datetime) -> str:
    """Return ``2026-05-04``, or for a moment ``2026-05-04T06:10:00Z``."""
    if isinstance(at, datetime):
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return at.isoformat()


def anchor(name: str) -> str:
    """Return a name as an id that any selector can name: ``declared@EUR`` becomes ``declared-EUR``."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)


#: Filters that know nothing of the report; those that do are methods of `Numbers`.
FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "iso": iso,
    "anchor": anchor,
    "address": address,
    "quoted": quoted,
    "web": safe_link,
    "short_addresses": short_addresses,
    "shortened": shortened,
}
