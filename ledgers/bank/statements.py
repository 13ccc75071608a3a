"""Bank statements in the books: each once, each following its predecessor to the cent, line by line."""

import json
from collections.abc import Iterator, Sequence
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
from payments.bank.camt_model import Detail, Entry, EntryStatus, Party, Statement
from payments.bank.fields import Direction
from payments.matching.model import Line
from payments.money import format_amount
from payments.month import month_of

LONGEST_ID = 140  # four times what the standard allows; an index of the database ends at some two thousand
RETURN_FAMILIES = frozenset({"RRTN", "RRCT", "RPCR"})  # ISO subfamilies: return, return after recall, reversal


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


def close_file(connection: Connection, digest: str, kind: str, actor: str, now: datetime) -> None:
    """Put a file in the audit trail, once all that followed from it is written."""
    audit.append(connection, now, actor, "bank_file_read", {"sha256": digest, "kind": kind})


def store(connection: Connection, gemeente: str, form: str, statement: Statement, file_digest: str) -> Stored | None:
    """Add a proven statement at the end of its account's chain; None when it is there already.

    Conflict when the same id and day came with other content; Refused when it does not follow the last one.
    """
    account, day = str(statement.account_iban), statement_day(statement)
    s = bank_statements.c
    known = connection.execute(
        select(s.content_sha256).where(
            s.account == account, s.bank_statement_id == statement.statement_id, s.day == day
        )
    ).first()
    if known is not None:
        if same_content(known.content_sha256, statement):
            return None
        raise Conflict(
            f"Statement {statement.statement_id} of {day} was read before with another content. Ask the bank which one "
            "holds; nothing of this file is stored."
        )
    last = connection.execute(select(bank_statements).where(s.account == account).order_by(s.sequence.desc())).first()
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
        "bank_statement_id": statement.statement_id,
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


def lines_of(statement: str, account: str, day: date, entries: Sequence[Entry]) -> Iterator[tuple[Line, str | None]]:
    """The movements to explain, with the other party's name: one a transaction where the bank itemises to the cent."""
    for entry in entries:
        if entry.status is not EntryStatus.BOOKED or entry.amount_cents == 0:
            continue
        stated = [(d, d.amount_cents) for d in entry.details if d.amount_cents]
        itemised = len(stated) > 1 and len(stated) == len(entry.details) and not _named_as_a_whole(entry)
        if itemised and sum(d.direction.sign * (c or 0) for d, c in stated) == entry.signed_cents:
            for number, (detail, amount) in enumerate(stated, start=1):
                key = f"{statement}-{entry.index}.{number}"
                yield _line(key, account, day, entry, detail, amount or 0, detail.direction)
        else:
            only = entry.details[0] if len(entry.details) == 1 else None
            yield _line(f"{statement}-{entry.index}", account, day, entry, only, entry.amount_cents, entry.direction)


def _line(
    key: str, account: str, day: date, entry: Entry, detail: Detail | None, amount: int, direction: Direction
) -> tuple[Line, str | None]:
    outward = direction is Direction.DEBIT
    party = None if detail is None else _other_party(account, detail, outward)
    returned = None if detail is None else detail.returned
    code = (detail.bank_transaction_code if detail else None) or entry.bank_transaction_code
    is_return = not outward and (
        returned is not None or entry.reversal or (code is not None and code.subfamily in RETURN_FAMILIES)
    )
    batch = entry.batch
    whole = detail is None or len(entry.details) <= 1
    line = Line(
        line_id=key,
        amount_cents=amount,
        direction=direction,
        booking_date=entry.booking_date or entry.value_date or day,
        end_to_end_id=detail.end_to_end_id if detail else None,
        mentioned=tuple(d.end_to_end_id for d in entry.details if d.end_to_end_id) if detail is None else (),
        payment_information_id=(detail.payment_information_id if detail else None)
        or (batch.payment_information_id if batch else None),
        message_id=(detail.message_id if detail else None) or (batch.message_id if batch else None),
        transactions=batch.number_of_transactions if batch and whole else None,
        counterparty_iban=party.iban if party else None,
        text=_text(entry, detail),
        is_return=is_return,
        reason=(returned.code or returned.proprietary) if returned else None,
    )
    return line, party.name if party else None


def _named_as_a_whole(entry: Entry) -> bool:
    """A batch of ours that the bank names, with transactions it does not: the batch is the certain thing."""
    batch = entry.batch
    named = batch is not None and batch.payment_information_id is not None and entry.direction is Direction.DEBIT
    return named and any(detail.end_to_end_id is None for detail in entry.details)


def _other_party(account: str, detail: Detail, outward: bool) -> Party | None:  # noqa: FBT001 - which side first
    """Whoever is not us: banks write a return with the roles of the original payment, or turned round."""
    first, second = (detail.creditor, detail.debtor) if outward else (detail.debtor, detail.creditor)
    others = [party for party in (first, second) if party is not None and party.iban != account]
    return next((party for party in others if party.iban), others[0] if others else None)


def _text(entry: Entry, detail: Detail | None) -> str:
    if detail is None:
        return "" if entry.batches else entry.additional_info or ""
    references = [reference.reference for reference in detail.structured if reference.reference]
    return " ".join([*detail.unstructured, *references])


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
