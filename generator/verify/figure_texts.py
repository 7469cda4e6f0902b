"""The texts in which a page may state a figure; pure."""

from collections.abc import Iterator

from generator.language import ENGLISH, Language
from generator.report import Figure
from generator.wording import Form, marked


def texts(figure: Figure, language: Language = ENGLISH) -> set[str]:
    """Return the texts a figure may have, with its bound before it exactly where it has one."""
    return set(every_text(figure, language))


def every_text(figure: Figure, language: Language) -> Iterator[str]:
    """Yield the same one by one, each made when it is asked for."""
    return (text for form in Form for text in texts_in(figure, form, language))


def texts_in(figure: Figure, form: Form, language: Language) -> Iterator[str]:
    """Yield the texts of one form; none of a figure that is not known."""
    if figure.value is not None:
        yield marked(figure, form, language)
        yield marked(figure, form, language, first=True)
