"""Processes that the bench starts: started, measured and ended here."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

POLL = 0.02
START_LIMIT = 180.0
Command = Sequence[str | Path]
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Step:
    """What one step of a load took: seconds by the clock and of CPU, peak memory in bytes."""

    name: str
    wall: float
    cpu: float
    memory: int

    def as_dict(self) -> dict[str, str | float | int]:
        return asdict(self)


class Exceeded(RuntimeError):
    """A process was killed for what it took, which `step` holds; the message says of what.

    `said` is the end of what it had said.
    """

    def __init__(self, why: str, step: Step, said: str) -> None:
        super().__init__(why)
        self.step, self.said = step, said


@dataclass(frozen=True)
class Limits:
    """What a process and its children may take together: seconds by the clock, bytes of memory."""

    seconds: float = math.inf
    memory: float = math.inf

    def broken(self, seconds: float, memory: int) -> str | None:
        """What was exceeded, in words; None if nothing was."""
        if seconds > self.seconds:
            return f"> {self.seconds:g} s"
        return f"> {self.memory / 1e9:.1f} GB" if memory > self.memory else None


UNLIMITED = Limits()


def run_step(name: str, argv: Command, cwd: Path | None = None) -> Step:
    """Run a command to its end. RuntimeError with what it said if it fails."""
    return run(name, argv, cwd)[0]


def run(
    name: str,
    argv: Command,
    cwd: Path | None = None,
    *,
    limits: Limits = UNLIMITED,
    environment: Mapping[str, str] | None = None,
) -> tuple[Step, str]:
    """Run a command to its end; what it took, and the last 4,000 bytes that it said.

    RuntimeError with what it said if it fails; Exceeded if it was killed at a limit.
    """
    with subprocess.Popen(
        argv, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            step, said = _watch(name, process, limits)
        finally:
            _kill_session(process)
    if process.returncode:
        raise RuntimeError(f"{name} ended with status {process.returncode}: {said[-2000:]}")
    return step, said


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started; nothing if they have ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _watch(name: str, process: subprocess.Popen[bytes], limits: Limits) -> tuple[Step, str]:
    """What a process took and said, when it has ended. Exceeded at a limit.

    The high-water mark that the kernel gives back at the end would include that of this process,
    so it is read while the other runs.
    """
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    start, memory, said = time.perf_counter(), 0, b""
    while True:
        memory = max(memory, peak_memory(process.pid), _memory_of_all(process.pid))
        said = (said + (process.stdout.read() or b""))[-4000:]
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - start
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            return Step(name, wall, cpu, memory), said.decode(errors="replace")
        if why := limits.broken(wall, memory):
            step = Step(name, wall, cpu_seconds(process.pid), memory)
            raise Exceeded(why, step, said.decode(errors="replace"))
        time.sleep(POLL)


def peak_memory(pid: int) -> int:
    """The high-water mark of a process's resident memory, bytes; 0 once it has ended."""
    return _status(pid, "VmHWM:")


def _memory_of_all(pid: int) -> int:
    """Resident memory of a process and its children now, pages that they share counted for each."""
    return _status(pid, "VmRSS:") + sum(_memory_of_all(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):  # any of them may end while it is read
        for thread in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, thread.read_text().split())
    return found


def _status(pid: int, field: str) -> int:
    """A field of a process's status in bytes; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    values = [line.split()[1] for line in lines if line.startswith(field)]
    return int(values[0]) * 1024 if values else 0


def cpu_seconds(pid: int) -> float:
    """CPU seconds that a running process has used, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def disk_bytes(path: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def free_port() -> int:
    """A port of the loopback interface that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process on a port of the loopback interface; it writes what it says to `log`."""

    def __init__(
        self,
        argv: Command,
        port: int,
        log: Path,
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port, self.log = port, log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                argv, cwd=cwd, env=environment, stdout=stream, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self.process.pid

    def _wait(self) -> None:
        """Until the port answers. RuntimeError if the process ends first, or takes too long."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                said = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.process.args!r} ended while starting: {said}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(POLL)
        raise RuntimeError(f"{self.process.args!r} does not answer on port {self.port}")

    def stop(self) -> None:
        """Ask it to end, and kill it if it does not."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
