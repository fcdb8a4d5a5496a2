"""What a measurement is, and a process of the portal on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the answer; `figure` and `bound` in the same unit, less is better."""

    what: str
    figure: float
    bound: float
    unit: str

    @property
    def is_within(self) -> bool:
        return self.figure <= self.bound

    def __str__(self) -> str:
        mark = "ok  " if self.is_within else "OVER"
        return f"{mark} {self.what:<62} {self.figure:8.2f} {self.unit:<8} (at most {self.bound:g})"


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Seconds that the work took, and what it made."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def environment(data: Path) -> dict[str, str]:
    """The embedded database in this folder and nothing of the caller's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "DATA_DIR": str(data), "DEMO": "1", "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost"}


def run(data: Path, *arguments: str) -> str:
    """Runs Python on the portal in this data folder; what it printed. Raises with its errors if it failed."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(data), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return done.stdout
