"""What an accepted file must have said: read once more, by code that shares nothing with the readers.

Each function returns what the reader took that the file does not say, or None.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from config.settings import Settings
from payments.bank.camt_model import BankMessage, EntryStatus
from payments.bank.pain002 import StatusReport
from payments.dossier.answers import Answers

_DUTCH = re.compile(r"([0-9]{1,3}(\.[0-9]{3})*|[0-9]+),[0-9][0-9]")
_XLSX = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MONEY = re.compile(r"\+?[0-9]*\.?[0-9]*")
_DEFAULTS = {"vrij", "maand", "nee"}  # what an empty cell stands for

Row = dict[str, str | Decimal]


def euros_in_dutch(text: str) -> int | None:
    """The cents of an amount in the one grammar, digit by digit; None if it is not in it."""
    if not _DUTCH.fullmatch(text):
        return None
    return int("".join(character for character in text if character in "0123456789"))


def csv_rows(content: bytes) -> list[Row]:
    text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    header, *rows = csv.reader(StringIO("\n".join(filter(None, text.split("\n")))), delimiter=";", strict=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def xlsx_rows(content: bytes) -> list[Row]:
    """The rows of the only filled sheet, by cell reference and never by order; a number cell is a Decimal."""
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shared = [
        "".join(text.text or "" for text in item.iter(f"{_XLSX}t"))
        for item in ET.fromstring(parts.get("xl/sharedStrings.xml", b"<none/>")).iter(f"{_XLSX}si")
    ]
    sheets = [ET.fromstring(data) for name, data in parts.items() if re.match(r"xl/worksheets/\w+\.xml", name)]
    [grid] = [grid for sheet in sheets if (grid := _grid(sheet, shared))]
    header, *rows = [grid[number] for number in sorted(grid)]
    return [{str(name): row.get(column, "") for column, name in header.items()} for row in rows]


def _grid(sheet: ET.Element, shared: list[str]) -> dict[int, dict[int, str | Decimal]]:
    grid: dict[int, dict[int, str | Decimal]] = {}
    line = 0
    for row in sheet.iter(f"{_XLSX}row"):
        line = int(float(row.get("r", line + 1)))
        column = 0
        for cell in row.iter(f"{_XLSX}c"):
            place = re.fullmatch(r"([A-Za-z]{1,3})([0-9]+)", cell.get("r", ""))
            column = _letters(place[1]) if place else column + 1
            value = _value(cell, shared)
            if value != "":
                grid.setdefault(int(place[2]) if place else line, {})[column] = value
    return grid


def _letters(text: str) -> int:
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _value(cell: ET.Element, shared: list[str]) -> str | Decimal:
    text = cell.findtext(f"{_XLSX}v") or ""
    match cell.get("t", "n"):
        case "s" if text:
            return shared[int(text)] if re.fullmatch("[0-9]+", text) else f"index {text!r}"
        case "inlineStr":
            return "".join(found.text or "" for found in cell.iter(f"{_XLSX}t"))
        case "n" if text:
            return (
                Decimal(text)
                if re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
                else f"number {text!r}"
            )
    return text


def rows_differ(rows: list[Row], records: Iterable[Any], columns: tuple[str, ...]) -> str | None:
    """Compare records, whose fields stand in the order of the columns, with the cells that they came from."""
    taken = list(records)
    if len(rows) != len(taken):
        return f"{len(rows)} lines became {len(taken)} records"
    for number, (row, record) in enumerate(zip(rows, taken, strict=True), start=1):
        for name, field in zip(columns, fields(record), strict=True):
            if not _says(row.get(name, ""), getattr(record, field.name)):
                return f"row {number}, {name}: {row.get(name)!r} became {getattr(record, field.name)!r}"
    return None


def _says(cell: str | Decimal, value: Any) -> bool:
    if isinstance(cell, Decimal):
        serial = (value - date(1899, 12, 30)).days if isinstance(value, date) else None
        if serial is not None and serial <= 60:  # spreadsheets have a 29 February 1900
            serial -= 1
        return cell == serial if serial is not None else isinstance(value, int) and cell * 100 == value
    if isinstance(value, bool):
        return cell == ("ja" if value else "nee") or (cell == "" and not value)
    if isinstance(value, int):
        return euros_in_dutch(cell) == value
    if isinstance(value, date):
        return cell == f"{value.year:04d}-{value.month:02d}-{value.day:02d}" or cell[:10] == str(value)
    return cell == (value or "") or (cell == "" and str(value) in _DEFAULTS)


def camt_differs(content: bytes, message: BankMessage) -> str | None:
    root = ET.fromstring(content)
    space = root.tag.partition("}")[0] + "}"
    stated = [part for part in root[0] if part.tag in {space + "Stmt", space + "Ntfctn"}]
    if len(stated) != len(message.statements):
        return f"{len(stated)} statements became {len(message.statements)}"
    for part, statement in zip(stated, message.statements, strict=True):
        entries = part.findall(space + "Ntry")
        amounts = [_cents(entry.find(space + "Amt")) for entry in entries]
        signs = [1 if entry.findtext(space + "CdtDbtInd", "").strip() == "CRDT" else -1 for entry in entries]
        if [a and a * s for a, s in zip(amounts, signs, strict=True)] != [e.signed_cents for e in statement.entries]:
            return "the entries have other amounts"
        if statement.opening and statement.closing and statement.proved:
            booked = sum(
                e.signed_cents
                for e in statement.entries
                if e.status is EntryStatus.BOOKED and e.currency == statement.currency
            )
            if statement.opening.signed_cents + booked != statement.closing.signed_cents:
                return "is called proved, and its sums do not hold"
        if part.findtext(f"{space}Acct/{space}Id/{space}IBAN", "").split() != (statement.account_iban or "").split():
            return "is of another account"
        names = [found for found in _texts(part, space, "EndToEndId") if found]
        if len(names) != len([d for e in statement.entries for d in e.details if d.end_to_end_id]):
            return "has other EndToEndIds"
    return None


def _texts(part: ET.Element, space: str, name: str) -> Iterator[str | None]:
    path = "/".join(space + step for step in ("Ntry", "NtryDtls", "TxDtls", "Refs", name))
    for found in part.findall(path):
        text = (found.text or "").strip() if len(found) == 0 else ""
        yield None if text.upper().replace(" ", "") == "NOTPROVIDED" else text


def _cents(amount: ET.Element | None) -> int | None:
    text = "" if amount is None else "".join((amount.text or "", *(child.tail or "" for child in amount))).strip()
    if not _MONEY.fullmatch(text) or not text.strip(".+"):
        return None
    cents = Decimal(text) * 100
    return int(cents) if cents == int(cents) else None


def pain002_differs(content: bytes, report: StatusReport) -> str | None:
    root = ET.fromstring(content)
    space = root.tag.partition("}")[0] + "}"
    found = [
        (payment.findtext(space + "OrgnlEndToEndId", ""), " ".join(payment.findtext(space + "TxSts", "").split()))
        for block in root[0].findall(space + "OrgnlPmtInfAndSts")
        for payment in block.findall(space + "TxInfAndSts")
    ]
    taken = [
        (t.original_end_to_end_id or "", t.status or "") for b in report.payment_informations for t in b.transactions
    ]
    if [status for _, status in found] != [status for _, status in taken]:
        return "has payments with other statuses"
    if any(
        ours and " ".join(theirs.split()) != " ".join(ours.split())
        for (theirs, _), (ours, _) in zip(found, taken, strict=True)
    ):
        return "names other payments"
    return None


def answers_differ(content: bytes, answers: Answers) -> str | None:
    document = json.loads(content.decode("utf-8-sig"))
    same = document["assessed_on"] == str(answers.assessed_on) and document.get("waive_proof") == answers.waive_proof
    for code, said in document["answers"].items():
        read = answers.answers[code]
        wanted = {"evidence": read.evidence, **({"met": read.met} if read.met is not None else {"score": read.score})}
        same = (
            same and said == wanted and {k: type(v) for k, v in said.items()} == {k: type(v) for k, v in wanted.items()}
        )
    return None if same and len(document["answers"]) == len(answers.answers) else "says something else"


def settings_differ(content: bytes, settings: Settings) -> str | None:
    raw = tomllib.loads(content.decode("utf-8-sig"))
    for code, own in raw["gemeenten"].items():
        stated, taken = raw.get("defaults", {}) | own, settings.gemeenten[code]
        for key in ("payday", "shortage_rule", "max_transactions", "batch_booking", "change_percent", "iban", "name"):
            if stated[key] != getattr(taken, key) or type(stated[key]) is not type(getattr(taken, key)):
                return f"{code}.{key}: {stated[key]!r} became {getattr(taken, key)!r}"
        for key in ("max_payment", "max_total", "minimum_rest"):
            if euros_in_dutch(stated[key]) != getattr(taken, f"{key}_cents"):
                return f"{code}.{key}: {stated[key]!r} became {getattr(taken, f'{key}_cents')!r}"
        if tuple(stated["priority"]) != tuple(taken.priority):
            return f"{code}.priority: another order"
    return None if raw["trusted_actors"] is settings.trusted_actors else "trusts other people"
