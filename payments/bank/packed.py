"""A zip of statements, as banks' portals hand them out: unpacked within bounds, or refused with what to do."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from payments.problems import InputRefused, refusal

MAX_FILES = 100
MAX_UNPACKED = 200_000_000  # bytes of all files together; held in memory
MAX_RATIO = 250  # a statement shrinks some thirty times
FREE = 1_000_000  # bytes that are never too many, however small the zip is
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1
_CHUNK = 65_536
_UNPACK = "unpack it, and give the statements that are in it"


def files_in(content: bytes, file: str) -> list[tuple[str, bytes]]:
    """Each file of a zip with the name of the zip before its own; anything else is the one file that it is."""
    if not content.startswith(_SIGNATURE):
        return [(file, content)]
    try:
        return _unpacked(content, file)
    except InputRefused:
        raise
    except Exception:  # noqa: BLE001 - zipfile promises no exception class: a broken part can end in any of them
        raise refusal(file, "is a zip that is damaged: ask the bank to send it again") from None


def _unpacked(content: bytes, file: str) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise refusal(file, "is a zip without a file in it: ask the bank to send it again")
        if len(members) > MAX_FILES:
            raise refusal(file, f"is a zip of {len(members)} files, {MAX_FILES} are allowed: {_UNPACK}")
        room = min(MAX_UNPACKED, max(FREE, MAX_RATIO * len(content)))
        found = []
        for member in members:
            name = f"{file}/{member.filename}"
            _refuse_odd(member, name)
            data = _read(archive, member, room)
            if data is None:
                what = f"is a zip that unpacks to more than {MAX_UNPACKED} bytes, or {MAX_RATIO} times its own size"
                raise refusal(file, f"{what}: {_UNPACK}")
            room -= len(data)
            found.append((name, data))
        return found


def _refuse_odd(member: ZipInfo, name: str) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise refusal(name, f"is locked with a password: {_UNPACK}")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise refusal(name, f"is packed in a way that is not read: {_UNPACK}")


def _read(archive: ZipFile, member: ZipInfo, room: int) -> bytes | None:
    """What is in it; None when that is more than there is room for: the directory of a zip can lie."""
    parts, size = [], 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > room:
                return None
            parts.append(chunk)
    return b"".join(parts)
