"""The cells of a file by column, whatever kind of file they came in."""

from dataclasses import dataclass

MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a file by column, before anybody asked what they mean; the header has our own column names."""

    header: list[str]
    header_line: int
    columns: list[list[str]]
    lines: list[int]
