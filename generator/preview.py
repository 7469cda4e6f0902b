"""Local preview: the built site over HTTP, reloaded in the browser after each rebuild.

The reload script is added to responses only; no file that Sunlit writes holds a script.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

RELOAD = b"""<script>
(async () => {
  for (let seen = null;;) {
    const answer = await fetch("/.sunlit/build" + (seen === null ? "" : "?seen=" + seen)).catch(() => null);
    if (!answer) { await new Promise((wake) => setTimeout(wake, 1000)); continue; }
    const now = await answer.text();
    if (seen !== null && now !== seen) location.reload();
    seen = now;
  }
})();
</script>"""
POLL_SECONDS = 25
LOOPBACK: Final = "127.0.0.1"


class Builds:
    """Counts finished builds, and lets a browser wait for the next one."""

    def __init__(self) -> None:
        self.number = 0
        self._changed = asyncio.Condition()

    async def finished(self) -> None:
        """Wake every waiting page."""
        async with self._changed:
            self.number += 1
            self._changed.notify_all()

    async def after(self, seen: int) -> int:
        """Return the number of builds once it differs from `seen`, or after a while anyway."""
        async with self._changed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait_for(lambda: self.number != seen), POLL_SECONDS)
        return self.number


def application(site: Path, builds: Builds | None, bound: str = LOOPBACK) -> Starlette:
    """Serve `site` at the address it is `bound` to; with `builds`, pages reload after each rebuild.

    A browser that asks for another name was led here by that name's owner, and gets nothing.
    """

    async def page(request: Request) -> Response:
        found = _file(site, request.url.path)
        missing = found is None
        path = found or site / "404.html"
        if not path.is_file():
            raise HTTPException(404)
        headers = {"Cache-Control": "no-store"}
        if path.suffix != ".html":
            return FileResponse(path, headers=headers)
        body = path.read_bytes()
        if builds is not None:
            body = _allowing_reload(body)
        return HTMLResponse(body, status_code=404 if missing else 200, headers=headers)

    async def build(request: Request) -> Response:
        seen = request.query_params.get("seen", "")
        number = builds.number if builds else 0
        if builds and seen.isdigit():
            number = await builds.after(int(seen))
        return Response(str(number), media_type="text/plain")

    def asked_rightly(
        answer: Callable[[Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            host = request.headers.get("host", "")
            if not is_meant(host, bound):
                text = (
                    f"This preview answers to localhost and to what --address names, not to {host!r}; "
                    "for other devices of your network start it with --address 0.0.0.0:8000.\n"
                )
                return Response(text, status_code=421, media_type="text/plain")
            return await answer(request)

        return answered

    return Starlette(
        routes=[Route("/.sunlit/build", asked_rightly(build)), Route("/{path:path}", asked_rightly(page))]
    )


def is_meant(host: str, bound: str = LOOPBACK) -> bool:
    """Tell whether a Host header means this preview: localhost, a loopback address, or what it is bound to.

    Bound to every address of the machine it answers to each number, to which no foreign name can lead.
    """
    name = re.sub(r":\d*$", "", host)
    if name.lower() == "localhost":
        return True
    try:
        address, at = ip_address(name.removeprefix("[").removesuffix("]")), ip_address(bound)
    except ValueError:
        return False
    return address.is_loopback or address == at or at.is_unspecified


def _allowing_reload(body: bytes) -> bytes:
    """Add the script, and leave out the page's own policy, which rightly forbids scripts."""
    head, found, rest = body.partition(b'<meta http-equiv="Content-Security-Policy"')
    if found:
        body = head + rest.partition(b">")[2]
    return body.replace(b"</body>", RELOAD + b"</body>")


def _file(site: Path, url_path: str) -> Path | None:
    """Return the file a path means, or None; nothing outside the site is ever served."""
    path = (site / url_path.lstrip("/")).resolve()
    if not path.is_relative_to(site.resolve()):
        return None
    if path.is_dir():
        path /= "index.html"
    return path if path.is_file() else None


async def watch(paths: list[Path], rebuild: Callable[[], Awaitable[None]], builds: Builds) -> None:
    """Rebuild whenever something under `paths` changes; runs until cancelled."""
    from watchfiles import awatch  # noqa: PLC0415 -- only the preview needs it

    async for _ in awatch(*[path for path in paths if path.exists()]):
        await rebuild()
        await builds.finished()
