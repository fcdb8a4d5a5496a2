"""The portal as it is served, with the demo province, on a free port: for what must be seen in a browser."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import ROOT, environment

PATIENCE = 300.0  # seconds
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def portal() -> Iterator[tuple[str, str]]:
    """Its address and the password of its accounts; set up by run.py on data of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="portal-site-") as folder:
        env = {**environment(Path(folder)), "PORT": str(port)}
        log = Path(folder) / "run.log"
        with log.open("wb") as kept:
            running = subprocess.Popen(
                [sys.executable, "run.py"], cwd=ROOT, env=env, stdout=kept, stderr=kept
            )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, log)
            yield address, json.loads((Path(folder) / "demo-accounts.json").read_text())["password"]
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 (own address)
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    sys.exit(f"{log.read_text()[-4000:]}\nthe portal did not answer within {PATIENCE:.0f} s.")


def chromium() -> str:
    """The browser's path; ends with what to install when there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        sys.exit("no browser: apt-get install chromium fonts-noto-cjk")
    return found
