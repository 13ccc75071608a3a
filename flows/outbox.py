"""Write a file so that a reader sees the whole of it or nothing, also when the power fails half-way."""

import os
from pathlib import Path

from ledgers.errors import ProofFailed, Refused


def deliver(folder: Path, name: str, content: bytes) -> Path:
    """Write `folder/name` by a temporary name, fsync and rename; ProofFailed when other bytes stand there already."""
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            if target.read_bytes() != content:
                raise ProofFailed(
                    f"{target} exists with other bytes than the released file: somebody changed it. Do not hand it to "
                    "the bank; move it away, find out why, and release again."
                )
            return target
        _write(target, content)
    except OSError as error:
        raise Refused(
            f"{target} cannot be written: {error.strerror}. Nothing is lost: mend the folder and release again."
        ) from None
    return target


def replace(target: Path, content: bytes) -> None:
    """Write an overview or export, over an older one of the same name where there is one."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content)
    except OSError as error:
        raise Refused(f"{target} cannot be written: {error.strerror}. Choose another place with --out.") from None


def _write(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.part")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
