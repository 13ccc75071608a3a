"""What a camt.053 statement or camt.054 notification says, free of the dialect in which the bank wrote it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from payments.bank.fields import Direction
from payments.bank.stream import MessageKind
from payments.problems import Problem


class EntryStatus(StrEnum):
    """Whether an entry is in the bank's books; only `BOOK` moves the booked balance."""

    BOOKED = "BOOK"
    PENDING = "PDNG"
    INFORMATION = "INFO"
    FUTURE = "FUTR"
    OTHER = "other"  # a bank's own word: never counted as booked


@dataclass(frozen=True, slots=True)
class Balance:
    """One balance of a statement; `code` is the ISO balance type or the bank's own."""

    code: str
    amount_cents: int
    direction: Direction
    currency: str
    day: date | None

    @property
    def signed_cents(self) -> int:
        """Positive when the account holder has the money, negative when overdrawn."""
        return self.direction.sign * self.amount_cents


@dataclass(frozen=True, slots=True)
class BankTransactionCode:
    """What kind of booking it is: ISO domain, family, subfamily, and the bank's own code with its issuer."""

    domain: str | None
    family: str | None
    subfamily: str | None
    proprietary: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The bank's summary of payments booked together; `direction` is the entry's where the bank gives none."""

    payment_information_id: str | None
    message_id: str | None
    number_of_transactions: int | None
    total_cents: int | None
    currency: str | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class Party:
    """A debtor or creditor as the bank names it, with the account and bank that belong to it."""

    name: str | None
    iban: str | None
    other_account: str | None
    bic: str | None


@dataclass(frozen=True, slots=True)
class StructuredReference:
    """A creditor's reference: type (`SCOR` or the bank's own word), issuer (`CUR`, `ISO`) and the reference."""

    type: str | None
    issuer: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class Return:
    """Why money came back (`RtrInf`); exactly one of code and proprietary is filled, or neither."""

    code: str | None
    proprietary: str | None
    original_bank_transaction_code: BankTransactionCode | None
    additional_info: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction inside an entry.

    The amount of an entry's only transaction is the entry's: what the bank writes inside can be zero, gross or
    foreign. In a batch it is what the bank states, None where it states nothing that can be counted.
    """

    amount_cents: int | None
    currency: str | None
    direction: Direction
    end_to_end_id: str | None
    instruction_id: str | None
    transaction_id: str | None
    payment_information_id: str | None
    message_id: str | None
    mandate_id: str | None
    uetr: str | None
    account_servicer_reference: str | None
    bank_transaction_code: BankTransactionCode | None
    debtor: Party | None
    creditor: Party | None
    ultimate_debtor: str | None
    ultimate_creditor: str | None
    unstructured: tuple[str, ...]
    structured: tuple[StructuredReference, ...]
    additional_remittance: tuple[str, ...]
    returned: Return | None
    purpose: str | None
    additional_info: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking line; `index` counts from 1 within its statement, the amount is never negative."""

    index: int
    line: int
    amount_cents: int
    currency: str
    direction: Direction
    reversal: bool  # the bank's own word; the direction already holds and is not turned round by it
    status: EntryStatus
    booking_date: date | None
    value_date: date | None
    entry_reference: str | None
    account_servicer_reference: str | None
    bank_transaction_code: BankTransactionCode | None
    additional_info: str | None
    batches: tuple[Batch, ...]
    details: tuple[Detail, ...]

    @property
    def signed_cents(self) -> int:
        """What the entry does to the balance once it is booked."""
        return self.direction.sign * self.amount_cents

    @property
    def batch(self) -> Batch | None:
        """The summary of the payments booked together, when there is exactly one."""
        return self.batches[0] if len(self.batches) == 1 else None


@dataclass(frozen=True, slots=True)
class MessageStart:
    """The head of a message, before any statement."""

    kind: MessageKind
    version: int
    message_id: str | None
    created_at: datetime | None
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class StatementStart:
    """Whose statement it is and which one, known before its first entry."""

    statement_id: str
    account_iban: str | None
    account_other: str | None
    account_currency: str | None
    electronic_sequence: int | None
    legal_sequence: int | None
    created_at: datetime | None
    from_date: date | None
    to_date: date | None
    copy_duplicate: str | None  # CODU, COPY or DUPL
    page: int | None  # the number that the bank gives to this page, where it pages its statements
    last_page: bool  # False: the bank says that this statement goes on in another one


@dataclass(frozen=True, slots=True)
class StatementEnd:
    """What is known after the last entry: balances, whether they were proved, and what deserves a look.

    `opening` and `closing` are those of the account's currency; None where the bank gave none. `proved` says that
    opening + booked entries = closing was checked for every currency in the statement.
    """

    currency: str | None
    opening: Balance | None
    closing: Balance | None
    proved: bool
    balances: tuple[Balance, ...]
    entry_count: int
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Statement(StatementStart):
    """One whole statement or notification: what its start and its end say, with the entries between."""

    currency: str | None
    opening: Balance | None
    closing: Balance | None
    proved: bool
    balances: tuple[Balance, ...]
    entry_count: int
    warnings: tuple[Problem, ...]
    entries: tuple[Entry, ...]

    @property
    def goes_on(self) -> bool:
        """Whether it stops half-way, at an interim balance, with the rest of it on another page."""
        return not self.last_page and self.closing is not None and self.closing.code == "ITBD"

    @property
    def continues(self) -> bool:
        """Whether it begins half-way, at the interim balance with which another page stopped."""
        return (self.page or 1) > 1 and self.opening is not None and self.opening.code == "ITBD"


@dataclass(frozen=True, slots=True)
class BankMessage:
    """One camt message, whole."""

    kind: MessageKind
    version: int
    message_id: str | None
    created_at: datetime | None
    statements: tuple[Statement, ...]
    warnings: tuple[Problem, ...]


CamtEvent = MessageStart | StatementStart | Entry | StatementEnd
