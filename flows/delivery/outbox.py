"""Write a file so that a reader sees the whole of it or nothing, also when the power fails half-way."""

import os
from contextlib import suppress
from glob import escape
from pathlib import Path
from tempfile import mkstemp

from ledgers.errors import ProofFailed, Refused


def deliver(folder: Path, name: str, content: bytes) -> Path:
    """Let `folder/name` hold these bytes, durably; ProofFailed when other bytes stand there already."""
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not target.exists():
            _write(target, content)
        _sweep(target)
        standing = target.read_bytes()
        _sync_folder(folder)
    except OSError as error:
        raise Refused(
            f"{target} cannot be written: {error.strerror}. Nothing is lost: mend the folder and release again."
        ) from None
    if standing != content:
        raise ProofFailed(
            f"{target} exists with other bytes than the released file. Hand neither to the bank: either somebody "
            "changed it, or this database was restored from a backup and made the month again, and what stands there "
            "was paid already. Ask the bank whether it has this file; only when it has not, move it away and release "
            "it again."
        )
    return target


def replace(target: Path, content: bytes) -> None:
    """Write an overview or export, over an older one of the same name where there is one."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(target, content)
        _sweep(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise Refused(f"{target} cannot be written: {error.strerror}. Choose another place with --out.") from None


def _write(target: Path, content: bytes) -> None:
    """Write under a name of our own first: two writers of one name would rename each other's half file."""
    descriptor, name = mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileNotFoundError):  # another writer of this name was first, and swept ours away
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Remove what writers that were killed left behind, also one that was killed after its rename."""
    for leftover in target.parent.glob(f".{escape(target.name)}.*.part"):
        leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path, content: bytes) -> None:
    """Keep a file that other content is about to replace under the next free number: `list.csv` as `list.1.csv`."""
    if not path.is_file() or path.read_bytes() == content:
        return
    number = 1
    while (kept := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    path.rename(kept)
