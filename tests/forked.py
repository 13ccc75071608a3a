"""Processes forked from this warm one: real enough to be killed or to race each other, quick enough to be many."""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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


def fork(action: Callable[[], Any]) -> Process:
    """Start an action in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Process(pid, reading)
    try:
        signal.alarm(SECONDS)
        with os.fdopen(writing, "wb") as stream:
            stream.write(pickle.dumps(action()))
    except BaseException:  # noqa: BLE001 - the parent is told by the exit status, whatever it was
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)  # nothing of the parent's may be closed or cleaned up from here


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Start actions at the same moment, each in a process of its own; their answers in order."""
    gate, opening = os.pipe()

    def behind_the_gate(action: Callable[[], Any]) -> Callable[[], Any]:
        def wait_and_act() -> Any:
            os.close(opening)
            os.read(gate, 1)  # returns when the parent lets go
            return action()

        return wait_and_act

    processes = [fork(behind_the_gate(action)) for action in actions]
    os.close(gate)
    os.close(opening)
    return [process.answer() for process in processes]
