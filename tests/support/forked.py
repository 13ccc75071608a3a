"""Processes forked from this warm one: real enough to be killed or to race each other, quick to be many."""

import io
import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from flows.delivery import outbox

_ours = os.getpid()  # nothing but a fork of this process may be altered: see Points.watch
SECONDS = 120  # a process that takes longer hangs, and is ended by its own alarm


@dataclass
class Process:
    """One action in a process of its own."""

    pid: int
    pipe: int

    def answer(self) -> Any:
        """Wait for the end: what the action returned, or None when it was killed."""
        with os.fdopen(self.pipe, "rb") as stream:
            content = stream.read()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return None
        assert status == 0, f"the process ended with wait status {status}"
        return pickle.loads(content)

    def kill_after(self, seconds: float) -> None:
        """Kill it from outside, wherever it is by then: also inside the database library or the kernel."""
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def fork(action: Callable[[], Any], seconds: int = SECONDS) -> Process:
    """Start an action in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Process(pid, reading)
    try:
        signal.alarm(seconds)
        with os.fdopen(writing, "wb") as stream:
            stream.write(pickle.dumps(action()))
    except BaseException:  # noqa: BLE001 - the parent is told by the exit status, whatever it was
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)  # nothing of the parent's may be closed or cleaned up from here


def at_once(*actions: Callable[[], Any], delays: Sequence[float] = ()) -> list[Any]:
    """Start actions at the same moment (or so many seconds after it), each in a process of its own; their answers."""
    gate, opening = os.pipe()

    def behind_the_gate(action: Callable[[], Any], delay: float) -> Callable[[], Any]:
        def wait_and_act() -> Any:
            os.close(opening)
            os.read(gate, 1)  # returns when the parent lets go
            time.sleep(delay)
            return action()

        return wait_and_act

    waits = [*delays, *[0.0] * (len(actions) - len(delays))]
    processes = [fork(behind_the_gate(action, delay)) for action, delay in zip(actions, waits, strict=True)]
    os.close(gate)
    os.close(opening)
    return [process.answer() for process in processes]


class Points:
    """The points of this process from here on, and what is to happen at one of them.

    A point is at both sides of every statement, every commit, and every step of writing a file: create, half of the
    bytes, all of them, fsync, rename, remove. Between two of them nothing happens to books or files.
    """

    def __init__(self, deed: Callable[[], None], at: int = 0, *, reads: bool = True) -> None:
        """`at` 0 only counts; without `reads` only what changes something is a point, and what follows it the next."""
        self.passed, self.written = 0, 0  # all points, and those before a step of writing a file
        self._deed, self._at, self._reads = deed, at, reads

    def watch(self, *, files_only: bool = False) -> Self:
        """Put the points in place; in a forked process only, for nothing takes them away again."""
        assert os.getpid() != _ours, "the points would stay in the process of all other tests"
        if not files_only:
            self._watch_database()
        for name in ("fsync", "replace", "rename", "mkdir", "unlink"):
            self._around(os, name)
        self._around(outbox, "mkstemp")
        self._around(tempfile, "mkstemp")
        opened = io.open

        def open_slowly(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            stream = opened(file, mode, *more, **named)
            return _InHalves(stream, self._before_writing) if "w" in mode and "b" in mode else stream

        io.open = open_slowly
        return self

    def _watch_database(self) -> None:
        def statement(*about: Any) -> None:
            if self._reads or not str(about[2]).lstrip().upper().startswith(("SELECT", "BEGIN", "SET")):
                self._pass()

        event.listen(Engine, "before_cursor_execute", statement)
        if self._reads:
            event.listen(Engine, "after_cursor_execute", statement)
        event.listen(Engine, "commit", self._commits)
        commit = DefaultDialect.do_commit

        def commit_and_pass(dialect: DefaultDialect, connection: Any) -> None:
            commit(dialect, connection)
            self._pass()

        DefaultDialect.do_commit = commit_and_pass  # type: ignore[method-assign]

    def _commits(self, _: Any) -> None:
        self._pass()

    def _around(self, module: Any, name: str) -> None:
        function = getattr(module, name)

        def slowly(*args: Any, **named: Any) -> Any:
            if name == "unlink":  # it frees room: no disk is too full for it
                self._pass()
            else:
                self._before_writing()
            done = function(*args, **named)
            self._pass()
            return done

        setattr(module, name, slowly)

    def _before_writing(self) -> None:
        self.written += 1
        self._pass()

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            self._deed()


class FileFails(Points):
    """Points of which the n-th step of writing a file fails as a full, read-only or broken disk would."""

    def __init__(self, number: int, problem: int) -> None:
        super().__init__(lambda: None)
        self._number, self._problem = number, problem

    def _before_writing(self) -> None:
        self.written += 1
        if self.written == self._number:
            raise OSError(self._problem, os.strerror(self._problem))


class _InHalves:
    """A file opened for writing that takes its bytes in two parts, with a point before, between and after."""

    def __init__(self, stream: Any, act: Callable[[], None]) -> None:
        self._stream, self._act = stream, act

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, content: Any) -> int:
        middle = len(content) // 2
        for part in (content[:middle], content[middle:]):
            self._act()
            self._stream.write(part)
            self._stream.flush()
        return len(content)


def kill_this_process() -> None:
    """End as a power cut would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)
