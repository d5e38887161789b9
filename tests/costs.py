"""What work takes: processor time, and memory at its highest. Linux only: read from `/proc`."""

import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Whoever takes so many seconds of a processor is ended by the system.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer took: seconds of processor time, and megabytes (10⁶) beyond those before."""

    answer: str
    seconds: float
    megabytes: float

    @property
    def is_bearable(self) -> bool:
        """Whether a server with thirty visitors can bear it."""
        return self.seconds < 2 and self.megabytes < 300


def cost_of(work: Callable[[bytes], Any], data: bytes) -> Cost:
    """Return what it takes to make something of a file, or to refuse it with a plain reason.

    Whatever else is raised goes on.
    """
    used, (soft, hard) = time.process_time(), resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + PATIENCE, hard))
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before = _megabytes("VmRSS")
    try:
        answer = str(getattr(work(data), "shape", "taken"))
    except ValueError as refusal:
        # UnicodeError and others derive from ValueError, but they are no answer to a person.
        if type(refusal) is not ValueError:
            raise
        answer = str(refusal)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    return Cost(answer, time.process_time() - used, _megabytes("VmHWM") - before)


def _megabytes(name: str) -> float:
    (found,) = re.findall(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found) * 1024 / 1e6
