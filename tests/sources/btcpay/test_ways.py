"""The ways to a server: Tor by a SOCKS proxy, a certificate of its own, a path prefix; and no key astray."""

import shutil
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from generator.cli.site_folder import load_site
from generator.config import Config, parse
from generator.errors import ConfigError, Unavailable
from generator.ledger import Entry
from generator.report.place_owners import PlaceOwners
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import Town
from generator.snapshot import Known
from generator.sources.from_config import open_sources
from tests.support.limits import ONCE
from tests.support.town import NOW, read, told, world

pytestmark = pytest.mark.anyio


def config_of(town: Town, url: str, **way: object) -> Config:
    extra = "".join(f"\n      {name}: {value}" for name, value in way.items())
    projects = "".join(
        f"\n  - {{slug: {campaign.slug}, btcpay: {{source: pay, "
        + (f"app: {campaign.app.id}" if campaign.app else f"store: {campaign.store}")
        + "}}"
        for campaign in town.campaigns
    )
    return parse(f"""
version: 1
site: {{title: Ways}}
network: main
sources:
  btcpay:
    - id: pay
      url: {url}
      token_env: KEY
      stores: [{", ".join(town.stores)}]
      include: [invoices, crowdfund, payouts]{extra}
projects:{projects}
privacy: {{min_group: 1}}
""")


async def collected(config: Config, town: Town, authority: str | None = None) -> list[object]:
    authorities = {"pay": authority} if authority else {}
    async with open_sources(
        config, {"KEY": town.reader.text}, limits=ONCE, authorities=authorities
    ) as sources:
        return [
            record for source in sources.first async for record in source.collect(Known(), at=NOW, full=False)
        ]


class Socks(socketserver.ThreadingTCPServer):
    """A SOCKS5 proxy that leads every name to one port of this machine, as Tor leads an onion host."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Hop)
        self.port, self.names = port, list[tuple[str, int]]()


class Hop(socketserver.BaseRequestHandler):
    server: Socks

    def handle(self) -> None:
        self.request.recv(2 + self.request.recv(2)[1])
        self.request.sendall(b"\x05\x00")
        _, _, _, kind = self.request.recv(4)
        assert kind == 3, "a name, not an address: the proxy looks it up"
        name = self.request.recv(self.request.recv(1)[0]).decode()
        self.server.names.append((name, struct.unpack(">H", self.request.recv(2))[0]))
        self.request.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        with socket.create_connection(("127.0.0.1", self.server.port)) as onward:
            back = threading.Thread(target=pipe, args=(onward, self.request), daemon=True)
            back.start()
            pipe(self.request, onward)
            back.join(5)


def pipe(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


async def test_an_onion_host_under_a_path_is_read_through_a_proxy_that_looks_it_up() -> None:
    with world(21, 92, prefix="/btcpay") as (town, deeds, server), Socks(server.port) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        way = f"socks5h://127.0.0.1:{proxy.server_address[1]}"
        config = config_of(town, "http://abcdefghij234567.onion/btcpay", proxy=way)
        records = await collected(config, town)
        proxy.shutdown()
    assert read(records, PlaceOwners.of(config)) == told(deeds)  # type: ignore[arg-type]
    assert set(proxy.names) == {("abcdefghij234567.onion", 80)}
    assert all(asked.path.startswith("/btcpay/api/v1/") for asked in server.log)


async def test_a_proxy_that_is_not_there_is_said(unused_port: int) -> None:
    with world(21, 92) as (town, _, server):
        config = config_of(town, "http://abcdefghij234567.onion", proxy=f"socks5h://127.0.0.1:{unused_port}")
        with pytest.raises(
            Unavailable, match=rf"abcdefghij234567\.onion: cannot reach the proxy 127\.0\.0\.1:{unused_port}"
        ):
            await collected(config, town)
    assert server.log == []


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a certificate that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes certificates, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=shop "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {folder}/key.pem -out {folder}/ca.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder


@contextmanager
def over_tls(server: Sandbox, folder: Path) -> Iterator[str]:
    """Serve the sandbox's handler with a certificate; give its address."""
    config = uvicorn.Config(
        server.application(),
        log_config=None,
        lifespan="off",
        ws="none",
        ssl_certfile=folder / "ca.pem",
        ssl_keyfile=str(folder / "key.pem"),
        timeout_graceful_shutdown=1,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    runner = uvicorn.Server(config)
    thread = threading.Thread(target=runner.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        runner.should_exit = True
        thread.join(10)
        listener.close()


async def test_a_certificate_of_its_own_is_trusted_when_named_and_never_by_itself(certificate: Path) -> None:
    with world(22, 92) as (town, deeds, server), over_tls(server, certificate) as url:
        with pytest.raises(Unavailable, match=r"cannot connect .*CERTIFICATE_VERIFY_FAILED"):
            await collected(config_of(town, url), town)
        assert server.log == [], "no key was sent to a stranger"
        config = config_of(town, url, ca_file="ca.pem")
        records = await collected(config, town, (certificate / "ca.pem").read_text())
        assert read(records, PlaceOwners.of(config)) == told(deeds)  # type: ignore[arg-type]
        unchecked = await collected(config_of(town, url, verify="false"), town)
        assert len([record for record in unchecked if isinstance(record, Entry)]) > 10


def test_a_file_that_is_no_certificate_is_a_problem_with_a_place(tmp_path: Path, certificate: Path) -> None:
    text = """\
version: 1
site: {title: Well}
network: main
sources:
  btcpay:
    - {id: pay, url: "https://pay.example.org", token_env: KEY, stores: [S], ca_file: ca.pem}
projects:
  - {slug: well, btcpay: {source: pay, store: S}}
"""
    (tmp_path / "config.yaml").write_text(text)
    for content, why in ((None, "No such file or directory"), ("hello", "no certificate in it")):
        if content is not None:
            (tmp_path / "ca.pem").write_text(content)
        with pytest.raises(ConfigError) as caught:
            load_site(tmp_path / "config.yaml", None)
        assert str(caught.value).startswith(f"{tmp_path}/config.yaml:6:")
        assert f"ca.pem is not a certificate in PEM form ({why})" in str(caught.value)
    shutil.copy(certificate / "ca.pem", tmp_path / "ca.pem")
    site = load_site(tmp_path / "config.yaml", None)
    assert ssl.PEM_HEADER in site.authorities["pay"]
