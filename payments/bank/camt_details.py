"""Whether the transactions inside an entry add up to it, and what is told when they do not."""

from dataclasses import replace

from payments.bank.camt_model import Batch, Detail, Entry
from payments.bank.fields import Direction, Wrong
from payments.bank.moments import Odd
from payments.money import format_amount

Group = tuple[Batch | None, tuple[Detail, ...]]  # one NtryDtls: the bank's summary and the transactions under it


def with_details(entry: Entry, groups: list[Group], odd: Odd, doubts: list[Wrong]) -> Entry:
    """The entry with its only transaction at the entry's own amount; of several, whether they add up to it is told."""
    announced = sum(batch.number_of_transactions or 0 for batch in entry.batches)
    _compare_batch_totals(entry, groups, doubts)
    if len(entry.details) == 1 and announced <= 1:
        [only] = entry.details
        if only.currency == entry.currency and only.amount_cents not in {0, entry.amount_cents}:
            what = "has another amount inside its only transaction; the entry's amount is taken"
            odd.append(Wrong(entry.line, "", None, what))
        own = replace(only, amount_cents=entry.amount_cents, currency=entry.currency, direction=entry.direction)
        return replace(entry, details=(own,))
    for batch, details in groups:
        if batch is None or not details:
            continue
        if batch.number_of_transactions not in {None, len(details)}:
            what = f"announces {batch.number_of_transactions} transactions and lists {len(details)}"
            odd.append(Wrong(entry.line, "", None, what))
        if batch.total_cents is not None:
            said = "the batch total says"
            _compare_sum(entry, details, (batch.total_cents, batch.direction, batch.currency, said), odd, doubts)
    same = [(b.total_cents, b.currency) for b, details in groups if b is not None and details == entry.details]
    if entry.details and (entry.amount_cents, entry.currency) not in same:
        due = (entry.amount_cents, entry.direction, entry.currency, "the entry says")
        _compare_sum(entry, entry.details, due, odd, doubts)
    return entry


def _compare_batch_totals(entry: Entry, groups: list[Group], doubts: list[Wrong]) -> None:
    batches = [batch for batch, _ in groups if batch is not None]
    if not batches or len(batches) < len(groups):
        return
    if any(batch.total_cents is None or batch.currency != entry.currency for batch in batches):
        return
    total = abs(sum(batch.direction.sign * (batch.total_cents or 0) for batch in batches))
    if total != entry.amount_cents:
        what = f"is not the amount of the entry, {format_amount(entry.amount_cents)}"
        doubts.append(Wrong(entry.line, "NtryDtls/Btch/TtlAmt", format_amount(total), what))


def _compare_sum(
    entry: Entry,
    details: tuple[Detail, ...],
    due: tuple[int, Direction, str | None, str],
    odd: Odd,
    doubts: list[Wrong],
) -> None:
    cents_due, way, unit, said = due
    if any(detail.amount_cents is None or detail.currency != unit for detail in details):
        if unit == entry.currency:
            what = f"has transactions without an amount in {unit}: they were not added up"
            odd.append(Wrong(entry.line, "", None, what))
        return
    total = sum(detail.direction.sign * (detail.amount_cents or 0) for detail in details) * way.sign
    if abs(total) != cents_due:
        what = f"is what {len(details)} transactions add up to; {said} {format_amount(cents_due)} {unit}"
        doubts.append(Wrong(entry.line, "NtryDtls/TxDtls", format_amount(total), what))
    elif total < 0:
        # Some banks write the direction of the payment instead of that of the account: the sum is what counts.
        odd.append(Wrong(entry.line, "", None, "has transactions with the opposite direction of the entry"))
