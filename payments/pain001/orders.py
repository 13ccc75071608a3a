"""A payment and the file it travels in: what the bank will read, decided before a byte is written."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from payments.month import Month
from payments.references import ReferenceType


@dataclass(frozen=True, slots=True)
class Payment:
    """One credit transfer; every text is already in the SEPA character set and is written as it stands."""

    payment_id: str  # = EndToEndId
    obligation: str
    client: str
    covers: Month
    category: str
    creditor: str
    creditor_name: str
    creditor_iban: str
    ultimate_debtor: str  # the client's name and nothing else
    amount_cents: int
    reference_type: ReferenceType
    remittance: str  # free text, or the structured reference itself
    withholding: int = 1  # on which setting apart of this month of this cost it stands


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """One pain.001 message with one payment information block: one account, one execution date."""

    message_id: str
    payment_information_id: str
    created_at: datetime  # Europe/Amsterdam, whole seconds
    gemeente: str
    debtor_name: str
    debtor_iban: str
    debtor_bic: str
    execution_date: date
    batch_booking: bool
    payments: tuple[Payment, ...]

    @property
    def control_sum_cents(self) -> int:
        """The sum of all payments."""
        return sum(payment.amount_cents for payment in self.payments)


_READABLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,21}[A-Za-z0-9])?", re.ASCII)


def end_to_end_id(obligation: str, covers: Month, attempt: int) -> str:
    """Derive the EndToEndId of an obligation's payment for one covered month; at most 35 characters.

    A code of letters, digits and dashes stays readable (`202612-1-VL-0001`); any other is hashed. The two forms
    cannot meet: only the hashed one has points.
    """
    compact = covers.replace("-", "")
    if _READABLE.fullmatch(obligation):
        return f"{compact}-{attempt}-{obligation}"
    digest = sha256(obligation.encode()).hexdigest()[:20]
    return f"{compact}.{attempt}.{digest}"


def message_id(gemeente: str, month: Month, sequence: int, part: int) -> str:
    """Derive the MsgId of the n-th file of a gemeente's run (`ASSEN-202611-01-001`); unique for ever."""
    return f"{gemeente.upper()}-{month.replace('-', '')}-{sequence:02d}-{part:03d}"


def payment_information_id(message: str) -> str:
    """Derive the PmtInfId of a file's only block from its MsgId."""
    return f"{message}-B1"
