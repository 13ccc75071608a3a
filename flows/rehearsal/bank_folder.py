"""Answer payment files from a folder: one simulated bank account per debtor account, remembered between calls."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from flows.rehearsal.bank import BankAnswer, BankPlan, BankState, FakeBank, Fault, Habits
from flows.rehearsal.bank_model import Version
from flows.rehearsal.bank_reader import Instruction, read_instruction
from payments.problems import InputRefused, Problem

STATE = ".bank-state.json"
_EVENTS = ("rejects", "returns", "refunds")


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    content: bytes
    digest: str
    instruction: Instruction


def run_fake_bank(
    files: Sequence[Path],
    out: Path,
    *,
    seed: int,
    returns: int = 0,
    rejects: int = 0,
    booking: Literal["batch", "single"] = "batch",
    opening_cents: int = 100_000_000,
    refunds: int = 0,
    stray: int = 0,
    details: bool = True,
    references: Literal["full", "batch_only", "none"] = "full",
    net: bool = False,
    return_references: bool = True,
    verification: bool = False,
    fault: Fault | None = None,
    version: Version = "camt.053.001.02",
) -> list[Path]:
    """Write what the bank answers to these files, up to the last day on which something happens, and give the paths.

    The events are spread by seed over all files that are new; files that were answered before bring nothing, so the
    same call again gives an empty list. InputRefused for a file that no bank would take in, ValueError for events
    that these files have no room for; in both cases nothing is written.
    """
    habits = Habits(booking, details, references, net, return_references, verification, version)
    asked = {"rejects": rejects, "returns": returns, "refunds": refunds}
    states = _remembered(out / STATE)
    received = _only_new(_read(files), states)
    if not received:
        return []
    plans = _plans(received, states, asked, stray, fault, seed)
    banks: dict[str, FakeBank] = {}
    for file in received:
        iban = file.instruction.debtor_iban
        if iban not in banks:
            banks[iban] = FakeBank(iban, opening_cents, seed, habits, states.get(iban))
        try:
            banks[iban].receive(file.content, plans[file.path])
        except ValueError as error:
            raise ValueError(f"{file.path.name} {error}") from None
    answers = [answer for bank in banks.values() for answer in bank.answers(bank.busy_until or date.min)]
    written = _write(out, answers)
    _remember(out / STATE, states | {iban: bank.state for iban, bank in banks.items()})
    return written


def _read(paths: Sequence[Path]) -> list[_File]:
    files, problems = [], []
    for path in paths:
        try:
            content = path.read_bytes()
            files.append(_File(path, content, sha256(content).hexdigest(), read_instruction(content)))
        except OSError as error:
            problems.append(Problem(path.name, None, None, None, f"cannot be read: {error.strerror}"))
        except ValueError as error:
            problems.append(Problem(path.name, None, None, None, str(error)))
    if problems:
        raise InputRefused(problems)
    return files


def _only_new(files: list[_File], states: Mapping[str, BankState]) -> list[_File]:
    """Each file once, in the order of execution; a known MsgId with other bytes is new, and the bank refuses it."""
    known = {digest for state in states.values() for digest in state.messages}
    new = {file.digest: file for file in files if file.digest not in known}
    return sorted(
        new.values(), key=lambda file: (file.instruction.blocks[0].execution_date, file.instruction.message_id)
    )


def _plans(
    files: list[_File],
    states: Mapping[str, BankState],
    asked: Mapping[str, int],
    stray: int,
    fault: Fault | None,
    seed: int,
) -> dict[Path, BankPlan]:
    """Spread the events over the payments of all files as chance has it, and so over the files."""
    chance = random.Random(f"{seed} {' '.join(file.instruction.message_id for file in files)}")  # noqa: S311 - simulation
    seen = {(iban, message) for iban, state in states.items() for message in state.messages.values()}
    paid = []
    for file in files:
        known = (file.instruction.debtor_iban, file.instruction.message_id)
        if known not in seen:
            seen.add(known)
            paid.append(file)
    pool = [file.path for file in paid for _ in file.instruction.transfers]
    if sum(asked.values()) > len(pool):
        raise ValueError(f"{len(pool)} new payments are too few for {sum(asked.values())} rejects, returns and refunds")
    if not paid:
        return {file.path: BankPlan() for file in files}
    drawn = chance.sample(pool, sum(asked.values()))
    events: dict[Path, Counter[str]] = defaultdict(Counter)
    for name in _EVENTS:
        events_of_kind, drawn = drawn[: asked[name]], drawn[asked[name] :]
        for path in events_of_kind:
            events[path][name] += 1
    for _ in range(stray):
        events[chance.choice(paid).path][chance.choice(("stray_credits", "stray_debits"))] += 1
    return {file.path: BankPlan(**events[file.path], fault=fault if file is paid[0] else None) for file in files}


def _write(out: Path, answers: Sequence[BankAnswer]) -> list[Path]:
    """Write all answers or, where one would replace something else, none."""
    out.mkdir(parents=True, exist_ok=True)
    targets = {out / answer.name: answer.content for answer in sorted(answers, key=lambda answer: answer.name)}
    taken = [path for path, content in targets.items() if path.exists() and path.read_bytes() != content]
    if taken:
        what = f"is there already with another content than the bank would write; choose a new folder ({len(taken)})"
        raise InputRefused([Problem(taken[0].name, None, None, None, what)])
    for path, content in targets.items():
        _replace(path, content)
    return list(targets)


def _replace(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _remembered(path: Path) -> dict[str, BankState]:
    if not path.exists():
        return {}
    try:
        return {iban: _state(told) for iban, told in json.loads(path.read_bytes()).items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        what = "is not what this bank wrote to remember its accounts by; choose a new folder"
        raise InputRefused([Problem(path.name, None, None, None, what)]) from None


def _state(told: Mapping[str, Any]) -> BankState:
    last_day = told["last_day"]
    return BankState(
        int(told["balance_cents"]),
        int(told["statements"]),
        int(told["reports"]),
        None if last_day is None else date.fromisoformat(last_day),
        dict(told["messages"]),
    )


def _remember(path: Path, states: Mapping[str, BankState]) -> None:
    told = {iban: asdict(state) for iban, state in sorted(states.items())}
    _replace(path, json.dumps(told, indent=1, default=date.isoformat).encode())
