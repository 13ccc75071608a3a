"""Bank statements in the books: each once, each following its predecessor to the cent, line by line."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import Connection, select

from ledgers.bank.statement_content import content_hash, same_content
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import BANK, OPENING_BALANCE, Booking
from ledgers.journal.posting import insert_rows, post
from ledgers.schema.bank import bank_files, bank_lines, bank_statements
from payments.bank.camt_model import EntryStatus, Statement
from payments.bank.fields import Direction
from payments.matching.lines import lines_of
from payments.matching.model import Line
from payments.money import format_amount
from payments.month import month_of

LONGEST_ID = 140  # four times what the standard allows; an index of the database ends at some two thousand


@dataclass(frozen=True, slots=True)
class Stored:
    """One statement as it stands in the books, with the lines that have to be explained."""

    statement: str
    day: date
    lines: tuple[Line, ...]


def claim_file(
    connection: Connection, digest: str, kind: str, message_id: str | None, actor: str, now: datetime
) -> bool:
    """Note that a bank file was read; False when it was read before."""
    if connection.execute(select(bank_files.c.sha256).where(bank_files.c.sha256 == digest)).first():
        return False
    row = {
        "sha256": digest,
        "kind": kind,
        "message_id": message_id,
        "read_by": actor,
        "read_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(bank_files.insert(), row)
    return True


def close_file(
    connection: Connection, digest: str, kind: str, actor: str, now: datetime, *, other_accounts: int = 0
) -> None:
    """Put a file in the audit trail, once all that followed from it is written; also how much of it was left out."""
    left_out = {"other_accounts": other_accounts} if other_accounts else {}
    audit.append(connection, now, actor, "bank_file_read", {"sha256": digest, "kind": kind, **left_out})


def store(connection: Connection, gemeente: str, form: str, statement: Statement, file_digest: str) -> Stored | None:
    """Add a proven statement at the end of its account's chain; None when it is there already.

    Conflict when the same id and day came with other content; Refused when it does not follow the last one.
    """
    account, day = str(statement.account_iban), statement_day(statement)
    s, name = bank_statements.c, kept_id(statement)
    mine = select(bank_statements).where(s.account == account)
    for known in connection.execute(mine.where(s.bank_statement_id.in_([name, statement.statement_id]), s.day == day)):
        if same_content(known.content_sha256, statement):
            return None
        if known.bank_statement_id == name:
            raise Conflict(
                f"Statement {statement.statement_id} of {day} was read before with another content. Ask the bank which "
                "one holds; nothing of this file is stored."
            )
    last = connection.execute(mine.order_by(s.sequence.desc())).first()
    _require_page_in_turn(statement, day, None if last is None else last.bank_statement_id)
    opening, closing = _balances(statement, 0 if last is None else last.closing_cents)
    if last is not None:
        if last.format != form:
            raise Refused(
                f"The account of {gemeente} is reconciled with {last.format}; a {form} of it would count money twice. "
                f"Leave this file out."
            )
        if last.closing_cents != opening or (day < last.day and statement.opening is not None):
            _refuse_break(statement.statement_id, day, opening, last.day, last.closing_cents)
    sequence = 1 if last is None else last.sequence + 1
    key = f"{gemeente}-{account[-10:]}-{sequence:05d}"
    row = {
        "statement": key,
        "gemeente": gemeente,
        "account": account,
        "format": form,
        "sequence": sequence,
        "previous": None if last is None else last.sequence,
        "bank_statement_id": name,
        "day": day,
        "opening_cents": opening,
        "closing_cents": closing,
        "content_sha256": content_hash(statement),
        "file_sha256": file_digest,
    }
    connection.execute(bank_statements.insert(), row)
    if last is None and opening != 0:
        _book_opening(connection, gemeente, key, opening, day)
    lines = tuple(lines_of(key, account, day, statement.entries))
    names = {line.line_id: name for line, name in lines}
    insert_rows(connection, bank_lines, (_line_row(key, line, names[line.line_id]) for line, _ in lines))
    return Stored(key, day, tuple(line for line, _ in lines))


def _balances(statement: Statement, last_closing: int) -> tuple[int, int]:
    """Opening and closing; a notification (camt.054) has none and simply adds to what was known."""
    if statement.opening is not None and statement.closing is not None:
        return statement.opening.signed_cents, statement.closing.signed_cents
    booked = sum(entry.signed_cents for entry in statement.entries if entry.status is EntryStatus.BOOKED)
    return last_closing, last_closing + booked


class StatementOutOfOrder(Refused):
    """A statement came before one that it follows: it can be read once that one is there."""


_GOES_ON = re.compile(r"(.*) \[page (\d+), goes on\]", re.DOTALL)


def kept_id(statement: Statement) -> str:
    """The bank's own id; that of a page says which page it is, and whether the statement goes on after it.

    Pages of one statement often share an id, and what the last one said decides what may come next.
    """
    page = statement.page or 1
    if statement.goes_on:
        return f"{statement.statement_id} [page {page}, goes on]"
    return f"{statement.statement_id} [page {page}]" if statement.continues else statement.statement_id


def _require_page_in_turn(statement: Statement, day: date, last_id: str | None) -> None:
    """Pages of one statement belong together: none without the one before it, and nothing else in between."""
    before = _GOES_ON.fullmatch(last_id or "")
    page = statement.page if statement.continues else None
    awaited = int(before[2]) + 1 if before else None
    if page == awaited:
        return
    said = f"Statement {statement.statement_id} of {day} "
    if page is not None:
        raise StatementOutOfOrder(f"{said}is page {page}: read its page {page - 1} first, or all its pages together.")
    raise StatementOutOfOrder(f"{said}must wait: first read page {awaited} of statement {before and before[1]}.")


def _refuse_break(name: str, day: date, opening: int, last_day: date, closing: int) -> NoReturn:
    said = (
        f"Statement {name} of {day} opens with {format_amount(opening)}, but the last one ({last_day}) closed with "
        f"{format_amount(closing)}. "
    )
    if day <= last_day:
        raise Refused(
            said + "It overlaps what was read already: ask the bank for a statement that begins after that day."
        )
    raise StatementOutOfOrder(
        said + "One or more statements in between are missing: read those first, in order of their dates."
    )


def statement_day(statement: Statement) -> date:
    """The day a statement stands for: of its closing balance, else the end of its period, else its making."""
    if statement.closing is not None and statement.closing.day is not None:
        return statement.closing.day
    if statement.to_date is not None:
        return statement.to_date
    if statement.created_at is not None:
        return statement.created_at.date()
    return max((entry.booking_date for entry in statement.entries if entry.booking_date), default=date.min)


def _book_opening(connection: Connection, gemeente: str, statement: str, opening: int, day: date) -> None:
    month = closed_months.open_month(connection, month_of(day))
    debit, credit = (BANK, OPENING_BALANCE) if opening > 0 else (OPENING_BALANCE, BANK)
    transfer = Booking(gemeente, month, day).move(f"opening:{statement}", 1, debit, credit, abs(opening))
    post(connection, [transfer])


def _line_row(statement: str, line: Line, name: str | None) -> dict[str, object]:
    row = {field: getattr(line, field) for field in Line.__dataclass_fields__}
    return row | {
        "statement": statement,
        "direction": line.direction.value,
        "mentioned": json.dumps(line.mentioned),
        "is_return": int(line.is_return),
        "counterparty_name": name,
    }


def line_from(row: object) -> Line:
    """Build a line from its row."""
    fields = {name: getattr(row, name) for name in Line.__dataclass_fields__}
    changed = {
        "direction": Direction(fields["direction"]),
        "mentioned": tuple(json.loads(fields["mentioned"])),
        "is_return": bool(fields["is_return"]),
    }
    return Line(**fields | changed)
