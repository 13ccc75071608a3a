"""Whether a payment file that waits still pays what its month would pay, planned again today. Pure.

A file is made from the registers of one day and approved or released on a later one. What the plan of that later day
would not pay in exactly the same way is stale: cost, covered month, amount, creditor and account are compared.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.month import Month
from payments.plan.grounds import HeldReason
from payments.plan.withholding import MonthFacts, Plan


class Different(StrEnum):
    """Why a payment would be another one today, where no reason for holding it says so."""

    AMOUNT_CHANGED = "amount_changed"
    CREDITOR_CHANGED = "creditor_changed"
    NOT_DUE = "not_due"
    HANDED_OVER = "handed_over"
    SHORTFALL = "shortfall"


@dataclass(frozen=True, slots=True)
class WaitingPayment:
    """One payment of a file that the bank does not have yet."""

    file_id: str
    execution_date: date
    payment_id: str
    client: str
    obligation: str
    covers: Month
    amount_cents: int
    creditor: str
    creditor_iban: str


@dataclass(frozen=True, slots=True)
class StalePayment:
    """A payment that waits, what it would be today (0: nothing), and why; `why` is a code."""

    file_id: str
    execution_date: date
    payment_id: str
    client: str
    obligation: str
    covers: Month
    was_cents: int
    would_be_cents: int
    why: str


def stale_payments(
    waiting: Sequence[WaitingPayment], facts: MonthFacts, plan: Plan, own: AbstractSet[tuple[str, Month]]
) -> Iterator[StalePayment]:
    """Every payment that differs from a plan made as if no file of the month waited.

    `own` are the covered months, with their obligations, that are the client's own by agreement.
    """
    payable = {(obligation.obligation, covers): (obligation, cents) for obligation, covers, cents in plan.payable}
    reasons = _Reasons(facts, plan, own)
    for payment in waiting:
        now = payable.get((payment.obligation, payment.covers))
        if now is None:
            yield _stale(payment, 0, reasons.of(payment))
            continue
        obligation, cents = now
        if cents != payment.amount_cents:
            yield _stale(payment, cents, Different.AMOUNT_CHANGED)
        elif (obligation.creditor, facts.creditors[obligation.creditor].iban) != (
            payment.creditor,
            payment.creditor_iban,
        ):
            yield _stale(payment, cents, Different.CREDITOR_CHANGED)


def _stale(payment: WaitingPayment, would_be_cents: int, why: str) -> StalePayment:
    return StalePayment(
        payment.file_id,
        payment.execution_date,
        payment.payment_id,
        payment.client,
        payment.obligation,
        payment.covers,
        payment.amount_cents,
        would_be_cents,
        why,
    )


class _Reasons:
    """Why a plan leaves a payment out."""

    def __init__(self, facts: MonthFacts, plan: Plan, own: AbstractSet[tuple[str, Month]]) -> None:
        self._held = {(held.client, held.obligation): held.reason.value for held in plan.held}
        self._short = {(short.obligation, short.covers) for short in plan.shortfalls}
        self._own = own
        self._facts = facts

    def of(self, payment: WaitingPayment) -> str:
        """The reason of the obligation, else of the client, else what became of the month."""
        held = self._held.get((payment.client, payment.obligation)) or self._held.get((payment.client, None))
        key = (payment.obligation, payment.covers)
        ended = self._facts.ended.get(payment.client)
        if held is not None:
            return held
        if key in self._short:
            return Different.SHORTFALL
        if key in self._own:
            return Different.HANDED_OVER
        if ended is not None and ended < payment.execution_date:
            return HeldReason.ENDED
        return Different.NOT_DUE
