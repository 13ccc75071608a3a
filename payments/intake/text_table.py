"""Bytes from a municipality's system as a table of text cells: the shape of a file is judged here, its meaning not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from payments.intake.findings import Findings
from payments.intake.grid import MAX_COLUMNS, Grid
from payments.problems import refusal

MAX_BYTES = 64 * 1024 * 1024
_MAX_LINES = 2_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also the envelope of a workbook with a password

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]")  # tab and line feed are judged where they stand
# A whole quoted field within one line, a quote in it doubled; possessive, so that no file can make it slow.
_QUOTED_FIELD = re.compile(r'(?:^|(?<=;))"(?:[^"\n]|"")*+"(?=;|$)', re.MULTILINE)
_FORMULA = re.compile(r"[=+@\t]|-(?![0-9])")
_BAD_QUOTES = (
    'has quotes that do not fit: put them around a whole field ("..."), double one inside it (""), '
    "and put no line break in a field"
)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file as written, '' where absent; `lines[i]` is where row i stands for who opens the file."""

    file: str
    columns: dict[str, list[str]]
    lines: list[int]


@dataclass(frozen=True, slots=True)
class TableFormat:
    """The columns a file must and may have, which of them may be number or date cells, and which are personal."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    amounts: frozenset[str]
    dates: frozenset[str]
    private: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the file can have."""
        return self.required + self.optional


def read_table(
    content: bytes,
    file: str,
    shape: TableFormat,
    *,
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
) -> Table:
    """Read CSV or XLSX, recognised by content, in its strict form; anything else is refused with all its problems."""
    table, findings = survey_table(content, file, shape, encoding=encoding, names=names, max_bytes=max_bytes)
    findings.refuse()
    return table


def survey_table(
    content: bytes,
    file: str,
    shape: TableFormat,
    *,
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
) -> tuple[Table, Findings]:
    """Read what can be read, with what is wrong so far, so that a reader can add its own findings to one refusal.

    Rows that fall apart are left out, and so are missing required columns; optional ones are filled with ''.
    """
    findings = Findings(file, shape.private)
    if len(content) > max_bytes:
        raise refusal(file, f"is larger than {max_bytes} bytes: check that it is the right file, or split it")
    if content.startswith(_OLD_EXCEL):
        raise refusal(file, "is an old .xls or has a password: save it as .xlsx without a password")
    if content.startswith(_ZIP):
        from payments.intake.workbook import read_workbook  # openpyxl is slow to load

        grid = read_workbook(
            content,
            findings,
            known=shape.columns,
            amounts=shape.amounts,
            dates=shape.dates,
            names=names,
            max_bytes=max_bytes,
        )
    else:
        grid = _read_csv(_decode(content, file, encoding), findings, names)
    columns = _named_columns(grid, shape, findings)
    for name, cells in columns.items():
        _check_cells(name, cells, grid.lines, findings)
    columns.update({name: [""] * len(grid.lines) for name in shape.optional if name not in columns})
    return Table(file, columns, grid.lines), findings


def _decode(content: bytes, file: str, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = _lines_unified(content[: wrong.start].decode(encoding, "replace")).count("\n") + 1
        raise refusal(file, f"is not {encoding}: line {line} has bytes that do not exist in it") from None
    if not content.isascii() and len(text) == len(content) and _is_utf8(content):
        raise refusal(file, f"is UTF-8 and not {encoding}, which the settings say: letters with accents would be wrong")
    return _lines_unified(text.removeprefix("\ufeff"))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines_unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _read_csv(text: str, findings: Findings, names: Mapping[str, str]) -> Grid:
    """Judge each line's form ourselves, then let pandas take the good ones apart.

    pandas alone would pad a short row, take the surplus of a long one for an index, read `"ab"c` as abc and end a
    cell at a zero byte.
    """
    if text.count("\n") > _MAX_LINES:
        raise refusal(findings.file, f"has more than {_MAX_LINES} lines: check that it is the right file, or split it")
    lines = text.split("\n")
    quoted = '"' in text
    bare_lines = _QUOTED_FIELD.sub("", text).split("\n") if quoted else lines
    controls = _CONTROL.search(text) is not None
    good: list[int] = []
    width = 0
    for number, (line, bare) in enumerate(zip(lines, bare_lines, strict=True), start=1):
        if not line:
            continue
        fields = bare.count(";") + 1
        width = width or fields
        if width > MAX_COLUMNS:
            raise refusal(findings.file, f"has no header line: the first one has {width} fields")
        if controls and (control := _CONTROL.search(line)):
            findings.add(number, None, None, f"has a control character (U+{ord(control[0]):04X}): remove it")
        elif quoted and '"' in bare:
            findings.add(number, None, None, _BAD_QUOTES)
        elif fields != width:
            few = "few" if fields < width else "many"
            findings.add(number, None, None, f"has too {few} fields: {fields}, where the header has {width}")
        else:
            good.append(number)
            continue
        if not good:  # without its header nothing of a file can be judged
            findings.refuse()
    if not good:
        raise refusal(findings.file, "is empty: it has no header line")
    import pandas as pd  # the slowest of all to load, and only a file that comes in asks for it

    frame = pd.read_csv(
        StringIO("\n".join(lines[number - 1] for number in good)),
        sep=";",
        quotechar='"',
        header=None,
        index_col=False,
        dtype=str,
        na_filter=False,
        keep_default_na=False,
        skip_blank_lines=False,
        engine="c",
    )
    header, *_ = frame.head(1).to_numpy().tolist()
    columns = [frame[position].tolist()[1:] for position in frame.columns]
    return Grid([names.get(name, name) for name in header], good[0], columns, good[1:])


def _named_columns(grid: Grid, shape: TableFormat, findings: Findings) -> dict[str, list[str]]:
    """The columns by our names; unknown, double, nameless and missing ones become findings."""
    known = ", ".join(shape.columns)
    if not set(shape.columns) & set(grid.header):
        # Such a first line may be a person's, so nothing of it is shown.
        raise refusal(findings.file, f"has no header line with ; between the column names: known are {known}")
    unknown = set(grid.header) - set(shape.columns)
    # Mostly unknown names may be the first person's line, that lost the line end before it.
    of_people = bool(shape.private) and len(unknown) > len(grid.header) - len(unknown)
    columns: dict[str, list[str]] = {}
    for number, (name, cells) in enumerate(zip(grid.header, grid.columns, strict=True), start=1):
        if not name:
            findings.add(grid.header_line, None, None, f"has no name for column {number}: known are {known}")
        elif name not in shape.columns and of_people:
            findings.add(grid.header_line, None, None, f"column {number} is not one of this file: known are {known}")
        elif name not in shape.columns:
            findings.add(grid.header_line, None, name, f"is not a column of this file: known are {known}")
        elif name in columns:
            findings.add(grid.header_line, name, None, "stands more than once in the header: keep one")
        else:
            columns[name] = cells
    for name in shape.required:
        if name not in columns:
            findings.add(grid.header_line, name, None, "is missing: this file must have it")
    return columns


def _check_cells(name: str, cells: list[str], lines: list[int], findings: Findings) -> None:
    """Find cells that are unseen, padded, or alive in a spreadsheet; the whole column at once when all is well."""
    firsts, lasts = {cell[:1] for cell in cells}, {cell[-1:] for cell in cells}
    if not firsts & set("=+@- \t") and " " not in lasts and "".join(cells).isprintable():
        return
    for line, cell in zip(lines, cells, strict=True):
        if what := _cell_problem(cell):
            findings.add(line, name, cell, what)


def _cell_problem(cell: str) -> str | None:
    if _FORMULA.match(cell):
        return "starts like a spreadsheet formula: write it without = + @ - or tab in front"
    if cell != cell.strip(" "):
        return "has a space in front or behind: remove it"
    if not cell.isprintable():
        unseen = next(character for character in cell if not character.isprintable())
        return f"has a character that cannot be seen (U+{ord(unseen):04X}): remove it"
    return None
