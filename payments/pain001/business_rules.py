"""What is allowed by the form of a file and still cannot be right: doubles, changes, limits, cents read as euros.

Texts stand on the approval sheet: Dutch, without names of clients, and a payment is named by its EndToEndId.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from payments.money import about_hundredfold, format_amount
from payments.month import Month
from payments.pain001.orders import Payment, PaymentFile
from payments.pain001.reader import MessageRead, TransactionRead

_NAMED_DOUBLES = 5  # a housing corporation can have hundreds of equal rents: name some, count the rest


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a file: E refuses it, W is shown to the approver; `payment` is an EndToEndId."""

    level: Literal["E", "W"]
    code: str
    payment: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LastPaid:
    """How an obligation was paid the previous time."""

    amount_cents: int
    creditor_iban: str
    creditor_name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Values of one gemeente above which a file is refused or remarked; `usual_cents` is (low, high) per category."""

    max_payment_cents: int
    max_total_cents: int
    max_transactions: int
    change_percent: int
    usual_cents: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the books and the clock say beside a file; everything `used`, `live` or `paid` is of *other* files."""

    now: datetime
    cut_off: time
    account_iban: str
    own_ibans: frozenset[str]
    used_message_ids: Container[str]
    used_payment_information_ids: Container[str]
    used_end_to_end_ids: Container[str]
    used_sha256: Container[str]
    live: Container[tuple[str, Month]]
    unconfirmed: Container[tuple[str, str]]
    last_paid: Mapping[str, LastPaid]
    paid_before: Container[str]
    limits: Limits


def business_findings(message: MessageRead, file: PaymentFile, facts: FileFacts) -> Iterator[Finding]:
    """Judge what was read, with the plan only to know whose obligation a transaction pays."""
    transactions = message.transactions
    planned = {payment.payment_id: payment for payment in file.payments}
    pairs = [(planned[read.end_to_end_id], read) for read in transactions if read.end_to_end_id in planned]
    yield from _limits(transactions, facts.limits)
    yield from _already_paid(pairs, facts)
    for payment, read in pairs:
        if (payment.creditor, read.creditor_iban) in facts.unconfirmed:
            yield _error("iban_unconfirmed", read, "het rekeningnummer van de schuldeiser is nog niet bevestigd")
        yield from _changes(payment, read, facts)
        yield from _amount(payment, read, facts)
    yield from _first_payments(pairs, facts)
    yield from _doubles(message)


def _error(code: str, read: TransactionRead, text: str) -> Finding:
    return Finding("E", code, read.end_to_end_id, f"Betaling {read.end_to_end_id}: {text}.")


def _warning(code: str, read: TransactionRead, text: str) -> Finding:
    return Finding("W", code, read.end_to_end_id, f"Betaling {read.end_to_end_id}: {text}.")


def _limits(transactions: Sequence[TransactionRead], limits: Limits) -> Iterator[Finding]:
    total = sum(read.amount_cents for read in transactions)
    if total > limits.max_total_cents:
        limit = format_amount(limits.max_total_cents)
        text = f"Het totaal van EUR {format_amount(total)} is hoger dan de grens van EUR {limit}."
        yield Finding("E", "total_limit", None, text)
    if len(transactions) > limits.max_transactions:
        text = f"Het bestand heeft {len(transactions)} betalingen; meer dan {limits.max_transactions} is af te raden."
        yield Finding("W", "many_transactions", None, text)
    for read in transactions:
        if read.amount_cents > limits.max_payment_cents:
            amount, limit = format_amount(read.amount_cents), format_amount(limits.max_payment_cents)
            text = f"het bedrag van EUR {amount} is hoger dan de grens van EUR {limit}"
            yield _error("payment_limit", read, text)


def _already_paid(pairs: Sequence[tuple[Payment, TransactionRead]], facts: FileFacts) -> Iterator[Finding]:
    first: dict[tuple[str, Month], str] = {}
    for payment, read in pairs:
        key = (payment.obligation, payment.covers)
        what = f"vaste last {payment.obligation} over {payment.covers}"
        if key in facts.live:
            yield _error("already_live", read, f"{what} is al betaald of staat al in een ander bestand")
        other = first.setdefault(key, read.end_to_end_id)
        if other != read.end_to_end_id:
            yield _error("obligation_twice", read, f"{what} staat ook in betaling {other} van dit bestand")


def _changes(payment: Payment, read: TransactionRead, facts: FileFacts) -> Iterator[Finding]:
    last = facts.last_paid.get(payment.obligation)
    if last is None:
        return
    if read.creditor_iban != last.creditor_iban:
        yield _warning("iban_changed", read, "gaat naar een ander rekeningnummer dan de vorige keer")
    if read.creditor_name != last.creditor_name:
        yield _warning("name_changed", read, "de naam van de ontvanger is anders dan de vorige keer")


def _amount(payment: Payment, read: TransactionRead, facts: FileFacts) -> Iterator[Finding]:
    amount, last, percent = read.amount_cents, facts.last_paid.get(payment.obligation), facts.limits.change_percent
    low, high = facts.limits.usual_cents.get(payment.category, (0, amount))
    before = 0 if last is None else last.amount_cents
    now, then = f"EUR {format_amount(amount)}", f"het vorige bedrag (EUR {format_amount(before)})"
    if last is not None and about_hundredfold(amount, before):
        yield _warning("times_hundred", read, f"{now} is ongeveer 100 keer {then}: zijn centen als euro's gelezen")
    elif last is not None and about_hundredfold(before, amount):
        yield _warning("times_hundred", read, f"{now} is ongeveer 1/100 van {then}: zijn euro's als centen gelezen")
    elif amount > high * 10 or amount * 10 < low:
        usual = f"EUR {format_amount(low)} tot EUR {format_amount(high)}"
        text = f"{now} ligt ver buiten wat gewoon is voor {payment.category} ({usual}): klopt de komma"
        yield _warning("times_hundred", read, text)
    elif last is not None and abs(amount - before) * 100 > percent * before:
        yield _warning("amount_changed", read, f"{now} wijkt meer dan {percent}% af van {then}")
    elif amount != before and not low <= amount <= high:  # the same as the month before was looked at then
        usual = f"EUR {format_amount(low)} tot EUR {format_amount(high)}"
        yield _warning("unusual_amount", read, f"{now} ligt buiten wat gewoon is voor {payment.category} ({usual})")


def _first_payments(pairs: Sequence[tuple[Payment, TransactionRead]], facts: FileFacts) -> Iterator[Finding]:
    seen: set[str] = set()
    for payment, read in pairs:
        if payment.creditor not in facts.paid_before and payment.creditor not in seen:
            seen.add(payment.creditor)
            yield _warning("first_payment", read, f"schuldeiser {payment.creditor} krijgt voor het eerst een betaling")


def _doubles(message: MessageRead) -> Iterator[Finding]:
    same: dict[tuple[str, int, object], list[str]] = {}
    for block in message.payment_informations:
        for read in block.transactions:
            key = (read.creditor_iban, read.amount_cents, block.execution_date)
            same.setdefault(key, []).append(read.end_to_end_id)
    for (_, amount, _), ids in same.items():
        if len(ids) > 1:
            named, more = ids[:_NAMED_DOUBLES], len(ids) - _NAMED_DOUBLES
            others = f" en nog {more}" if more > 0 else ""
            text = f"Zelfde ontvanger, bedrag (EUR {format_amount(amount)}) en datum: {', '.join(named)}{others}."
            yield Finding("W", "same_payment_twice", ids[0], text)
