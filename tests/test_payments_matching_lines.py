"""The movements to explain: one a transaction where the bank itemises to the cent, else one a line."""

from dataclasses import replace
from datetime import date

from payments.bank.camt_model import BankTransactionCode, Batch, Detail, Entry, EntryStatus, Party
from payments.bank.fields import Direction
from payments.matching.lines import lines_of

OURS, THEIRS = "NL11BNGH0285012346", "NL91ABNA0417164300"
DAY = date(2026, 11, 25)


def a_party(iban: str | None, name: str = "Wonen Noord") -> Party:
    return Party(name, iban, None, None)


def a_detail(cents: int | None = 650_01, **changes: object) -> Detail:
    empty = dict.fromkeys(Detail.__dataclass_fields__)
    known = {
        "amount_cents": cents,
        "direction": Direction.DEBIT,
        "end_to_end_id": "VL-1",
        "debtor": a_party(OURS, "Gemeente"),
        "creditor": a_party(THEIRS),
        "unstructured": ("huur",),
        "structured": (),
        "additional_remittance": (),
    }
    return Detail(**empty | known | changes)  # type: ignore[arg-type]


def an_entry(*details: Detail, cents: int, **changes: object) -> Entry:
    empty = dict.fromkeys(Entry.__dataclass_fields__)
    known = {
        "index": 3,
        "line": 1,
        "amount_cents": cents,
        "direction": Direction.DEBIT,
        "reversal": False,
        "status": EntryStatus.BOOKED,
        "booking_date": DAY,
        "batches": (),
        "details": details,
    }
    return Entry(**empty | known | changes)  # type: ignore[arg-type]


def keys_and_cents(*entries: Entry) -> list[tuple[str, int]]:
    return [(line.line_id, line.amount_cents) for line, _ in lines_of("S", OURS, DAY, entries)]


def test_a_batch_itemised_to_the_cent_is_a_line_a_transaction() -> None:
    assert keys_and_cents(an_entry(a_detail(100), a_detail(200), cents=300)) == [("S-3.1", 100), ("S-3.2", 200)]


def test_a_batch_whose_items_do_not_add_up_stays_one_line() -> None:
    """What the bank says of the items is not what it booked: only the whole is certain."""
    assert keys_and_cents(an_entry(a_detail(100), a_detail(201), cents=300)) == [("S-3", 300)]
    assert keys_and_cents(an_entry(a_detail(100), a_detail(None), cents=300)) == [("S-3", 300)]


def test_a_batch_that_the_bank_names_as_ours_stays_one_line_where_an_item_has_no_name() -> None:
    batch = Batch("P1", "M1", 2, 300, "EUR", Direction.DEBIT)
    named = an_entry(a_detail(100), a_detail(200, end_to_end_id=None), cents=300, batches=(batch,))
    ((line, _),) = lines_of("S", OURS, DAY, [named])
    assert (line.payment_information_id, line.mentioned, line.transactions) == ("P1", ("VL-1",), 2)


def test_of_a_batch_of_more_the_one_that_is_listed_does_not_speak_for_all() -> None:
    batch = Batch("P1", "M1", 12, None, None, Direction.DEBIT)
    ((line, _),) = lines_of("S", OURS, DAY, [an_entry(a_detail(100), cents=300, batches=(batch,))])
    assert (line.end_to_end_id, line.counterparty_iban, line.mentioned) == (None, None, ("VL-1",))
    assert (line.payment_information_id, line.transactions, line.amount_cents) == ("P1", 12, 300)


def test_what_is_not_booked_moves_nothing() -> None:
    assert keys_and_cents(an_entry(a_detail(), cents=650_01, status=EntryStatus.PENDING)) == []


def test_a_return_names_the_payee_whichever_way_round_the_bank_writes_it() -> None:
    code = BankTransactionCode("PMNT", "ICDT", "RRTN", None, None)
    inward = {"direction": Direction.CREDIT, "bank_transaction_code": code}
    as_paid = a_detail(**inward)
    turned = replace(as_paid, debtor=as_paid.creditor, creditor=as_paid.debtor)
    for detail in (as_paid, turned):
        ((line, name),) = lines_of("S", OURS, DAY, [an_entry(detail, cents=650_01, direction=Direction.CREDIT)])
        assert (line.counterparty_iban, name, line.is_return) == (THEIRS, "Wonen Noord", True)
