"""`sunlit translate`: begin the catalogue of a language, or bring it up to date."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@click.argument("code")
@config_option
@click.pass_obj
def translate(terminal: Terminal, code: str, *, config: Path) -> None:
    """Write the catalogue of a language with every message that there is, to be translated.

    It is written into languages/CODE/LC_MESSAGES/sunlit.po, for editors such as Poedit and Weblate. What is
    translated there stays; of a new Sunlit's messages it says how many are to be translated.
    """
    from generator.atomic import write_whole
    from generator.catalogue_draft import drafted
    from generator.catalogues import FOLDER, NO_CATALOGUE, languages, own_catalogues, place_of
    from generator.config.value_types import LANGUAGE
    from generator.inputs import refuse_foreign
    from generator.language import ENGLISH

    try:
        LANGUAGE.check(code)
    except ValueError as error:
        message = f"CODE {error}"
        raise click.UsageError(message) from None
    if code == ENGLISH.code:
        raise click.UsageError(NO_CATALOGUE)
    root = config.parent
    refuse_foreign(root)
    own = own_catalogues(root, [code]).get(code)
    languages({code: own or b""}, [code])  # raises for what cannot be used
    data = drafted(code, own)
    write_whole(root / FOLDER / place_of(code), [data])
    left = languages({code: data}, [code])[code].untranslated
    terminal.result(
        f"{FOLDER}/{place_of(code)} is written: {left} messages to translate; "
        f"add {code} to site.languages in config.yaml"
    )
