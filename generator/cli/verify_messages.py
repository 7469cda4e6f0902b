"""What `sunlit verify` and the process that verifies tell each other, a line of JSON each."""

import sys
from typing import Final

import msgspec

from generator.cli.exit_codes import Exit
from generator.verify.results import VerificationResult

#: What verification may use by default: an honest site of 10,000 projects needs less (docs/bounds.md).
TIME_S: Final = 1800.0
MEMORY_BYTES: Final = 4 * 2**30


def unheld() -> str:
    """Say which budgets this system holds no process to, empty where it holds all of them."""
    if sys.platform == "win32":
        return "Windows holds verification to --time alone: not to --memory, nor to what it writes to disk"
    return ""


class VerificationQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is verified, and what that may use."""

    site: str  #: an address or a folder
    online: bool = False  #: indexers and relays are asked, too
    indexers: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()
    repository: str = ""  #: folder whose own templates bytes are compared with, empty for none
    time_s: float = TIME_S
    jobs: int = 1  #: processes that share the work, each with the memory
    memory_bytes: int = MEMORY_BYTES

    @property
    def over_network(self) -> bool:
        """Whether the site is read from its address."""
        return self.site.startswith(("https://", "http://"))


class VerificationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The result, or why there is none in a sentence, with its exit code."""

    result: VerificationResult | None = None
    code: int = Exit.DONE
    error: str = ""


class VerificationProgress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """How far verification is: a line before the answer."""

    question: str  #: of the step that is under way
    percent: int  #: of this step
