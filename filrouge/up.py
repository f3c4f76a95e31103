"""`filrouge up`: web and worker as two child processes, watched, in the foreground.

This process imports neither Django nor the models: it only waits, and its memory counts too.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

THREADS = 8  # of each web process
WEB_STOP_SECONDS = 3.0  # the requests in hand; a browser that sent half a request could hold it longer
WORKER_STOP_SECONDS = 8.0
START_SECONDS = 60.0
LONGEST_PAUSE = 30.0
CALM_SECONDS = 60.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Child:
    """One process that must run: started again, less and less soon, when it dies."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], grace: float) -> None:
        self.name, self.command, self.env, self.grace = name, command, env, grace
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.pause = 0.5
        self.again_at = 0.0

    def start(self) -> None:
        # A group of its own: Ctrl-C reaches us alone, and we stop the children in order.
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started, self.again_at = time.monotonic(), 0.0

    def watch(self) -> None:
        """Start it again if it died, after a pause that doubles while it keeps dying."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.kill()
            self.pause = 0.5 if now - self.started > CALM_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            code, self.process, self.again_at = self.process.returncode, None, now + self.pause
            say(f"The {self.name} stopped by itself ({_how(code)}); starting it again in {self.pause:.0f} s.")
        elif self.process is None and now >= self.again_at:
            self.start()

    def ask(self) -> None:
        """To stop. The child tells its own children: one told twice may take the second for a crash."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """The whole group, so that none of a dead child's own children stays behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None


def _die_with_parent() -> None:
    """On Linux the children end with us even if we are killed; elsewhere the worker notices by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"


def say(sentence: str) -> None:
    click.echo(sentence)
    sys.stdout.flush()


class House:
    """Web and worker of one data folder."""

    def __init__(self, host: str, port: int, sample: bool) -> None:
        self.host, self.port, self.sample = host, port, sample
        self.env = {**os.environ, "PORT": str(port), "HOST": host, "PYTHONUNBUFFERED": "1"}
        web = {**self.env, "FILROUGE_THREADS": str(THREADS)}
        self.web = Child("web server", self._granian(), web, WEB_STOP_SECONDS)
        command = [sys.executable, "-m", "filrouge.cli", "worker"]
        self.worker = Child("worker", command, self.env, WORKER_STOP_SECONDS)
        self.stopping = False

    def _granian(self) -> list[str]:
        here = str(Path(sys.executable).with_name("granian"))
        # Requests take turns in a process (see wsgi.py); the other threads wait for what clients still send.
        options = f"--interface wsgi --workers 2 --blocking-threads {THREADS} --no-ws --log-level error"
        care = "--respawn-failed-workers --respawn-interval 1"
        place = ["--host", self.host, "--port", str(self.port)]
        return [here, *options.split(), *care.split(), *place, "filrouge.wsgi:application"]

    def run(self) -> int:
        """Prepare, start, watch until a signal; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        _refuse_taken(self.host, self.port)
        welcome = self._prepare()
        if welcome is None:
            return 0 if self.stopping else 1
        self.web.start()
        self.worker.start()
        try:
            if not self.stopping and self._answers():
                say(f"\n{welcome}\n")
            elif not self.stopping:
                say("The web server does not start; the reason stands above.")
                return 1
            while not self.stopping:
                time.sleep(0.2)
                self.web.watch()
                self.worker.watch()
        finally:
            self._end()
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _prepare(self) -> str | None:
        flag = "--sample" if self.sample else "--no-sample"
        command = [sys.executable, "-m", "filrouge.cli", "prepare", flag]
        process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        out = process.communicate()[0]
        return out.strip() if process.returncode == 0 else None

    def _answers(self) -> bool:
        """Whether the web server comes up; its own words are on the screen if it does not."""
        local = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
        url = f"http://{f'[{local}]' if ':' in local else local}:{self.port}/healthz"
        end = time.monotonic() + START_SECONDS
        while not self.stopping and not self.web.gone and time.monotonic() < end:
            if _speaks(url):
                return True
            time.sleep(0.1)
        return False

    def _end(self) -> None:
        """Both are asked to stop at once, and each is made to after a while of its own."""
        self.stopping = True
        children, asked = (self.web, self.worker), time.monotonic()
        for child in children:
            child.ask()
        while not all(child.gone for child in children):
            for child in children:
                if time.monotonic() - asked > child.grace:
                    child.kill()
            time.sleep(0.05)
        for child in children:
            child.kill()
        say("Stopped. Everything is saved.")


def _speaks(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
        return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise click.ClickException(
                f"port {port} needs more rights than yours. Choose one above 1023: PORT=8000"
            ) from None
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            hint = f"Stop what listens there, or choose another port: PORT={other} make run"
            raise click.ClickException(
                f"port {port} on {host} cannot be used ({error.strerror}). {hint}"
            ) from None
