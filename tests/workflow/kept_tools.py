"""A process that has imported the tools once and forks for each call; what is called is still a process.

Importing them anew took most of the time of a test of publishing, which calls a dozen.
"""

import gc
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.paths import ROOT
from tests.workflow import tools

#: What a call is: a program of its own, which hands over its words, place, environment and streams.
CALL = """
import _socket, os, sys
server = _socket.socket(_socket.AF_UNIX)
server.connect(sys.argv[1])
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
said = [f"{name}={value}" for name, value in os.environ.items()]
server.sendmsg([b"%"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
server.sendall("\\0".join([os.getcwd(), str(len(said)), *said, *sys.argv[2:]]).encode())
server.shutdown(_socket.SHUT_WR)
sys.exit(int(server.recv(3) or b"1"))
"""


@contextmanager
def kept() -> Iterator[str]:
    """Start the process; give the command that calls a tool. It ends with whoever started it."""
    with tempfile.TemporaryDirectory(prefix="tools-") as short:  # a socket's path has at most 104 bytes
        call, place = Path(short, "call.py"), Path(short, "s")
        call.write_text(CALL)
        command = [sys.executable, "-m", "tests.workflow.kept_tools", str(place)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield f"{sys.executable} -I -S {call} {place}"
            server.communicate()


def serve(place: str) -> None:
    """Answer calls until standard input ends."""
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as ready:
        listening.bind(place)
        listening.listen(64)
        ready.register(listening, selectors.EVENT_READ)
        ready.register(0, selectors.EVENT_READ)
        gc.freeze()
        os.write(1, b"ready\n")
        while True:
            asked = {key.fd for key, _ in ready.select(0.05 if _reaped() else None)}
            if 0 in asked:
                return
            if asked:
                taken, _ = listening.accept()
                if os.fork() == 0:
                    _answer(taken)
                taken.close()


def _reaped() -> bool:
    """Take leave of calls that ended; tell whether others still run."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _answer(taken: socket.socket) -> None:
    """Become the tool that was called, and tell how it ended."""
    _, streams, _, _ = socket.recv_fds(taken, 1, 3)
    data = b"".join(iter(lambda: taken.recv(65536), b""))
    folder, count, *rest = data.decode().split("\0")
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(line.split("=", 1) for line in rest[: int(count)])
    code = 1
    try:
        code = tools.call(*rest[int(count) :])
    except Exception:  # noqa: BLE001 -- as any process ends
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    taken.sendall(str(code).encode())
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
