"""Small files that would grow without end in a careless reader: each is read by a process with little memory."""

import resource
import signal
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from campaigns.broken_xlsx import SHEET
from campaigns.readers import Reader
from support.forked import fork

from config.settings import SettingsRefused
from payments.problems import InputRefused

ROOM = 700 * 1024 * 1024  # bytes of address space above what the process has already
SECONDS = 20  # until its alarm ends a process: ten times what any of these may take on an idle machine
SECONDS_FOR_A_BOMB = 10.0  # on a processor, however slow: most take tenths of one, and growth takes minutes
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CAMT = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
_LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "'
    + b"ha" * 500
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 100) for level in range(8))
    + b"]>"
)
MB = 1024 * 1024


def bombs(readers: dict[str, Reader]) -> Iterator[tuple[str, Reader, bytes]]:
    """Each with its name and the reader that it is meant for."""
    csv, camt, book = readers["benefits.csv"], readers["camt.053"], readers["benefits.xlsx"]
    settings, answers = readers["settings.toml"], readers["answers.json"]
    header = csv.samples[0].partition(b"\n")[0] + b"\n"
    yield "a field of 60 MB", csv, header + b"x" * (60 * MB)
    yield "a quoted field of 30 MB", csv, header + b'"' + b'""' * (15 * MB) + b'"'
    yield "30 million fields in a line", csv, header + b";" * (30 * MB)
    yield "a million lines without fields", csv, header + b"x\n" * MB
    yield "an amount of 20 million digits", csv, header + b"U1;1;2026-11;regulier;" + b"9" * (20 * MB) + b",00;"
    for reader in (camt, readers["camt.054"], readers["pain.002"]):
        yield "entities that laugh", reader, _LAUGHS + reader.samples[0].replace(b"</MsgId>", b"&i;</MsgId>")
    yield "nested a million deep", camt, _CAMT + b"<Stmt>" * MB
    yield "nested in a foreign namespace", camt, _CAMT + b'<x xmlns="y">' * MB
    yield "a tag of 50 MB", camt, _CAMT + b"<" + b"A" * (50 * MB)
    yield "an attribute of 50 MB", camt, _CAMT + b'<Stmt a="' + b"A" * (50 * MB) + b'"/>'
    yield "a comment of 50 MB", camt, _CAMT + b"<!--" + b"A" * (50 * MB)
    yield "a text of 50 MB", camt, _CAMT + b"<GrpHdr><MsgId>" + b"A" * (50 * MB)
    yield "50,000 attributes", camt, _CAMT + b"<Stmt" + b"".join(b" a%d=''" % n for n in range(50_000)) + b"/>"
    yield "50,000 namespaces", camt, _CAMT + b"<Stmt" + b"".join(b" xmlns:a%d='b'" % n for n in range(50_000)) + b"/>"
    yield "2 million elements in one entry", camt, _CAMT + b"<Stmt><Ntry>" + b"<Amt/>" * (2 * MB)
    for name, sheet in _sheets():
        yield name, book, _workbook(book.samples[0], {SHEET: sheet})
    yield "a part of 200 MB", book, _workbook(book.samples[0], {"xl/media/a.bin": b"\0" * (200 * MB)})
    yield (
        "shared strings without end",
        book,
        _workbook(book.samples[0], {"xl/sharedStrings.xml": b'<sst xmlns="' + _MAIN + b'">' + b"<si/>" * (8 * MB)}),
    )
    yield "5,000 parts", book, _workbook(book.samples[0], {f"xl/{number}": b"" for number in range(5_000)})
    yield "lists in lists", settings, b"a = " + b"[" * 900_000
    yield "tables in tables", settings, b"a = " + b"{a=" * 300_000
    yield "a dotted key without end", settings, b"a." * 400_000 + b"a = 1"
    yield "a number of a million digits", settings, b"payday = " + b"9" * 1_000_000
    yield "a hexadecimal number of a million digits", settings, b"trusted_actors = 0x" + b"f" * 1_000_000
    yield (
        "265 keys of 490 names",
        settings,
        b"\n".join(b"a." * 490 + b"a%d = 1" % number for number in range(265)),
    )
    yield "settings of 100 MB", settings, b"#" * (100 * MB)
    yield "objects in objects", answers, b'{"a":' * 200_000
    yield "an answer of 50 MB", answers, b'{"a":"' + b"x" * (50 * MB)


def _sheets() -> Iterator[tuple[str, bytes]]:
    start = b'<worksheet xmlns="' + _MAIN + b'"><sheetData>'
    yield "a row of a million empty cells", start + b"<row>" + b"<c/>" * MB + b"</row></sheetData></worksheet>"
    yield "a row of empty cells without end", start + b"<row>" + b"<c/>" * (10 * MB)
    yield "half a million empty rows", start + b"<row/>" * 500_000 + b"</sheetData></worksheet>"
    yield "empty rows without end", start + b"<row/>" * (8 * MB)
    yield "rows of small cells without end", start + b"<row><c><v>1</v></c></row>" * (2 * MB)
    yield "a cell of 60 MB", start + b'<row><c t="str"><v>' + b"x" * (60 * MB)
    yield "a sheet nested without end", start + b"<row><c>" + b"<is>" * (10 * MB)
    yield "a sheet that laughs", _LAUGHS + start + b"<row><c><v>&i;</v></c></row></sheetData></worksheet>"


def _workbook(template: bytes, parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(BytesIO(template)) as old, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
        for name, data in parts.items():
            new.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return target.getvalue()


def set_off(reader: Reader, content: bytes) -> tuple[str, float]:
    """Read one bomb in a process of its own: what became of it, and after how many seconds of a processor."""
    child = fork(lambda: _confined(lambda: reader.read(content, reader.file)))
    try:
        outcome, seconds = child.answer()
    except (AssertionError, EOFError):
        return "the process died", float(SECONDS)
    return outcome, seconds


def _confined(read: Callable[[], object]) -> tuple[str, float]:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    start = time.process_time()
    try:
        read()
    except (InputRefused, SettingsRefused):
        outcome = "refused"
    except BaseException as error:  # noqa: BLE001 - a MemoryError most of all
        outcome = type(error).__name__
    else:
        outcome = "accepted"
    return outcome, time.process_time() - start
