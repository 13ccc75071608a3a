"""The words of matching: lines of the bank, payments of ours, and what one turns out to be for the other."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from payments.bank.fields import Direction
from payments.states import PaymentState


class ExceptionKind(StrEnum):
    """Why a line or a payment needs a person; stable codes (README explains what to do with each)."""

    RETURNED = "returned"
    REJECTED = "rejected"
    PARTIAL_RETURN = "partial_return"
    RETURNED_TWICE = "returned_twice"
    RETURN_BEFORE_BOOKING = "return_before_booking"
    UNKNOWN_RETURN = "unknown_return"
    AMBIGUOUS_RETURN = "ambiguous_return"
    AMOUNT_DIFFERS = "amount_differs"
    BOOKED_TWICE = "booked_twice"
    BOOKED_UNRELEASED = "booked_unreleased"
    BATCH_DIFFERS = "batch_differs"
    AMBIGUOUS_DEBIT = "ambiguous_debit"
    UNKNOWN_DEBIT = "unknown_debit"
    CREDITOR_REFUND = "creditor_refund"
    UNKNOWN_CREDIT = "unknown_credit"
    REJECTED_AFTER_BOOKING = "rejected_after_booking"
    REJECTED_DEBITED = "rejected_debited"
    DUPLICATE = "duplicate"
    BOOKED_BEFORE_RELEASE = "booked_before_release"
    NOT_BOOKED = "not_booked"
    PAYEE_NAME = "payee_name"


@dataclass(frozen=True, slots=True)
class Line:
    """One movement on an account: an entry, or one transaction of a batch that the bank itemises."""

    line_id: str
    amount_cents: int
    direction: Direction
    booking_date: date
    end_to_end_id: str | None = None
    mentioned: tuple[str, ...] = ()  # EndToEndIds of a batch whose transactions carry no amounts
    payment_information_id: str | None = None
    message_id: str | None = None
    transactions: int | None = None
    counterparty_iban: str | None = None
    text: str = ""
    is_return: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment of ours that the bank may still speak of."""

    payment_id: str
    file_id: str  # = MsgId
    payment_information_id: str
    execution_date: date
    creditor_iban: str
    amount_cents: int
    text: str
    client: str
    state: PaymentState
    debited_though_rejected: bool = False
    credited_back: bool = False  # debited though rejected, and put right: a further debit is one too many
    came_back_cents: int = 0  # in parts, while the rest of it stands with the payee
    released_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """How a creditor's refund can be recognised as a client's: the text that our payments to it carry."""

    creditor_iban: str
    reference: str
    client: str


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A line that needs a person, with the payments or clients it may belong to."""

    line: Line
    kind: ExceptionKind
    candidates: tuple[str, ...] = ()
    client: str | None = None


@dataclass(slots=True)
class MatchOutcome:
    """What the lines turned out to be."""

    booked: list[tuple[Line, str]] = field(default_factory=list)
    returned: list[tuple[Line, str]] = field(default_factory=list)
    # Gross booking: the bank debits the whole file, and credits what it rejected one by one.
    rejected_debited: list[tuple[Line, str]] = field(default_factory=list)
    rejected_credited: list[tuple[Line, str]] = field(default_factory=list)
    unexplained: list[Unexplained] = field(default_factory=list)
