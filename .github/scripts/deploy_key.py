"""A deploy key for a protected branch: it pushes, and lies on the disk only while it does."""  # noqa: INP001 -- a script beside publish.py, not a package

import json
import os
import shlex
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit


class NoHostKeys(Exception):
    """GitHub did not tell by HTTPS which keys its SSH servers have."""


@contextmanager
def pushing(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield git settings by which pushes use the key DEPLOY_KEY, none without one; raise `NoHostKeys`."""
    key = environment.get("DEPLOY_KEY")
    if not key:
        yield {}
        return
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    host = urlsplit(server).hostname or ""
    with tempfile.TemporaryDirectory() as folder:  # nobody else may read it
        private, hosts = Path(folder, "key"), Path(folder, "hosts")
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(key.strip() + "\n")
        hosts.write_text("".join(f"{host} {line}\n" for line in _host_keys(environment)))
        options = ("IdentitiesOnly=yes", f"UserKnownHostsFile={hosts}", "StrictHostKeyChecking=yes")
        words = ["ssh", "-F", "/dev/null", "-i", str(private), *(f"-o{option}" for option in options)]
        yield {
            f"url.ssh://git@{host}/.pushInsteadOf": f"{server}/",
            "core.sshCommand": shlex.join(words),
        }


def _host_keys(environment: Mapping[str, str]) -> list[str]:
    api = environment.get("GITHUB_API_URL", "https://api.github.com")
    try:
        with urllib.request.urlopen(f"{api}/meta", timeout=30) as answer:  # noqa: S310 -- http(s), by GitHub
            return [str(line) for line in json.load(answer)["ssh_keys"]]
    except (OSError, ValueError, KeyError) as error:
        msg = f"GitHub did not tell its host keys, without which no deploy key is used ({error})"
        raise NoHostKeys(msg) from error
