"""A statement that the bank delivers once more is the same one, whatever our classes and fields are called by then."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import pytest

from ledgers.bank import statement_content
from ledgers.bank.statement_content import NOT_SAID, content_hash, same_content
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
from payments.calendar import AMSTERDAM
from payments.problems import Problem

CODE = BankTransactionCode("PMNT", "ICDT", "RRTN", None, "ISO")
DETAIL = Detail(
    amount_cents=650_01,
    currency="EUR",
    direction=Direction.DEBIT,
    end_to_end_id="VL-1-202612-1",
    instruction_id=None,
    transaction_id="T1",
    payment_information_id="P1",
    message_id="M1",
    mandate_id=None,
    uetr=None,
    account_servicer_reference="R1",
    bank_transaction_code=CODE,
    debtor=Party("Gemeente Assen", "NL11BNGH0285012346", None, "BNGHNL2G"),
    creditor=Party("Wonen Noord", "NL91ABNA0417164300", None, None),
    ultimate_debtor="Naïma Voorbeeld",
    ultimate_creditor=None,
    unstructured=("huur 2026-12 C-77", 'it\'s "so"'),
    structured=(StructuredReference("SCOR", "CUR", "1234567890123456"),),
    additional_remittance=(),
    returned=Return("AC04", None, CODE, ("account closed",)),
    purpose=None,
    additional_info=None,
)
ENTRY = Entry(
    index=1,
    line=42,
    amount_cents=650_01,
    currency="EUR",
    direction=Direction.DEBIT,
    reversal=False,
    status=EntryStatus.BOOKED,
    booking_date=date(2026, 11, 25),
    value_date=None,
    entry_reference="E1",
    account_servicer_reference=None,
    bank_transaction_code=CODE,
    additional_info="SEPA",
    batches=(Batch("P1", "M1", 1, 650_01, "EUR", Direction.DEBIT),),
    details=(DETAIL,),
)
OPENING = Balance("OPBD", 1_000_00, Direction.CREDIT, "EUR", date(2026, 11, 24))
CLOSING = Balance("CLBD", 349_99, Direction.CREDIT, "EUR", date(2026, 11, 25))
STATEMENT = Statement(
    statement_id="S1",
    account_iban="NL11BNGH0285012346",
    account_other=None,
    account_currency="EUR",
    electronic_sequence=7,
    legal_sequence=None,
    created_at=datetime(2026, 11, 25, 20, 0, tzinfo=AMSTERDAM),
    from_date=date(2026, 11, 25),
    to_date=date(2026, 11, 25),
    copy_duplicate="DUPL",
    page=None,
    last_page=True,
    currency="EUR",
    opening=OPENING,
    closing=CLOSING,
    proved=True,
    balances=(OPENING, CLOSING),
    entry_count=1,
    warnings=(Problem("f.xml", 1, None, None, "odd"),),
    entries=(ENTRY,),
)
SECOND = "07577630bb3d0e4fd7d328a8ba90b1700b8cd3894f535e5bf64f1c967dceed2c"
FIRST = "9a9166439c2a51d47f52bb643fb2c8e40c15ff4cd5ad5eabbab84915edb1bc83"


def test_the_hash_of_a_statement_never_changes() -> None:
    """These stand in books. A test that fails here says that every statement delivered again would be a conflict."""
    assert content_hash(STATEMENT) == SECOND
    assert same_content(SECOND, STATEMENT)


def test_books_that_hold_the_hash_of_the_first_version_know_the_statement_again() -> None:
    assert FIRST != SECOND
    assert same_content(FIRST, STATEMENT)
    assert not same_content(FIRST, replace(STATEMENT, entries=()))


def test_when_and_how_often_it_was_made_says_nothing_about_the_money() -> None:
    again = replace(
        STATEMENT,
        created_at=None,
        copy_duplicate=None,
        warnings=(),
        entries=(replace(ENTRY, line=7),),
    )
    assert content_hash(again) == SECOND
    assert same_content(FIRST, again)


@pytest.mark.parametrize(
    "other",
    [
        replace(STATEMENT, statement_id="S2"),
        replace(STATEMENT, last_page=False),
        replace(STATEMENT, closing=replace(CLOSING, amount_cents=349_98)),
        replace(STATEMENT, balances=(OPENING,)),
        replace(STATEMENT, entries=(replace(ENTRY, direction=Direction.CREDIT),)),
        replace(STATEMENT, entries=(replace(ENTRY, status=EntryStatus.PENDING),)),
        replace(STATEMENT, entries=(replace(ENTRY, details=(replace(DETAIL, returned=None),)),)),
        replace(STATEMENT, entries=(replace(ENTRY, details=(replace(DETAIL, unstructured=("huur",)),)),)),
    ],
)
def test_whatever_else_differs_is_another_content(other: Statement) -> None:
    assert not same_content(SECOND, other)
    assert not same_content(FIRST, other)


RECORDS: list[tuple[Any, Callable[[Any], Any]]] = [
    (STATEMENT, statement_content._statement),
    (ENTRY, statement_content._entry),
    (DETAIL, statement_content._detail),
    (OPENING, statement_content._balance),
    (CODE, statement_content._code),
    (ENTRY.batches[0], statement_content._batch),
    (DETAIL.debtor, statement_content._party),
    (DETAIL.structured[0], statement_content._reference),
    (DETAIL.returned, statement_content._return),
]


@pytest.mark.parametrize(("found", "record"), RECORDS, ids=[type(found).__name__ for found, _ in RECORDS])
def test_every_field_that_the_reader_finds_counts_or_is_left_out(found: Any, record: Callable[[Any], Any]) -> None:
    """A new field belongs in a new version of the hash, or among what says nothing about the money."""
    name, said = record(found)
    assert set(said) == {field.name for field in fields(found)}, name
    assert set(statement_content._plain((name, said))) == set(said) - NOT_SAID


def test_a_new_word_of_the_reader_has_its_place_in_the_first_version() -> None:
    assert set(statement_content._FIRST_WORDS) == {*Direction, *EntryStatus}
