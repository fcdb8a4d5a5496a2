"""Starts the limited child and reads its frames; whatever happens to it becomes `ChildDied`."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from core.workbook.child import FRAME
from core.workbook.gate import Limits

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.append(sys.argv[1]); from core.workbook.child import main; main()"
_MOST = 256 * 1024 * 1024
_READ = 1 << 16


class ChildDied(Exception):
    """Killed by a limit, hung, crashed or answered nonsense: all the same to the one who uploaded."""


def frames(
    source: IO[bytes], mode: str, options: dict[str, Any], limits: Limits
) -> Generator[bytes, None, None]:
    """The child's answers, as they come. `source` is a real file; closing the iterator kills it.

    The wall limit counts only the time this side waits, not the time its caller works in between.
    """
    with _running(source, mode, options, limits) as process:
        output = process.stdout
        if output is None:
            raise ChildDied("no output")
        reader = _Reader(output.fileno(), limits.wall_seconds)
        while True:
            head = reader.take(FRAME.size)
            if not head:
                break
            (length,) = FRAME.unpack(head)
            if length > _MOST:
                raise ChildDied("frame too large")
            payload = reader.take(length)
            if len(payload) != length:
                raise ChildDied("frame cut off")
            yield payload
        try:
            code = process.wait(timeout=max(1.0, reader.left))
        except subprocess.TimeoutExpired as error:
            raise ChildDied("does not end") from error
        if code != 0:
            raise ChildDied(f"ended with {code}")


@contextmanager
def _running(
    source: IO[bytes], mode: str, options: dict[str, Any], limits: Limits
) -> Iterator[subprocess.Popen[bytes]]:
    # Reading needs the standard library only, so no site packages; marking needs the one writer.
    flags = ["-I", "-B"] + (["-S"] if mode == "read" else [])
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        command = [sys.executable, *flags, "-c", _BOOT, _ROOT, mode, _json(options, limits)]
        process = subprocess.Popen(  # noqa: S603 - fixed program, no shell, no words of a user
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"TMPDIR": folder, "LC_ALL": "C.UTF-8"},
            close_fds=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _json(options: dict[str, Any], limits: Limits) -> str:
    known = {
        "memory": limits.memory,
        "cpu_seconds": limits.cpu_seconds,
        "parts": limits.parts,
        "rows": limits.rows,
        "columns": limits.columns,
        "cells": limits.cells,
    }
    return json.dumps(known | options, ensure_ascii=True)


class _Reader:
    """Reads whole pieces from a pipe and gives up when the waiting adds up to the limit."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self._descriptor = descriptor
        self.left = float(seconds)
        self._buffer = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(descriptor, selectors.EVENT_READ)

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes, or fewer at the end."""
        while len(self._buffer) < size:
            before = time.monotonic()
            ready = self._selector.select(max(0.0, self.left))
            self.left -= time.monotonic() - before
            if not ready or self.left <= 0:
                raise ChildDied("too slow")
            chunk = os.read(self._descriptor, max(_READ, size - len(self._buffer)))
            if not chunk:
                break
            self._buffer += chunk
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece
