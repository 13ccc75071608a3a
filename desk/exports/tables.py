"""Tables for others: as CSV that our own strict readers would accept, or as a workbook without live formulas."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

import xlsxwriter

Format = Literal["csv", "xlsx"]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], form: Format) -> bytes:
    """Write a table of texts; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    safe = [[_harmless(cell) for cell in row] for row in rows]
    return _csv(header, safe) if form == "csv" else _xlsx(header, safe)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "constant_memory": False}) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return stream.getvalue()
