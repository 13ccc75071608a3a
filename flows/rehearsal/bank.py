"""A simulated bank for one account: takes payment files in, moves money on its own books, and answers.

What it does is drawn from the seed and the MsgId, so the same files bring the same answers for ever. It keeps its own
balance and its own record of what happened (`truth`): the books can be held against both.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from typing import Literal, get_args

from flows.rehearsal.bank_booking import Clerk, Fates, draw_fates, one_cent_more, verdicts_on
from flows.rehearsal.bank_model import (
    BankPlan,
    BankReport,
    BankStatement,
    BankVerdict,
    Fault,
    Habits,
    Happening,
    Movement,
)
from flows.rehearsal.bank_reader import Instruction, read_instruction
from flows.rehearsal.bank_statements import camt053, pain002
from payments.calendar import add_t2_days, on_or_after, on_or_before

__all__ = ["BankAnswer", "BankPlan", "BankState", "FakeBank", "Fault", "Habits", "Happening"]

_ORDINARY, _NOTHING_SPECIAL = Habits(), BankPlan()
_DELIVERY_FAULTS = ("repeated", "overlap", "gap", "closing_off_by_a_cent")
_BETWEEN_TWO = ("overlap", "gap")
_DAY = timedelta(days=1)


@dataclass(slots=True)
class BankState:
    """What the bank remembers of an account from one month to the next."""

    balance_cents: int
    statements: int = 0
    reports: int = 0
    last_day: date | None = None  # told already: nothing can be booked on or before it any more
    messages: dict[str, str] = field(default_factory=dict)  # sha256 of a file: its MsgId


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """One file from the bank; sorting by name is sorting by delivery."""

    name: str
    content: bytes
    kind: Literal["camt.053", "pain.002"]


class FakeBank:
    """One account at a bank with its own habits."""

    def __init__(
        self,
        account_iban: str,
        opening_cents: int,
        seed: int,
        habits: Habits = _ORDINARY,
        state: BankState | None = None,
    ) -> None:
        """`state` continues an account where an earlier bank left it; the opening balance then is not looked at."""
        self.account_iban, self.seed, self.habits = account_iban, seed, habits
        self.state = state or BankState(opening_cents)
        self.truth: list[Happening] = []
        self._movements: list[Movement] = []
        self._reports: list[BankReport] = []
        self._quiet_days: set[date] = set()  # told about although nothing moves
        self._fault: str | None = None

    @property
    def balance_cents(self) -> int:
        """What is on the account after the last day that was told about."""
        return self.state.balance_cents

    @property
    def busy_until(self) -> date | None:
        """The last day for which something is on its way; None when all has been told."""
        days = (*(told.day for told in self._movements), *(report.day for report in self._reports), *self._quiet_days)
        return max(days, default=None)

    def receive(self, content: bytes, plan: BankPlan = _NOTHING_SPECIAL) -> None:
        """Take a payment file in and decide what becomes of it; ValueError when the front door refuses it.

        A MsgId that was used before is refused as a whole by pain.002 (DU01), and nothing is paid for it.
        """
        instruction = read_instruction(content)
        if instruction.debtor_iban != self.account_iban:
            raise ValueError("pays from another account than this one")
        digest = sha256(content).hexdigest()
        if instruction.message_id in self.state.messages.values():
            day = self._open_day(instruction.created_on)
            self.state.messages[digest] = instruction.message_id
            self.truth.append(Happening("duplicate", None, 0, day, "DU01"))
            self._report(instruction, day, (), refused_because="DU01")
            return
        self._judge(plan, len(instruction.transfers))
        self.state.messages[digest] = instruction.message_id
        chance = random.Random(f"{self.seed} {self.account_iban} {instruction.message_id}")  # noqa: S311 - a simulation
        fates = draw_fates(chance, instruction.transfers, plan)
        days = [self._open_day(max(block.execution_date, instruction.created_on)) for block in instruction.blocks]
        self._send_verdicts(instruction, min(days), fates, verdicts_on(chance, instruction, fates, self.habits))
        if len(fates.rejected) < len(instruction.transfers):
            self._book(chance, instruction, days, fates, plan.fault)
        clerk = Clerk(chance, self.habits, instruction.message_id)
        self._movements += clerk.stray(days[0], plan.stray_credits, plan.stray_debits)
        if plan.fault in _DELIVERY_FAULTS:
            self._fault = plan.fault
        if plan.fault in _BETWEEN_TWO:
            # What is wrong between statements shows only when there are others around it, also where nothing moves.
            before = on_or_before(days[0] - _DAY)
            self._quiet_days |= {day for day in (before, add_t2_days(days[0], 1)) if day == self._open_day(day)}

    def answers(self, until: date) -> list[BankAnswer]:
        """All that the bank has to say up to and including that day, in the order in which it says it.

        A fault in the delivery shows in the first call that gives statements enough for it: overlap and gap need two.
        """
        reports = [report for report in self._reports if report.day <= until]
        self._reports = [report for report in self._reports if report.day > until]
        told = [*map(self._reported, reports), *self._delivered(self._statements(until))]
        return sorted(told, key=lambda answer: answer.name)

    # --- taking in --------------------------------------------------------------------------------------------------

    def _judge(self, plan: BankPlan, payments: int) -> None:
        if min(plan.returns, plan.rejects, plan.refunds, plan.stray_credits, plan.stray_debits) < 0:
            raise ValueError("cannot be answered with fewer than no events")
        if plan.payments > payments:
            raise ValueError(f"has {payments} payments: too few for {plan.payments} rejects, returns and refunds")
        if plan.fault not in {None, *get_args(Fault)}:
            raise ValueError(f"cannot be answered with {plan.fault}: that is no fault of this bank")
        if plan.fault is not None and plan.rejects == payments:
            raise ValueError("is rejected as a whole: no booking is left for a fault")
        if plan.fault == "batch_count_wrong" and not self.habits.counts:
            raise ValueError("is booked without a count that could be wrong")

    def _open_day(self, day: date) -> date:
        """The first day on which the bank works and which it has not told about yet."""
        told = self.state.last_day
        return on_or_after(day if told is None else max(day, told + _DAY))

    def _send_verdicts(
        self, instruction: Instruction, booking: date, fates: Fates, found: tuple[BankVerdict, ...]
    ) -> None:
        if not found:
            return
        # Rejects are known on the day before, but not before the file was there.
        day = min(booking, self._open_day(max(on_or_before(booking - _DAY), instruction.created_on)))
        self._report(instruction, day, found)
        self.truth += [
            Happening("rejected", one.transfer.end_to_end_id, one.transfer.amount_cents, day, one.reason)
            for one in found
            if one.transfer.end_to_end_id in fates.rejected
        ]

    def _report(
        self, instruction: Instruction, day: date, found: tuple[BankVerdict, ...], refused_because: str | None = None
    ) -> None:
        self.state.reports += 1
        number = f"PSR{self.account_iban[-10:]}{self.state.reports:06d}"
        self._reports.append(BankReport(number, day, instruction, found, refused_because))

    def _book(
        self, chance: random.Random, instruction: Instruction, days: list[date], fates: Fates, fault: Fault | None
    ) -> None:
        spoilt: str | None = None
        if fault == "amount_off_by_a_cent":
            instruction, spoilt = one_cent_more(chance, instruction, fates)
        off_by = int(fault == "batch_count_wrong")
        if spoilt or off_by:
            self.truth.append(Happening("fault", spoilt, 1 if spoilt else 0, days[0], fault))
        clerk = Clerk(chance, self.habits, instruction.message_id)
        for block, day in zip(instruction.blocks, days, strict=True):
            self._movements += clerk.debits(block, day, fates, count_off_by=off_by)
            self._movements += clerk.aftermath(block, day, fates)

    # --- telling ----------------------------------------------------------------------------------------------------

    def _reported(self, report: BankReport) -> BankAnswer:
        named = "".join(sign if sign.isalnum() else "-" for sign in report.instruction.message_id)
        name = f"{report.day}-0930-{named}-pain002-{report.message_id[-6:]}.xml"
        return BankAnswer(name, pain002(report, self.habits.version), "pain.002")

    def _statements(self, until: date) -> list[BankStatement]:
        busy = {told.day for told in self._movements} | self._quiet_days
        due = sorted(day for day in busy if day <= until)
        self._quiet_days.difference_update(due)
        statements = []
        for day in due:
            moved = tuple(told for told in self._movements if told.day == day)
            opening = self.state.balance_cents
            self.state.balance_cents += sum(told.signed_cents for told in moved)
            self.state.statements += 1
            before = self.state.last_day or on_or_before(day - _DAY)
            statements.append(
                BankStatement(
                    self.account_iban, self.state.statements, before, day, day, opening, self.balance_cents, moved
                )
            )
            self.state.last_day = day
            self.truth += chain.from_iterable(told.happened for told in moved)
        self._movements = [told for told in self._movements if told.day > until]
        return statements

    def _delivered(self, statements: list[BankStatement]) -> list[BankAnswer]:
        """The statements as they leave the bank: as they should, or once not quite."""
        fault, at = self._fault, self._spoilable(statements)
        sent = [self._sent(statement) for statement in statements]
        if fault is None or at is None:
            return sent
        self._fault, spoilt = None, statements[at]
        self.truth.append(Happening("fault", None, 0, spoilt.last_day, fault))
        if fault == "repeated":
            sent.append(self._sent_again(spoilt))
        elif fault == "gap":
            del sent[at]
        elif fault == "overlap":
            sent[at + 1] = self._sent(_both(spoilt, statements[at + 1]))
        else:
            sent[at] = self._sent(replace(spoilt, closing_cents=spoilt.closing_cents + 1))
        return sent

    def _spoilable(self, statements: list[BankStatement]) -> int | None:
        """The first statement with which the fault does show: a missing one has money in it and others around it."""
        last = len(statements) - (self._fault in _BETWEEN_TWO)
        fit = (
            index
            for index, statement in enumerate(statements[:last])
            if statement.movements and (statement.number > 1 or self._fault != "gap")
        )
        return next(fit, None)

    def _sent(self, statement: BankStatement) -> BankAnswer:
        name = f"{statement.last_day}-1900-{self.account_iban}-camt053-{statement.number:04d}.xml"
        return BankAnswer(name, camt053(statement, self.habits.version, self.habits.opening), "camt.053")

    def _sent_again(self, statement: BankStatement) -> BankAnswer:
        morning_after = add_t2_days(statement.last_day, 1)
        name = f"{morning_after}-0800-{self.account_iban}-camt053-{statement.number:04d}.xml"
        return replace(self._sent(statement), name=name)


def _both(first: BankStatement, second: BankStatement) -> BankStatement:
    return replace(
        second,
        previous_day=first.previous_day,
        first_day=first.first_day,
        opening_cents=first.opening_cents,
        movements=first.movements + second.movements,
    )
