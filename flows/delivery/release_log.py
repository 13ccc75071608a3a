"""What left for the bank, remembered outside the database: one that was restored from a backup shows itself here.

One line for each file that was handed over, only ever added to: MsgId, SHA-256 and the head of the audit trail then.
"""

import os
from collections.abc import Callable
from pathlib import Path

from ledgers.errors import ProofFailed, Refused

_HEADER = "# What left for the bank: MsgId, SHA-256, row and hash of the audit trail. Only added to; keep it here.\n"
_WAY_OUT = (
    "Was the database restored from a backup, or are these other books? Then its payments may have been made already, "
    "and releasing would pay them twice. Ask the bank which of these files it has, before anything else. Who knows "
    "that puts that file aside under another name and goes on."
)


def place(books: str | None, folder: Path) -> Path:
    """Where that is kept: beside the file of the books where they are one, else beside the folder.

    Never in the folder itself: a bank channel takes all that it finds.
    """
    if books is not None:
        return Path(f"{books}.released.log")
    whole = folder.absolute()
    return whole.parent / f".{whole.name}.released.log"


def refuse_other_books(path: Path, message_id: str, sha256: str, hash_of: Callable[[int], str | None]) -> None:
    """ProofFailed when a file of this name left before with other bytes, or when the books do not hold what left."""
    left = [line.split() for line in _lines(path)]
    entries = [
        (entry[0], entry[1], int(entry[2]), entry[3]) for entry in left if len(entry) == 4 and entry[2].isdigit()
    ]
    for message, digest, _, _ in entries:
        if message == message_id and digest != sha256:
            raise ProofFailed(
                f"{message_id} left for the bank before with other bytes, says {path}. Release nothing. {_WAY_OUT}"
            )
    if entries:
        message, _, row, trail = entries[-1]
        if hash_of(row) != trail:
            raise ProofFailed(
                f"{message} left for the bank, says {path}, and these books do not hold row {row} of the "
                f"audit trail with which it left. Release nothing. {_WAY_OUT}"
            )


def note_release(path: Path, message_id: str, sha256: str, head: tuple[int, str]) -> None:
    """Add a line for a file that left, once; durably."""
    lines = _lines(path)
    if any(line.split()[:2] == [message_id, sha256] for line in lines):
        return
    text = ("" if path.exists() else _HEADER) + f"{message_id} {sha256} {head[0]} {head[1]}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}. Mend the folder and release again.") from None


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}. Mend the folder and release again.") from None
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
