"""An inbox folder per gemeente: every new bank file is read once and moved, atomically, with a note when refused."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.actions.reconcile import BankFile, Reconciled, read_bank_files, reconcile
from flows.office import Office
from ledgers.bank.statements import StatementOutOfOrder
from ledgers.errors import Conflict, ProofFailed, Refused
from payments.problems import InputRefused

PROCESSED, REFUSED = "processed", "refused"
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one file of the inbox."""

    file: str
    outcome: str
    already: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Arrived:
    """One file that was read, and what became of each message in it: a zip has several."""

    path: Path
    left: int
    done: list[Reconciled] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def watch_once(office: Office, folder: Path) -> list[Handled]:
    """Handle what lies in `folder/<gemeente>/` now, rejections first, then statements by day.

    A file goes to `processed/` or `refused/` beside it after its transaction: a stop in between leaves it in the
    inbox, where the next round finds it read already. What is not read is named: nothing is passed over in silence.
    """
    gemeenten = sorted(office.settings.gemeenten)
    handled = list(_strays(folder, gemeenten, files=True))
    for gemeente in gemeenten:
        place = folder / gemeente
        if place.is_dir():
            handled += _strays(place, (PROCESSED, REFUSED), files=False)
            handled += _handle(office, place)
    return handled


def _strays(place: Path, known: Collection[str], *, files: bool) -> Iterator[Handled]:
    """What lies where nothing is read."""
    for path in sorted(place.iterdir()):
        if path.is_file():
            if files:
                yield Handled(path.name, f"is not read here: move it to the folder of a gemeente ({', '.join(known)})")
        elif path.name not in known:
            yield Handled(path.name, "is not read: put the files themselves in the folder of a gemeente")


def _handle(office: Office, place: Path) -> list[Handled]:
    handled: list[Handled] = []
    read: list[tuple[BankFile, _Arrived]] = []
    for path in sorted(p for p in place.iterdir() if p.is_file()):
        if path.name.startswith(".") or path.suffix.lower() in UNFINISHED:
            handled.append(Handled(path.name, "is left alone: its name says that it is still being written"))
            continue
        try:
            messages = read_bank_files(path)
        except InputRefused as refused:
            handled.append(_refuse(path, _lines(refused)))
            continue
        arrived = _Arrived(path, len(messages))
        read += [(message, arrived) for message in messages]
    for file, arrived in sorted(read, key=lambda item: item[0].order):
        try:
            arrived.done.append(reconcile(office, file))
        except StatementOutOfOrder:
            arrived.waiting.append(f"{file.name} waits for an earlier statement")
        except (InputRefused, Conflict, Refused, ProofFailed) as refused:
            arrived.refused += _lines(refused)
        arrived.left -= 1
        if arrived.left == 0:
            handled.append(_put_away(arrived))
    return handled


def _put_away(arrived: _Arrived) -> Handled:
    done = arrived.done
    if arrived.refused:
        return _refuse(arrived.path, [*arrived.refused, *arrived.waiting, *(f"{d.file} is read" for d in done)])
    if arrived.waiting:
        return Handled(arrived.path.name, "waits in the inbox for an earlier statement")
    _move(arrived.path, PROCESSED)
    already = all(one.already for one in done)
    booked, returned = sum(one.booked for one in done), sum(one.returned for one in done)
    rejected, exceptions = sum(one.rejected for one in done), sum(one.exceptions for one in done)
    told = f"{booked} booked, {returned} returned, {rejected} rejected, {exceptions} exceptions"
    others = sum(one.other_accounts for one in done)
    told += f", {others} statements of other accounts left out" if others else ""
    warnings = tuple(warning for one in done for warning in one.warnings)
    return Handled(arrived.path.name, "already read" if already else told, already, warnings)


def _lines(refused: Exception) -> list[str]:
    return [str(problem) for problem in refused.problems] if isinstance(refused, InputRefused) else [str(refused)]


def _refuse(path: Path, lines: list[str]) -> Handled:
    target = _move(path, REFUSED)
    note = target.with_name(f"{target.name}.why.txt")
    note.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Handled(path.name, f"refused: {lines[0]}")


def _move(path: Path, where: str) -> Path:
    """Rename within the folder; a file of the same name that came before is never overwritten."""
    folder = path.parent / where
    folder.mkdir(mode=0o700, exist_ok=True)
    target, number = folder / path.name, 1
    while True:
        try:
            os.link(path, target)  # unlike rename, this refuses an existing name
            break
        except FileExistsError:
            if target.samefile(path):
                break  # stopped between link and unlink
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
    path.unlink()
    return target
