"""What a bank statement says, field by field, and the hash of it that the books keep.

The names below are written out, and stay when a class or a field of the reader is renamed: a statement that the bank
delivers once more must give the hash that it gave the first time. The version stands inside what is hashed. The books
keep the hash alone (64 signs, as their schema has it), so a stored one is recognised by trying: a statement is the same
when its hash by *any* version is the stored one. To change what counts, add a version, and keep the ones before it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from payments.bank.camt_model import (
    Balance,
    BankTransactionCode,
    Batch,
    Detail,
    Entry,
    EntryStatus,
    Party,
    Return,
    Statement,
    StructuredReference,
)
from payments.bank.fields import Direction

Record = tuple[str, Mapping[str, object]]
"""A name and what it holds: texts, whole numbers, days, codes, records, and rows of them."""

NOT_SAID = frozenset({"created_at", "copy_duplicate", "page", "line", "warnings", "proved", "entry_count"})
"""When, how often and on which page the bank made it, where it stood, and what we found: nothing about money."""

NEWEST = 2


def content_hash(statement: Statement) -> str:
    """The hash of what a statement says, whatever file it came in; by the newest version."""
    content = {"version": NEWEST, "statement": _plain(_statement(statement))}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def same_content(stored: str, statement: Statement) -> bool:
    """Whether a stored hash, of this version or of an earlier one, is that of this statement."""
    return stored in (content_hash(statement), _first_hash(statement))


def _plain(value: object) -> object:
    match value:
        case (str(), Mapping() as fields):
            return {name: _plain(field) for name, field in fields.items() if name not in NOT_SAID}
        case Direction() | EntryStatus():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _statement(s: Statement) -> Record:
    return "Statement", {
        "statement_id": s.statement_id,
        "account_iban": s.account_iban,
        "account_other": s.account_other,
        "account_currency": s.account_currency,
        "electronic_sequence": s.electronic_sequence,
        "legal_sequence": s.legal_sequence,
        "created_at": None,
        "from_date": s.from_date,
        "to_date": s.to_date,
        "copy_duplicate": None,
        "page": None,
        "last_page": s.last_page,
        "currency": s.currency,
        "opening": s.opening and _balance(s.opening),
        "closing": s.closing and _balance(s.closing),
        "proved": s.proved,
        "balances": tuple(_balance(b) for b in s.balances),
        "entry_count": s.entry_count,
        "warnings": (),
        "entries": tuple(_entry(e) for e in s.entries),
    }


def _balance(b: Balance) -> Record:
    return "Balance", {
        "code": b.code,
        "amount_cents": b.amount_cents,
        "direction": b.direction,
        "currency": b.currency,
        "day": b.day,
    }


def _entry(e: Entry) -> Record:
    return "Entry", {
        "index": e.index,
        "line": 0,
        "amount_cents": e.amount_cents,
        "currency": e.currency,
        "direction": e.direction,
        "reversal": e.reversal,
        "status": e.status,
        "booking_date": e.booking_date,
        "value_date": e.value_date,
        "entry_reference": e.entry_reference,
        "account_servicer_reference": e.account_servicer_reference,
        "bank_transaction_code": e.bank_transaction_code and _code(e.bank_transaction_code),
        "additional_info": e.additional_info,
        "batches": tuple(_batch(b) for b in e.batches),
        "details": tuple(_detail(d) for d in e.details),
    }


def _code(c: BankTransactionCode) -> Record:
    return "BankTransactionCode", {
        "domain": c.domain,
        "family": c.family,
        "subfamily": c.subfamily,
        "proprietary": c.proprietary,
        "issuer": c.issuer,
    }


def _batch(b: Batch) -> Record:
    return "Batch", {
        "payment_information_id": b.payment_information_id,
        "message_id": b.message_id,
        "number_of_transactions": b.number_of_transactions,
        "total_cents": b.total_cents,
        "currency": b.currency,
        "direction": b.direction,
    }


def _detail(d: Detail) -> Record:
    return "Detail", {
        "amount_cents": d.amount_cents,
        "currency": d.currency,
        "direction": d.direction,
        "end_to_end_id": d.end_to_end_id,
        "instruction_id": d.instruction_id,
        "transaction_id": d.transaction_id,
        "payment_information_id": d.payment_information_id,
        "message_id": d.message_id,
        "mandate_id": d.mandate_id,
        "uetr": d.uetr,
        "account_servicer_reference": d.account_servicer_reference,
        "bank_transaction_code": d.bank_transaction_code and _code(d.bank_transaction_code),
        "debtor": d.debtor and _party(d.debtor),
        "creditor": d.creditor and _party(d.creditor),
        "ultimate_debtor": d.ultimate_debtor,
        "ultimate_creditor": d.ultimate_creditor,
        "unstructured": d.unstructured,
        "structured": tuple(_reference(r) for r in d.structured),
        "additional_remittance": d.additional_remittance,
        "returned": d.returned and _return(d.returned),
        "purpose": d.purpose,
        "additional_info": d.additional_info,
    }


def _party(p: Party) -> Record:
    return "Party", {"name": p.name, "iban": p.iban, "other_account": p.other_account, "bic": p.bic}


def _reference(r: StructuredReference) -> Record:
    return "StructuredReference", {"type": r.type, "issuer": r.issuer, "reference": r.reference}


def _return(r: Return) -> Record:
    return "Return", {
        "code": r.code,
        "proprietary": r.proprietary,
        "original_bank_transaction_code": r.original_bank_transaction_code and _code(r.original_bank_transaction_code),
        "additional_info": r.additional_info,
    }


# --- version 1: the books of the first versions hashed the program's own way of writing its objects ------------------

_FIRST_WORDS: Mapping[Direction | EntryStatus, str] = {
    Direction.CREDIT: "<Direction.CREDIT: 'CRDT'>",
    Direction.DEBIT: "<Direction.DEBIT: 'DBIT'>",
    EntryStatus.BOOKED: "<EntryStatus.BOOKED: 'BOOK'>",
    EntryStatus.PENDING: "<EntryStatus.PENDING: 'PDNG'>",
    EntryStatus.INFORMATION: "<EntryStatus.INFORMATION: 'INFO'>",
    EntryStatus.FUTURE: "<EntryStatus.FUTURE: 'FUTR'>",
    EntryStatus.OTHER: "<EntryStatus.OTHER: 'other'>",
}


_NOT_IN_FIRST = frozenset({"page"})  # fields that the reader did not have then


def _first_hash(statement: Statement) -> str:
    return sha256(_first_text(_statement(statement)).encode()).hexdigest()


def _first_text(value: object) -> str:
    match value:
        case (str(name), Mapping() as fields):
            known = {field: item for field, item in fields.items() if field not in _NOT_IN_FIRST}
            return f"{name}({', '.join(f'{field}={_first_text(item)}' for field, item in known.items())})"
        case Direction() | EntryStatus():
            return _FIRST_WORDS[value]
        case tuple():
            return _row([_first_text(item) for item in value])
        case _:
            return repr(value)  # a text, a number, a day: Python's own


def _row(items: Sequence[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
