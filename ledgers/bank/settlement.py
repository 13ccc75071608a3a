"""What the bank said becomes matches, states, bookings and exceptions, in the transaction that stores the statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ledgers.bank import came_back, not_booked
from ledgers.bank.known_payments import references, sent_payments
from ledgers.bank.open_items import REASONS, block_iban, exception_row, list_items, resolution_row
from ledgers.bank.payment_states import Settled, payment_facts, set_state
from ledgers.bank.statements import line_from
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import BANK, IN_TRANSIT, SUSPENSE, Booking, Transfer, returned_account
from ledgers.journal.posting import insert_rows, post
from ledgers.registers.staff import SYSTEM
from ledgers.schema.bank import bank_lines, exception_resolutions, exceptions, settlements
from ledgers.schema.core import (
    payment_files,
    payments,
)
from payments.bank.fields import Direction
from payments.bank.reasons import reason_group
from payments.calendar import add_t2_days
from payments.matching.matcher import match
from payments.matching.model import ExceptionKind, Line, MatchOutcome, Unexplained
from payments.month import Month, month_of
from payments.states import PaymentState, SettlementKind

REMATCHED = (
    ExceptionKind.BATCH_DIFFERS,
    ExceptionKind.UNKNOWN_DEBIT,
    ExceptionKind.AMBIGUOUS_DEBIT,
    ExceptionKind.AMBIGUOUS_RETURN,
    ExceptionKind.RETURN_BEFORE_BOOKING,
    ExceptionKind.UNKNOWN_RETURN,
)  # what a later answer of the bank can still explain
# The SEPA credit transfer rules give a bank three bank days to return a payment. No setting and no dated parameter: the
# proof of every settlement of before rests on it.
SETTLED_AFTER_T2_DAYS = 5


def settle(
    connection: Connection, gemeente: str, lines: Sequence[Line], day: date, actor: str, now: datetime
) -> Settled:
    """Explain new lines, and what earlier ones left open, by the payments of a gemeente; book all of it."""
    waiting, waiting_for = _waiting_lines(connection, gemeente)
    outcome = match([*lines, *waiting], sent_payments(connection, gemeente), references(connection, gemeente))
    books = _Books(connection, gemeente, waiting_for, actor, now)
    books.take(outcome, day)
    books.close_explained()
    _mark_settled(connection, gemeente, day)
    audit.append(connection, now, actor, "reconciled", {"gemeente": gemeente, "lines": len(lines), **books.counts()})
    return Settled(len(outcome.booked), len(outcome.returned), 0, books.new_exceptions)


def _open_exceptions(gemeente: str) -> tuple[object, ...]:
    resolved = select(exception_resolutions.c.exception_id)
    return (exceptions.c.gemeente == gemeente, exceptions.c.exception_id.not_in(resolved))


def _waiting_lines(connection: Connection, gemeente: str) -> tuple[list[Line], dict[str, tuple[str, ...]]]:
    """Lines that a later answer may explain, and the payments that each was thought to be of."""
    query = (
        select(bank_lines, exceptions.c.candidates)
        .join(exceptions, exceptions.c.line_id == bank_lines.c.line_id)
        .where(*_open_exceptions(gemeente), exceptions.c.kind.in_([kind.value for kind in REMATCHED]))  # type: ignore[arg-type]
    )
    rows = connection.execute(query).all()
    return [line_from(row) for row in rows], {row.line_id: tuple(json.loads(row.candidates)) for row in rows}


def _mark_settled(connection: Connection, gemeente: str, day: date) -> None:
    """A booking that has stood for five T2 days is called settled; a return is still possible, but late."""
    mine = select(payment_files.c.file_id).where(payment_files.c.gemeente == gemeente)
    query = (
        select(settlements.c.payment_id, settlements.c.booked_on)
        .join(payments, payments.c.payment_id == settlements.c.payment_id)
        .where(
            settlements.c.kind == SettlementKind.BOOKED,
            payments.c.state == PaymentState.BOOKED,
            payments.c.file_id.in_(mine),
        )
    )
    ripe = [p for p, booked_on in connection.execute(query) if add_t2_days(booked_on, SETTLED_AFTER_T2_DAYS) <= day]
    set_state(connection, ripe, PaymentState.SETTLED)


class _Books:
    """Writes one outcome: settlements, states, bookings, exceptions."""

    def __init__(
        self, connection: Connection, gemeente: str, waiting: Mapping[str, tuple[str, ...]], actor: str, now: datetime
    ) -> None:
        self.connection = connection
        self.gemeente = gemeente
        self.actor, self.now = actor, now
        self.waiting = waiting  # lines that stand in suspense already
        self.closed = closed_months.closed_months(connection)
        self.explained: set[str] = set()
        self.new_exceptions = 0
        self.outcome = MatchOutcome()

    def counts(self) -> dict[str, int]:
        return {"booked": len(self.outcome.booked), "returned": len(self.outcome.returned)}

    def take(self, outcome: MatchOutcome, day: date) -> None:
        self.outcome = outcome
        matched = [*outcome.booked, *outcome.returned, *outcome.rejected_debited, *outcome.rejected_credited]
        self.payments = payment_facts(self.connection, {payment_id for _, payment_id in matched})
        self.explained = {line.line_id for line, _ in matched if line.line_id in self.waiting}
        for kind in SettlementKind:
            pairs: list[tuple[Line, str]] = getattr(outcome, kind)
            insert_rows(
                self.connection,
                settlements,
                (
                    {
                        "payment_id": payment_id,
                        "kind": kind.value,
                        "line_id": line.line_id,
                        "booked_on": line.booking_date,
                        "amount_cents": self.payments[payment_id].amount_cents,
                        "reason": line.reason,
                    }
                    for line, payment_id in pairs
                ),
            )
        set_state(self.connection, (payment_id for _, payment_id in outcome.booked), PaymentState.BOOKED)
        set_state(self.connection, (payment_id for _, payment_id in outcome.returned), PaymentState.RETURNED)
        post(self.connection, self._transfers())
        self._returned_exceptions()
        self._rejected_but_debited()
        self._unexplained(day)

    def _booking(self, month: Month, day: date) -> Booking:
        return Booking(self.gemeente, closed_months.first_open(self.closed, month), day)

    def _transfers(self) -> Iterable[Transfer]:
        """A line that waited in suspense is taken from there; any other from the bank itself."""
        for line, payment_id in self.outcome.booked:
            payment = self.payments[payment_id]
            source = SUSPENSE if line.line_id in self.waiting else BANK
            yield self._booking(payment.month, line.booking_date).move(
                f"booked:{payment_id}", 1, IN_TRANSIT, source, payment.amount_cents
            )
        for line, payment_id in self.outcome.returned:
            payment = self.payments[payment_id]
            source = SUSPENSE if line.line_id in self.waiting else BANK
            yield self._booking(payment.month, line.booking_date).move(
                f"returned:{payment_id}", 1, source, returned_account(payment.client), payment.amount_cents
            )
        for kind, pairs in (("debit", self.outcome.rejected_debited), ("credit", self.outcome.rejected_credited)):
            for line, payment_id in pairs:
                payment = self.payments[payment_id]
                if line.line_id in self.waiting:
                    continue  # it stays in suspense until its counterpart takes it out
                debit, credit = (SUSPENSE, BANK) if kind == "debit" else (BANK, SUSPENSE)
                yield self._booking(payment.month, line.booking_date).move(
                    f"reject-{kind}:{payment_id}", 1, debit, credit, payment.amount_cents
                )
        for item in self.outcome.unexplained:
            line = item.line
            if line.line_id in self.waiting:
                continue
            outward = line.direction is Direction.DEBIT
            debit, credit = (SUSPENSE, BANK) if outward else (BANK, SUSPENSE)
            yield self._booking(month_of(line.booking_date), line.booking_date).move(
                f"line:{line.line_id}", 1, debit, credit, line.amount_cents
            )

    def _about(self, line: Line, payment_id: str, key: str, kind: ExceptionKind, reason: str) -> dict[str, Any]:
        """The exception that a line of the bank makes of one payment, in the month of that payment or the next open."""
        payment = self.payments[payment_id]
        return exception_row(
            f"X-{payment_id}-{key}",
            kind,
            self.gemeente,
            line.booking_date,
            month=closed_months.first_open(self.closed, payment.month),
            line_id=line.line_id,
            payment_id=payment_id,
            client=payment.client,
            cents=payment.amount_cents,
            direction="",
            reason=reason,
        )

    def _returned_exceptions(self) -> None:
        rows = []
        for line, payment_id in self.outcome.returned:
            payment, group = self.payments[payment_id], reason_group(line.reason)
            said = f"{line.reason or 'zonder reden'}: {group.value}"
            rows.append(self._about(line, payment_id, "returned", ExceptionKind.RETURNED, said))
            if group.blocks_account and payment_id not in self.waiting.get(line.line_id, ()):  # else it is already
                block_iban(self.connection, payment.creditor, payment.creditor_iban, self.actor, self.now)
        insert_rows(self.connection, exceptions, rows)
        self.new_exceptions += len(rows)

    def _rejected_but_debited(self) -> None:
        """A debit of what was refused must come back: until it does, the payment may in truth be made."""
        kind = ExceptionKind.REJECTED_DEBITED
        back = {payment_id for _, payment_id in self.outcome.rejected_credited}
        rows = [
            self._about(line, payment_id, "debited", kind, REASONS[kind])
            for line, payment_id in self.outcome.rejected_debited
            if payment_id not in back
        ]
        insert_rows(self.connection, exceptions, rows)
        self.new_exceptions += len(rows)

    def _unexplained(self, day: date) -> None:
        new = [item for item in self.outcome.unexplained if item.line.line_id not in self.waiting]
        came_back.block_named(self.connection, new, self.actor, self.now)
        parts = {item.candidates[0] for item in new if item.kind is ExceptionKind.PARTIAL_RETURN}
        of_payment = {name: fact.month for name, fact in payment_facts(self.connection, parts).items()}
        rows = [
            exception_row(
                f"X-{item.line.line_id}",
                item.kind,
                self.gemeente,
                day,
                month=closed_months.first_open(
                    self.closed, of_payment.get(next(iter(item.candidates), ""), month_of(item.line.booking_date))
                ),
                line_id=item.line.line_id,
                payment_id=item.candidates[0] if _is_payment(item) else None,
                client=item.client,
                cents=item.line.amount_cents,
                direction=item.line.direction.value,
                reason=_said(item),
                candidates=item.candidates,
            )
            for item in new
        ]
        insert_rows(self.connection, exceptions, rows)
        self.new_exceptions += len(rows)

    def close_explained(self) -> None:
        """Close the exceptions that a later answer of the bank explained, also a debit that a person has parked."""
        done = {f"X-{line_id}" for line_id in self.explained}
        done |= {not_booked.exception_of(payment_id) for _, payment_id in self.outcome.booked}
        done |= {f"X-{payment_id}-debited" for _, payment_id in self.outcome.rejected_credited}
        why = "een later bericht van de bank"
        rows = [
            resolution_row(item, "explained", why, None, SYSTEM, self.now)
            for item in list_items(self.connection, gemeente=self.gemeente, parked=True)
            if item.exception_id in done
        ]
        insert_rows(self.connection, exception_resolutions, rows)


def _said(item: Unexplained) -> str:
    """Why a line needs a person, with the reason that the bank gave for a return."""
    if item.line.reason is None:
        return REASONS[item.kind]
    return f"{REASONS[item.kind]} ({item.line.reason}: {reason_group(item.line.reason).value})"


def _is_payment(item: Unexplained) -> bool:
    return len(item.candidates) == 1 and item.kind is not ExceptionKind.CREDITOR_REFUND
