"""`sunlit serve`: look at the site while its inputs change."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.exit_codes import Exit
from generator.cli.extras import listen, need
from generator.cli.options import config_option, output_option
from generator.cli.terminal import Terminal
from generator.errors import SunlitError

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder


@click.command()
@config_option
@output_option
@click.option("--demo", is_flag=True, help="Serve the demo; builds it first if need be.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@click.option(
    "-a",
    "--address",
    default="127.0.0.1:8000",
    show_default=True,
    help="IP:PORT; port 0 takes a free one. It answers to localhost and to this IP alone, and with "
    "0.0.0.0 to every number of this machine.",
)
@click.option("--livereload/--no-livereload", default=True, help="Rebuild and reload when inputs change.")
@click.pass_obj
def serve(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    output: Path | None,
    demo: bool,
    open_browser: bool,
    address: str,
    livereload: bool,
) -> int:
    """Preview the site on this machine; nothing is published.

    Renders from the log alone and again whenever config.yaml, content or templates change.
    """
    import asyncio

    from generator.cli.demo import has_demo, open_site, run_demo

    need("serve", "the preview")
    if demo and not has_demo():
        run_demo(terminal, output)
    site = open_site(config, output, demo=demo)
    with listen(address) as listener:
        host, port = listener.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        _render(terminal, site)
        terminal.result(f"Serving {site.output} at {url} (Ctrl+C ends it)")
        if open_browser:
            import webbrowser

            webbrowser.open(url)
        with suppress(KeyboardInterrupt):  # its ordinary end: no word about an error
            asyncio.run(_run(terminal, site, listener, reload=livereload))
    return Exit.INTERRUPTED


def _render(terminal: Terminal, site: "SiteFolder") -> None:
    """Render once; a mistake in the inputs is told and the last good site stays."""
    from functools import partial

    from generator.cli.demo import open_site
    from generator.cli.publish_step import put_site

    try:
        put_site(terminal, site, partial(open_site, site.file, site.output, demo=site.demo))
    except SunlitError as error:
        for line in str(error).splitlines():
            terminal.error(line)


async def _run(terminal: Terminal, site: "SiteFolder", listener: socket.socket, *, reload: bool) -> None:
    import asyncio

    import uvicorn

    from generator.preview import Builds, application, watch

    builds = Builds() if reload else None
    settings = uvicorn.Config(
        application(site.output, builds, listener.getsockname()[0]),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(settings)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    watching = None
    if builds is not None:

        async def rebuild() -> None:
            await asyncio.to_thread(_render, terminal, site)

        inputs = [site.root / name for name in ("config.yaml", "content", "templates")]
        watching = asyncio.create_task(watch(inputs, rebuild, builds))
    await serving
    if watching is not None:
        watching.cancel()
