"""An XLSX file as a grid of text cells; whatever a workbook can hide or change on the way is refused."""

import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.worksheet._reader import VALUE_TAG, WorkSheetParser
from openpyxl.worksheet.formula import DataTableFormula

from payments.intake.findings import Findings
from payments.intake.grid import MAX_COLUMNS, Grid
from payments.money import MAX_CENTS
from payments.problems import InputRefused, refusal

_UNPACKED_LIMIT = 4  # times the limit of a file: XML says in four bytes what CSV says in one
_TIMES_PACKED = 50  # times its own size, that a workbook may unpack to: real ones stay below twenty
_ALWAYS_UNPACKED = 4 << 20  # whatever its own size
_MAX_ROW = 1 << 20  # bytes of XML from one row to the next: the parser holds a row whole
_MAX_PARTS = 1_000
_MAX_EMPTY = 100_000  # rows on end: a few bytes packed, and a parser takes its time over each
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_DOCTYPE = b"<!DOCTYPE"
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_INDEX = re.compile(r"[0-9]{1,9}")
_BROKEN = "is not a readable workbook: open it in the spreadsheet program and save it again as .xlsx"


class _Parser(WorkSheetParser):
    """Refuses what Python's int and float read as a number and no spreadsheet writes: `1_000`, `-1` as a place."""

    def parse_cell(self, element: Any) -> Any:
        """One cell, once its raw number has been looked at."""
        wanted = {"n": _NUMBER, "s": _INDEX}.get(element.get("t", "n"))
        raw = element.findtext(VALUE_TAG)
        if wanted is not None and raw and not wanted.fullmatch(raw):
            raise ValueError("is not a number")
        return super().parse_cell(element)


class _Metered:
    """The bytes of a sheet, so many at most from one row to the next."""

    def __init__(self, stream: IO[bytes], file: str) -> None:
        self._stream, self._file = stream, file
        self.since_row = 0

    def read(self, size: int = -1) -> bytes:
        """Hand on what the parser asks for."""
        chunk = self._stream.read(size)
        self.since_row += len(chunk)
        if self.since_row > _MAX_ROW:
            raise refusal(self._file, f"has a row, or something after the last one, of more than {_MAX_ROW} bytes")
        return chunk


class _Cell(NamedTuple):
    column: int  # from 1
    kind: str  # as openpyxl says it: s text, n number, d date, f formula, b boolean, e error
    value: Any


_Row = tuple[int, list[_Cell]]


def read_workbook(
    content: bytes,
    findings: Findings,
    *,
    known: Collection[str],
    amounts: Collection[str],
    dates: Collection[str],
    names: Mapping[str, str],
    max_bytes: int,
) -> Grid:
    """Read the only filled sheet of a workbook; a wrong cell becomes a finding and an empty text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and validations that it leaves out
        room = max(_ALWAYS_UNPACKED, len(content) * _TIMES_PACKED)
        _check_parts(content, findings.file, min(room, max_bytes * _UNPACKED_LIMIT))
        rows = _only_filled_sheet(content, findings.file)
        header_line, header_cells = next(rows)
        header = _header(header_cells, names)
        if len(header) > MAX_COLUMNS:
            raise refusal(findings.file, f"has no header line: the first one has {len(header)} cells")
        columns: list[list[str]] = [[] for _ in header]
        lines = []
        for line, cells in rows:
            texts = [""] * len(header)
            for column, kind, value in cells:
                if column > len(header):
                    findings.add(line, None, None, "has a cell to the right of the last named column: empty it")
                    continue
                name = header[column - 1]
                if name not in known:  # refused by its header; what stands below it may be about a person
                    continue
                try:
                    texts[column - 1] = _text(kind, value, is_amount=name in amounts, is_date=name in dates)
                except ValueError as why:
                    findings.add(line, name, _seen(value), str(why))
            lines.append(line)
            for cells_so_far, text in zip(columns, texts, strict=True):
                cells_so_far.append(text)
    return Grid(header, header_line, columns, lines)


@contextmanager
def _refusing(file: str) -> Iterator[None]:
    """Refuse a workbook that zipfile, the XML parsers or openpyxl stumble over."""
    try:
        yield
    except InputRefused:
        raise
    except Exception:  # noqa: BLE001 - they promise no exception class: a broken part can end in any of them
        raise refusal(file, _BROKEN) from None


def _check_parts(content: bytes, file: str, max_unpacked: int) -> None:
    """Unpack everything once without keeping it, before an XML parser sees any of it."""
    with _refusing(file), ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise refusal(file, "is encrypted: save it without a password")
        if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
            raise refusal(file, _BROKEN)
        too_large = refusal(file, f"unpacks to more than {max_unpacked} bytes or {_MAX_PARTS} parts")
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > max_unpacked:
            raise too_large
        unpacked = 0
        for part in parts:
            for size in _unpack(archive, part, file):
                unpacked += size
                if unpacked > max_unpacked:  # the directory of a zip can lie
                    raise too_large


def _unpack(archive: ZipFile, part: ZipInfo, file: str) -> Iterator[int]:
    """The sizes of a part's chunks as they come, refusing a document type: that is where entity bombs are declared."""
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            window = tail + chunk.replace(b"\0", b"")  # without its zero bytes UTF-16 shows it too
            if _DOCTYPE in window:
                raise refusal(file, "has a document type in its XML, which no spreadsheet program writes")
            tail = window[-len(_DOCTYPE) :]
            yield len(chunk)


def _only_filled_sheet(content: bytes, file: str) -> Iterator[_Row]:
    """The rows of the one sheet that holds anything, from its header on."""
    with _refusing(file):
        workbook = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        filled = [sheet for sheet in workbook.worksheets if next(_filled_rows(workbook, sheet, file), None)]
        if not filled:
            raise refusal(file, "is empty: no sheet has a header line")
        if len(filled) > 1:
            raise refusal(file, f"has {len(filled)} sheets with content (hidden ones count): keep only one")
        yield from _filled_rows(workbook, filled[0], file)


def _filled_rows(workbook: Any, sheet: Any, file: str) -> Iterator[_Row]:
    """The rows with content, by their number.

    The public reader of openpyxl trusts the sheet's stated dimension and order: rows and cells outside them vanish
    without a word. Its parser gives each row as it stands, so that a disorder can be refused.
    """
    with sheet._get_source() as source:  # noqa: SLF001 - as above
        metered = _Metered(source, file)
        parser = _Parser(
            metered,
            sheet._shared_strings,  # noqa: SLF001
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,  # noqa: SLF001
            timedelta_formats=workbook._timedelta_formats,  # noqa: SLF001
        )
        previous = empty = 0
        for line, cells in parser.parse():
            metered.since_row = 0
            places = [0, *(cell["column"] for cell in cells)]
            in_order = line > previous and all(left < right for left, right in pairwise(places))
            if not in_order or any(cell["row"] != line for cell in cells):
                raise refusal(file, f"has rows or cells out of order near line {line}: save it again as .xlsx")
            previous = line
            filled = [
                _Cell(cell["column"], cell["data_type"], cell["value"])
                for cell in cells
                if cell["value"] is not None and cell["value"] != ""
            ]
            empty = 0 if filled else empty + 1
            if empty > _MAX_EMPTY:
                raise refusal(file, f"has more than {_MAX_EMPTY} empty rows near line {line}: delete them")
            if filled:
                yield line, filled


def _header(cells: list[_Cell], names: Mapping[str, str]) -> list[str]:
    header = [""] * cells[-1].column
    for column, _, value in cells:  # a number or a formula is no column of ours and will be refused as such
        name = _seen(value) or ""
        header[column - 1] = names.get(name, name)
    return header


def _seen(value: Any) -> str | None:
    """A cell as its author sees it; an array formula has a text of its own, a data table none."""
    text = getattr(value, "text", value)
    return None if isinstance(text, DataTableFormula) else str(text)


def _text(kind: str, value: Any, *, is_amount: bool, is_date: bool) -> str:
    """A cell as the CSV file would have it; ValueError says why the cell cannot be trusted."""
    if kind == "s":
        return str(value)
    if kind == "n" and is_amount:
        return _amount(value)
    if kind == "n":
        raise ValueError("is a number cell, which may have lost leading zeros: make the column text")
    if kind == "d" and is_date and isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if kind == "d":
        raise ValueError(
            "is a date cell with a time: enter the day alone" if is_date else "is a date cell: make the column text"
        )
    if kind == "f":
        raise ValueError("holds a formula: paste its value instead")
    raise ValueError("holds a boolean or an error instead of a text: enter the value itself")


def _amount(value: float) -> str:
    """A number cell in the Dutch grammar; repr gives the digits as typed, not those of the binary fraction."""
    number = Decimal(repr(value))
    if not number.is_finite():
        raise ValueError("is not a number")
    if number < 0:
        raise ValueError("is negative: an amount has no sign")
    if number > MAX_CENTS:  # before rounding, which has limits of its own
        raise ValueError("is far above the highest amount that a SEPA payment can have")
    if number != round(number, 2):
        raise ValueError("has more than two decimals: an amount is in whole cents")
    return f"{number:.2f}".replace(".", ",")
