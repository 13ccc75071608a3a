"""The bytes of a file that comes in, within bounds; the same for registers, answers of the bank and assessments."""

from pathlib import Path

from payments.problems import refusal


def read_incoming(path: Path, most: int, too_large: str = "") -> bytes:
    """The bytes of a file; InputRefused when it cannot be read.

    A file of more than `most` bytes is refused in the words of `too_large`, where `{size}` is what it has; without
    words one byte too many is handed on, and whoever reads them says so.
    """
    try:
        size = path.stat().st_size
        if too_large and size > most:
            raise refusal(path.name, too_large.format(size=size))
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise refusal(path.name, f"cannot be read: {error.strerror or type(error).__name__}") from None
