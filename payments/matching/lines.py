"""The movements to explain, out of the entries of a statement in whatever dialect a bank writes them."""

from collections.abc import Iterator, Sequence
from datetime import date

from payments.bank.camt_model import Detail, Entry, EntryStatus, Party
from payments.bank.fields import Direction
from payments.matching.model import Line

RETURN_FAMILIES = frozenset({"RRTN", "RRCT", "RPCR"})  # ISO subfamilies: return, return after recall, reversal


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
            only = entry.details[0] if len(entry.details) == 1 and not _cut_short(entry) else None
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


def _cut_short(entry: Entry) -> bool:
    """More transactions announced than listed: what one of them says is not said of the whole."""
    return sum(batch.number_of_transactions or 0 for batch in entry.batches) > len(entry.details)


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
