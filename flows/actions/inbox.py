"""An inbox folder per gemeente: every new bank file is read once and moved, atomically, with a note when refused."""

import os
from dataclasses import dataclass
from pathlib import Path

from flows.actions.reconcile import BankFile, read_bank_file, reconcile
from flows.office import Office
from ledgers.bank.statements import StatementOutOfOrder
from ledgers.errors import Conflict, ProofFailed, Refused
from payments.problems import InputRefused

PROCESSED, REFUSED = "processed", "refused"
ENDINGS = (".xml",)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one file of the inbox."""

    file: str
    outcome: str
    already: bool = False


def watch_once(office: Office, folder: Path) -> list[Handled]:
    """Handle what lies in `folder/<gemeente>/` now, rejections first, then statements by day.

    A file goes to `processed/` or `refused/` beside it after its transaction: a stop in between leaves it in the
    inbox, where the next round finds it read already.
    """
    handled: list[Handled] = []
    for gemeente in sorted(office.settings.gemeenten):
        place = folder / gemeente
        if place.is_dir():
            handled += _handle(office, place)
    return handled


def _handle(office: Office, place: Path) -> list[Handled]:
    handled: list[Handled] = []
    read: list[tuple[BankFile, Path]] = []
    for path in sorted(p for p in place.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS):
        try:
            read.append((read_bank_file(path), path))
        except InputRefused as refused:
            handled.append(_refuse(path, refused))
    for file, path in sorted(read, key=lambda item: item[0].order):
        try:
            done = reconcile(office, file)
        except StatementOutOfOrder:
            handled.append(Handled(path.name, "waits in the inbox for an earlier statement"))
            continue
        except (InputRefused, Conflict, Refused, ProofFailed) as refused:
            handled.append(_refuse(path, refused))
            continue
        _move(path, PROCESSED)
        told = f"{done.booked} booked, {done.returned} returned, {done.rejected} rejected, {done.exceptions} exceptions"
        handled.append(Handled(path.name, "already read" if done.already else told, done.already))
    return handled


def _refuse(path: Path, refused: Exception) -> Handled:
    lines = [str(p) for p in refused.problems] if isinstance(refused, InputRefused) else [str(refused)]
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
