"""Ways in which a workbook goes wrong, or was made to do harm."""

import csv
import re
import warnings
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from random import Random
from xml.sax.saxutils import escape
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from campaigns.broken_bytes import Mutation, flipped, junk, truncated
from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
_MADE = datetime(2026, 11, 18)  # noqa: DTZ001 - a workbook knows no time zone
_CELL = re.compile(rb"<c r=\"([A-Z]+\d+)\"[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)
_VALUE = re.compile(rb"<v>[^<]*</v>")
_DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "lol">]>'
Parts = dict[str, bytes]


def workbook(content: bytes) -> bytes:
    """The same table as an office would save it: amounts sometimes numbers, dates sometimes date cells."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MADE
    sheet = book.active
    assert sheet is not None
    rows = list(csv.reader(StringIO(content.decode()), delimiter=";"))
    for number, row in enumerate(rows):
        sheet.append([_typed(name, cell) if number % 2 else cell for name, cell in zip(rows[0], row, strict=True)])
    target = BytesIO()
    book.save(target)
    return _packed(_parts(target.getvalue()))  # with a time of its own in each part, no two runs would be the same


def _typed(name: str, cell: str) -> str | float | date:
    if name == "bedrag":
        return float(cell.replace(".", "").replace(",", "."))
    if cell and (name.endswith("datum") or name.startswith("recht")):
        return date.fromisoformat(cell)
    return cell


def _parts(content: bytes) -> Parts:
    """The parts of a workbook that can still be opened, else none."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return {}
    except Exception as error:  # zlib says its own
        if type(error).__module__ == "zlib":
            return {}
        raise


def _packed(parts: Parts, kind: int = ZIP_DEFLATED, *more: tuple[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", kind) as archive:
        for name, data in [*parts.items(), *more]:
            archive.writestr(ZipInfo(name), data, kind)
    return target.getvalue()


def _sheet(change: Callable[[Random, bytes], bytes], chance: Random, content: bytes) -> bytes:
    parts = _parts(content)
    if SHEET not in parts:
        return flipped(chance, content)
    return _packed(parts | {SHEET: change(chance, parts[SHEET])})


def cell_wrong(chance: Random, content: bytes) -> bytes:
    return _sheet(_with_a_wrong_cell, chance, content)


def _with_a_wrong_cell(chance: Random, sheet: bytes) -> bytes:
    cells = list(_CELL.finditer(sheet))
    if not cells:
        return flipped(chance, sheet)
    cell = chance.choice(cells)
    place = cell[1].decode()
    text = escape(junk(chance, "650,00")).replace("\x00", "&#0;").replace("\x1b", "&#27;")
    number = chance.choice(
        (
            "12.345",
            "650.001",
            "-5",
            "1e3",
            "1E-3",
            "1e999",
            "NaN",
            "nan",
            "inf",
            "1_000",
            "٣",
            " 7 ",
            "650,00",
            "0x10",
            "1" * 5_000,
            "9" * 700,
            "46351",
            "46351.5",
            "-1",
            "99999999",
            "0.1",
            "650",
            "1e400",
            "--1",
            "1.",
            ".5",
            "",
        )
    )
    made = chance.choice(
        (
            f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>',
            f'<c r="{place}" t="inlineStr"><is><r><t>{text[:3]}</t></r><r><t>{text[3:]}</t></r></is></c>',
            f'<c r="{place}" t="str"><v>{text}</v></c>',
            f'<c r="{place}"><v>{number}</v></c>',
            f'<c r="{place}" s="1"><v>{number}</v></c>',
            f'<c r="{place}" t="s"><v>{number}</v></c>',
            f'<c r="{place}" t="b"><v>{chance.choice("01x2")}</v></c>',
            f'<c r="{place}" t="e"><v>#N/A</v></c>',
            f'<c r="{place}" t="d"><v>{text}</v></c>',
            f'<c r="{place}" t="{chance.choice(("zz", "", "N"))}"><v>1</v></c>',
            f'<c r="{place}"><f>A1+1</f><v>650</v></c>',
            f'<c r="{place}"><f t="array" ref="A1:Z99">{text}</f></c>',
            f'<c r="{place}"><f t="dataTable" ref="A1:B2" dt2D="1" r1="A1"/></c>',
            f'<c r="{place}" s="99999"><v>1</v></c>',
            f'<c r="{place}" s="{chance.choice(("x", "-1"))}"><v>1</v></c>',
            "<c><v>5</v></c>",
            "",
        )
    )
    return sheet[: cell.start()] + made.encode("utf-8", "replace") + sheet[cell.end() :]


def place_wrong(chance: Random, content: bytes) -> bytes:
    return _sheet(_with_a_wrong_place, chance, content)


def _with_a_wrong_place(chance: Random, sheet: bytes) -> bytes:
    places = list(re.finditer(rb'\br="([^"]*)"', sheet))
    if not places:
        return flipped(chance, sheet)
    found = chance.choice(places)
    new = chance.choice(
        (
            b"A1",
            b"A2",
            b"XFD1048576",
            b"ZZZ1",
            b"AAAA1",
            b"ZZZZZZ1",
            b"a2",
            b"1",
            b"A0",
            b"A-1",
            b"A",
            b"",
            b"2",
            b"1e9",
            b"99999999999",
            b"-3",
            b"2.0",
            b"nan",
            "A２".encode(),
            b"A2:B3",
            b"$A$2",
            b"B2",
        )
    )
    return sheet[: found.start(1)] + new + sheet[found.end(1) :]


def rows_moved(chance: Random, content: bytes) -> bytes:
    def moved(chance: Random, sheet: bytes) -> bytes:
        rows = _ROW.findall(sheet)
        if not rows:
            return flipped(chance, sheet)
        one = chance.choice(rows)
        new = chance.choice((one + one, b"", one.replace(b" r=", b" q="), b"<!-- " + one + b" -->", b"<row/>" + one))
        return sheet.replace(one, new, 1)

    return _sheet(moved, chance, content)


def value_wrong(chance: Random, content: bytes) -> bytes:
    def changed(chance: Random, sheet: bytes) -> bytes:
        values = list(_VALUE.finditer(sheet))
        if not values:
            return flipped(chance, sheet)
        found = chance.choice(values)
        value = escape(junk(chance, found[0][3:-4].decode("utf-8", "replace"))).encode("utf-8", "replace")
        return sheet[: found.start()] + b"<v>" + value + b"</v>" + sheet[found.end() :]

    return _sheet(changed, chance, content)


def sheet_damaged(chance: Random, content: bytes) -> bytes:
    return _sheet(chance.choice((flipped, truncated)), chance, content)


def sheet_in_disguise(chance: Random, content: bytes) -> bytes:
    """A document type in the sheet, openly or in another encoding."""

    def disguised(chance: Random, sheet: bytes) -> bytes:
        text = _DOCTYPE + re.sub(rb"^<\?xml.*?\?>", b"", sheet).replace(b"</v>", b"&a;</v>", 1)
        encoding = chance.choice(("utf-8", "utf-16", "cp037", "utf-16-be"))
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        return (head + text.decode("utf-8", "replace")).encode(encoding, "replace")

    return _sheet(disguised, chance, content)


def part_lost(chance: Random, content: bytes) -> bytes:
    parts = _parts(content)
    for name in chance.sample(sorted(parts), min(len(parts), chance.randint(1, 2))):
        del parts[name]
    return _packed(parts)


def part_damaged(chance: Random, content: bytes) -> bytes:
    parts = _parts(content)
    if not parts:
        return flipped(chance, content)
    name = chance.choice(sorted(parts))
    change = chance.choice((flipped, truncated, lambda _c, _d: b"", lambda _c, data: _DOCTYPE + data))
    return _packed(parts | {name: change(chance, parts[name])})


def part_added(chance: Random, content: bytes) -> bytes:
    more = chance.choice(
        (
            ("../../etc/cron.d/x", b"x"),
            ("/absolute", b"x"),
            ("C:\\x", b"x"),
            ("xl/vbaProject.bin", b"\0" * 99),
            ("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
            ("a" * 60_000, b""),
            (SHEET, b"<worksheet/>"),
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/media/\u202egnp.exe", b"MZ"),
            ("xl/\x00.xml", b"x"),
        )
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a double name is what this is about
        return _packed(_parts(content), ZIP_DEFLATED, more)


def second_sheet(chance: Random, content: bytes) -> bytes:
    """Another sheet with content, perhaps hidden."""
    parts = _parts(content)
    book, types = parts.get("xl/workbook.xml", b""), parts.get("[Content_Types].xml", b"")
    relations = parts.get("xl/_rels/workbook.xml.rels", b"")
    state = chance.choice((b"visible", b"hidden", b"veryHidden", b"junk"))
    other = b"xl/worksheets/sheet2.xml"
    parts[other.decode()] = parts.get(SHEET, b"")
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/workbook.xml"] = book.replace(
        b"</sheets>",
        b'<sheet xmlns:r="' + kind + b'" name="B" sheetId="2" state="' + state + b'" r:id="rId99"/></sheets>',
    )
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        b"</Relationships>",
        b'<Relationship Type="' + kind + b'/worksheet" Target="/' + other + b'" Id="rId99"/></Relationships>',
    )
    sheet_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    parts["[Content_Types].xml"] = types.replace(
        b"</Types>", b'<Override PartName="/' + other + b'" ContentType="' + sheet_type + b'"/></Types>'
    )
    return _packed(parts)


def packed_strangely(chance: Random, content: bytes) -> bytes:
    parts = _parts(content)
    if chance.random() < 0.5:
        return _packed(parts, chance.choice((ZIP_BZIP2, ZIP_STORED)))
    packed = bytearray(_packed(parts))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # says that it is encrypted
        place = packed.find(signature)
        if place >= 0 and chance.random() < 0.8:
            packed[place + flags] |= 1
    return bytes(packed)


def sizes_that_lie(chance: Random, content: bytes) -> bytes:
    packed = bytearray(content)
    place = packed.find(b"PK\x01\x02")
    if place < 0 or len(packed) < place + 46:
        return flipped(chance, content)
    field = place + chance.choice((16, 20, 24, 28, 42))  # checksum, packed size, size, name length, offset
    packed[field : field + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\1\0\0\0", chance.randbytes(4)))
    return bytes(packed)


XLSX: tuple[Mutation, ...] = (
    *(cell_wrong,) * 8,
    *(place_wrong,) * 3,
    *(value_wrong,) * 3,
    rows_moved,
    sheet_damaged,
    sheet_in_disguise,
    part_lost,
    part_damaged,
    part_added,
    second_sheet,
    packed_strangely,
    sizes_that_lie,
)
