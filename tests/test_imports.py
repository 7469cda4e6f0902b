"""Imports: no circle, neither at load nor hidden in a function, and a command line that starts quickly."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import click
import pytest
from grimp import build_graph

from generator.cli.main import CommandGroup, cli
from tests.support.loaded_modules import loaded
from tests.support.paths import ROOT


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = build_graph("generator", cache_dir=None)  # with what a function or type checker alone imports
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    print(len(imports), "modules,", graph.count_imports(), "imports")
    assert len(imports) > 300
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


HEAVY = {
    "asyncio",
    "httpx",
    "jinja2",
    "matplotlib",
    "msgspec",
    "numpy",
    "pydantic",
    "rich",
    "ssl",
    "websockets",
    "yaml",
}
#: The modules that `import generator.cli` loads of the product, and listing all commands loads no more.
START = {"", ".cli", ".cli.exit_codes", ".cli.main", ".cli.terminal", ".errors"}


def product(found: list[str]) -> set[str]:
    """Keep the modules of the product, without the product's own name."""
    return {name.removeprefix("generator") for name in found if name.partition(".")[0] == "generator"}


def leaves(group: CommandGroup, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group with its path, groups too."""
    for name in group.list_commands(click.Context(group)):
        command = group.load(name)
        yield (*path, name), command
        if isinstance(command, CommandGroup):
            yield from leaves(command, *path, name)


def test_help_loads_no_command() -> None:
    found = loaded("from generator.cli import run; run(['--help'])")
    assert product(found) == START
    assert not HEAVY & set(found)


def test_completion_loads_no_command() -> None:
    words = "os.environ.update(_SUNLIT_COMPLETE='bash_complete', COMP_WORDS='sunlit ver', COMP_CWORD='1')"
    ending = "atexit.register(lambda: print('\\n', *sys.modules))"
    found = loaded(f"import atexit, os; {words}; {ending}; from generator.cli import run; run([])")
    assert product(found) == START
    assert not HEAVY & set(found)


def test_help_of_a_command_loads_nothing_that_it_would_use() -> None:
    paths = [path for path, _ in leaves(cli)]
    calls = f"[run([*path, '--help']) for path in {paths}]"
    assert not HEAVY & set(loaded(f"from generator.cli import run; {calls}"))


def test_a_command_is_listed_as_it_says_itself() -> None:
    assert isinstance(cli, CommandGroup)
    groups = {(): cli} | {path: command for path, command in leaves(cli) if isinstance(command, CommandGroup)}
    for path, group in groups.items():
        folder = ROOT.joinpath("generator/cli/commands", *path)
        modules = {file.name.removesuffix(".py") for file in folder.iterdir() if file.name[:1].isalpha()}
        assert {name.replace("-", "_") for name in group.commands} == modules
        for name, listed in group.commands.items():
            assert listed.help
            assert " ".join((group.load(name).help or "").split()).startswith(listed.help)
            assert listed.get_short_help_str(60) == group.load(name).get_short_help_str(60)


def test_looking_over_a_site_loads_nothing_that_would_make_one() -> None:
    found = set(loaded("import generator.cli.commands.render, generator.cli.publish_step"))
    assert not found & {"pydantic", "jinja2", "matplotlib", "generator.config", "generator.report"}


def test_rendering_loads_nothing_that_asks_or_plays_a_server() -> None:
    found = set(loaded("import generator.cli.commands.render, generator.cli.render_step, generator.cli.demo"))
    heavy = {"asyncio", "httpx", "rich", "stamina", "websockets", "nostr_sdk", "starlette", "uvicorn"}
    assert not found & (heavy | {"generator.sandbox", "generator.sources.http", "generator.verify"})


def test_stating_figures_loads_nothing_that_makes_pages() -> None:
    steps = ", ".join(f"generator.cli.{name}" for name in ("demo", "edition_step", "report_step"))
    found = set(loaded(f"import {steps}, generator.report.trace.explain"))
    assert not found & {"generator.charts", "generator.pages", "jinja2", "matplotlib"}


def test_showing_a_verification_loads_nothing_that_makes_it() -> None:
    found = set(loaded("import generator.cli.verify_process, generator.verify.step_table"))
    assert not found & ((HEAVY - {"msgspec"}) | {"generator.pages", "generator.report", "jsonschema"})


def test_what_opens_stores_loads_no_code_of_the_chain() -> None:
    heavy = [f"generator.sources.{name}" for name in ("angor", "indexers", "relays")]
    found = loaded("import generator.sources.from_config")
    assert not [name for name in found if name.startswith((*heavy, "generator.protocol.proof.facts"))]
