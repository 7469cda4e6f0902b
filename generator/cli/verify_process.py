"""Verification in a process of its own, which ends when its budgets do, or with the one that began it.

Whatever a stranger's site makes a library do, it can use no more time, memory and disk than the visitor
gives it. The question goes to the process as a line on its standard input, which then stays open: its end
is the end of the visitor's command.
"""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from traceback import extract_tb
from typing import IO, TYPE_CHECKING, Final

import msgspec

from generator.cli.exit_codes import Exit
from generator.cli.parent_watch import end_with_parent
from generator.cli.verify_messages import VerificationAnswer, VerificationProgress, VerificationQuestion
from generator.errors import SourceError, SunlitError
from generator.publish import LIMIT

if TYPE_CHECKING:
    import resource

    from generator.verify.published_site import Installation
    from generator.verify.site_copy import SiteCopy

#: Bytes of one file that it may write, such as a library's cache, and of its answer.
WRITTEN_BYTES: Final = 16 * 2**20
_MIB: Final = 2**20
#: How the process ends that noticed itself that its memory is used up.
_OUT_OF_MEMORY: Final = 86
#: -P: a folder that is verified may hold modules, and is often the current one
_COMMAND: Final = (sys.executable, "-P", "-m", "generator.cli.verify_process")
#: Threads of a library that reserve memory, one a processor
_CALM: Final = {"OPENBLAS_NUM_THREADS": "1"}

_QUESTION: Final = msgspec.json.Decoder(VerificationQuestion)
_ANSWER: Final = msgspec.json.Decoder(VerificationAnswer)
_PROGRESS: Final = msgspec.json.Decoder(VerificationProgress)


def verify_apart(
    question: VerificationQuestion, told: Callable[[VerificationProgress], None] | None = None
) -> VerificationAnswer:
    """Verify a site in a process of its own, which is gone when this returns or raises.

    `told` hears how far it is, from a thread of its own. Raise `SunlitError` where this Python lacks a part
    that the process needs: there it would be taken for a fault of Sunlit's own.
    """
    import generator.packed  # noqa: F401 -- for what it raises

    child = subprocess.Popen(  # noqa: S603 -- our own command
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | _CALM,
        start_new_session=True,  # Ctrl-C comes to us, and we end it
    )
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 -- pipes, as asked for
    said: list[bytes] = []
    reading = Thread(target=_read_into, args=(said, child.stdout, told), daemon=True)
    try:
        reading.start()
        _send(child.stdin, msgspec.json.encode(question) + b"\n")
        reading.join(question.time_s)
        in_time = not reading.is_alive()
        if in_time:
            child.wait()
    finally:
        child.kill()
        child.wait()
        reading.join()
        child.stdout.close()
        with suppress(BrokenPipeError):  # what it never read
            child.stdin.close()
    if not in_time:
        return _ended(f"took longer than the {question.time_s:g} s it was given; --time gives it more")
    return _answer(b"".join(said), child.returncode, question)


def _read_into(
    said: list[bytes], pipe: IO[bytes], told: Callable[[VerificationProgress], None] | None
) -> None:
    """Tell each line of progress; what follows them is the answer, or all that came of it."""
    while line := pipe.readline(WRITTEN_BYTES + 1):
        try:
            progress = _PROGRESS.decode(line)
        except msgspec.MsgspecError:
            said.append(line)
            return
        if told is not None:
            told(progress)


def _send(pipe: IO[bytes], line: bytes) -> None:
    with suppress(BrokenPipeError):  # it ended at once; how, its exit code says
        pipe.write(line)
        pipe.flush()


def _answer(said: bytes, code: int, question: VerificationQuestion) -> VerificationAnswer:
    if code == _OUT_OF_MEMORY:
        return _ended(
            f"needed more than the {question.memory_bytes // _MIB} MiB of memory it was given; "
            "--memory gives it more"
        )
    try:
        return _ANSWER.decode(said)
    except msgspec.DecodeError:
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return _ended(
            f"ended {how} and gave no answer, as it does when memory runs out; give it more with --memory, "
            "and tell us if that does not help"
        )


def _ended(why: str) -> VerificationAnswer:
    return VerificationAnswer(code=Exit.INCOMPLETE, error=f"nothing was verified: verification {why}")


# What follows runs in the process of its own.


def main() -> None:
    """Answer the question on standard input on standard output, within its budgets."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    question = _QUESTION.decode(sys.stdin.buffer.readline())
    end_with_parent()
    _limit(question)
    try:
        answer = msgspec.json.encode(_verified(question))
    except (MemoryError, ImportError):  # a library that finds no memory cannot be loaded
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 -- of a stranger's site: it ends with a sentence
        answer = msgspec.json.encode(_ended(_fault(error)))
    _say(answer)
    os._exit(0)


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _say_progress(question: str, percent: int) -> None:
    _say(msgspec.json.encode(VerificationProgress(question=question, percent=percent)) + b"\n")


def _fault(error: Exception) -> str:
    """Say where Sunlit failed, without the site's own words."""
    place = extract_tb(error.__traceback__)[-1]
    where = "/".join(Path(place.filename).parts[-3:])
    return (
        f"stopped at a fault of Sunlit's own ({type(error).__name__} in {where}:{place.lineno}); "
        "please report it with the site's address"
    )


def _limit(question: VerificationQuestion) -> None:
    """Set what the system can hold this process to: all on Linux, less on macOS, nothing on Windows."""
    if sys.platform == "win32":
        return
    import resource

    cpu_s = int(question.time_s) + 1
    wanted = {
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: LIMIT if question.over_network else WRITTEN_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: question.memory_bytes,
    }
    for limit, most in wanted.items():
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    if sys.platform == "darwin":  # which takes the limit and does not hold to it
        used = partial(resource.getrusage, resource.RUSAGE_SELF)
        Thread(target=_end_when_full, args=(question.memory_bytes, used), daemon=True).start()


def _end_when_full(most: int, used: "Callable[[], resource.struct_rusage]") -> None:
    while used().ru_maxrss < most:  # in bytes there
        time.sleep(0.2)
    os._exit(_OUT_OF_MEMORY)


def _verified(question: VerificationQuestion) -> VerificationAnswer:
    from generator.verify.files_on_disk import SiteChanged
    from generator.verify.site_copy import SiteBeyondBounds
    from generator.verify.steps import VisitorsServers, verify

    with TemporaryFile() as disk:  # without a name: it goes with this process, however that ends
        try:
            copy = _copy(question, disk)
        except SourceError as error:
            return VerificationAnswer(code=Exit.INCOMPLETE, error=error.message)
        except SiteBeyondBounds as error:
            return VerificationAnswer(code=Exit.MISMATCH, error=str(error))
        except SunlitError as error:
            return VerificationAnswer(code=Exit.WRONG_USE, error=str(error))
        except OSError as error:
            return _ended(f"found no place for what it read ({error.strerror})")
        ours = installation(Path(question.repository) if question.repository else None)
        servers = (
            VisitorsServers(indexers=question.indexers, relays=question.relays) if question.online else None
        )
        try:
            verified = verify(copy, ours, servers, jobs=question.jobs, tell=_say_progress)
            return VerificationAnswer(result=verified)
        except SiteChanged as error:
            changed = f"{str(error)[:200]!r} was changed meanwhile"
            return _ended(f"found that {changed}; verify a copy that nobody writes to")


def _copy(question: VerificationQuestion, disk: IO[bytes]) -> "SiteCopy":
    if not question.over_network:
        from generator.verify.folder_reader import read_folder

        return read_folder(Path(question.site))
    import asyncio

    from generator.verify.address_reader import read_address

    return asyncio.run(read_address(question.site.removesuffix("index.html").rstrip("/"), disk))


def installation(repository: Path | None = None) -> "Installation":
    """Return what this installation makes sites with, in a repository with that one's templates."""
    from generator.catalogues import every_language
    from generator.cli.render_step import content_from
    from generator.inputs import default_templates, templates
    from generator.verify.published_site import Installation

    own = default_templates() if repository is None else templates(repository)
    exact = sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
    content = content_from(own, pages={}, log={}, languages=every_language())
    return Installation(content=content, exact=exact)


if __name__ == "__main__":
    main()
