"""The simulated bank: two hundred seeded months in every dialect, its own books exact to the cent, every fault real."""

import ast
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from lxml import etree
from support.pain001_examples import ENERGY_IBAN, FILE, INSURER_IBAN, LANDLORD_IBAN, dutch_iban

from flows.rehearsal.bank import BankAnswer, BankPlan, FakeBank, Fault, Habits, Happening
from flows.rehearsal.bank_folder import run_fake_bank
from flows.rehearsal.bank_reader import read_instruction
from payments.bank.camt_model import Detail, Entry, Statement
from payments.bank.camt_reader import read_camt
from payments.bank.fields import Direction
from payments.bank.pain002 import Level, Rejection, StatusReport, read_pain002, rejections
from payments.calendar import AMSTERDAM, add_t2_days, is_t2_day
from payments.pain001.orders import Payment, PaymentFile
from payments.pain001.writer import render
from payments.problems import InputRefused
from payments.references import ReferenceType

FAR = date(2030, 12, 31)
TYNAARLO_IBAN = dutch_iban("BNGH", 285_000_999)
GOLDEN = (Path(__file__).parent / "golden" / "pain001_three_payments.xml").read_bytes()
FAULTS: tuple[Fault, ...] = get_args(Fault)


def a_month(
    seed: int,
    count: int | None = None,
    *,
    month: str = "2026-11",
    iban: str = FILE.debtor_iban,
    day: date | None = None,
) -> PaymentFile:
    """An invented payment file: every payment with an own reference, execution dates also on closed days."""
    chance = random.Random(f"month {seed}")
    payments = tuple(a_payment(chance, number, month) for number in range(count or chance.randint(1, 25)))
    message = f"ASSEN-{month.replace('-', '')}-{seed}-{iban[-3:]}"
    execution = day or date.fromisoformat(f"{month}-01") + timedelta(days=chance.randint(0, 27))
    created = FILE.created_at.replace(year=execution.year, month=execution.month, day=execution.day)
    return replace(
        FILE,
        message_id=message,
        payment_information_id=f"{message}-B1",
        created_at=(created - timedelta(days=chance.randint(0, 5))).astimezone(AMSTERDAM),
        execution_date=execution,
        debtor_iban=iban,
        payments=payments,
    )


def a_payment(chance: random.Random, number: int, month: str) -> Payment:
    kind = chance.choice(list(ReferenceType))
    said = {
        ReferenceType.FREE: f"huur {month} contract H-{number} (o'Neill: + meer)",
        ReferenceType.BETALINGSKENMERK: chance.choice(("5000056789012345", "12234534622567")),
        ReferenceType.RF: "RF18539007547034",
    }
    return Payment(
        payment_id=f"{month.replace('-', '')}-1-VL-{number:04d}",
        obligation=f"VL-{number:04d}",
        client=f"K{number}",
        covers=month,
        category="huur",
        creditor="C",
        creditor_name=chance.choice(("Stichting Woonzorg", "Lichtbron en Zonen B.V.")),
        creditor_iban=chance.choice((LANDLORD_IBAN, ENERGY_IBAN, INSURER_IBAN)),
        ultimate_debtor="Gulsah Demir",
        amount_cents=chance.randint(1, 120_000),
        reference_type=kind,
        remittance=said[kind],
    )


def some_habits(chance: random.Random) -> Habits:
    return Habits(
        booking=chance.choice(("batch", "single")),
        details=chance.random() < 0.5,
        references=chance.choice(("full", "batch_only", "none")),
        net=chance.random() < 0.5,
        return_references=chance.random() < 0.5,
        verification=chance.random() < 0.5,
        version=chance.choice(("camt.053.001.02", "camt.053.001.08")),
        opening=chance.choice(("both", "PRCD", "OPBD")),
    )


def some_plan(chance: random.Random, payments: int) -> BankPlan:
    returns = chance.randint(0, payments)
    rejects = chance.randint(0, payments - returns)
    refunds = chance.randint(0, payments - returns - rejects)
    return BankPlan(returns, rejects, refunds, chance.randint(0, 2), chance.randint(0, 2))


def everything(bank: FakeBank) -> list[BankAnswer]:
    return bank.answers(bank.busy_until or FAR)


def statements_in(answers: list[BankAnswer]) -> list[Statement]:
    found = []
    for answer in answers:
        if answer.kind == "camt.053":
            message = read_camt(answer.content, answer.name)
            assert not message.warnings
            [statement] = message.statements
            assert statement.proved
            assert not statement.warnings
            found.append(statement)
    return found


def opening_of(statement: Statement) -> int:
    assert statement.opening is not None
    return statement.opening.signed_cents


def closing_of(statement: Statement) -> int:
    assert statement.closing is not None
    return statement.closing.signed_cents


def assert_chained(statements: list[Statement]) -> None:
    for earlier, later in pairwise(statements):
        assert closing_of(earlier) == opening_of(later)
        assert earlier.electronic_sequence is not None
        assert earlier.electronic_sequence + 1 == later.electronic_sequence


def reports_in(answers: list[BankAnswer]) -> list[StatusReport]:
    reports = [read_pain002(answer.content, answer.name) for answer in answers if answer.kind == "pain.002"]
    assert not any(report.warnings for report in reports)
    return reports


def only_rejection(report: StatusReport) -> Rejection:
    [rejection] = rejections(report)
    return rejection


def assert_valid(answer: BankAnswer) -> None:
    document = etree.fromstring(answer.content)
    name = etree.QName(document).namespace.rpartition(":")[2]
    schema = etree.XMLSchema(etree.XML((files("payments.bank") / "schemas" / f"{name}.xsd").read_bytes()))
    schema.assertValid(document)


def told(bank: FakeBank, *kinds: str) -> list[Happening]:
    return [happening for happening in bank.truth if happening.kind in kinds]


def ids(bank: FakeBank, *kinds: str) -> set[str | None]:
    return {happening.end_to_end_id for happening in told(bank, *kinds)}


def entries(statements: list[Statement]) -> list[Entry]:
    return [entry for statement in statements for entry in statement.entries]


def debits(statements: list[Statement]) -> list[Entry]:
    ours = [entry for entry in entries(statements) if entry.direction is Direction.DEBIT]
    return [entry for entry in ours if entry.bank_transaction_code and entry.bank_transaction_code.family == "ICDT"]


def money_back(statements: list[Statement]) -> list[tuple[Entry, Detail]]:
    return [(entry, one) for entry in entries(statements) for one in entry.details if one.returned is not None]


# --- two hundred months -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(4))
def test_two_hundred_seeded_months_are_exact_readable_and_as_the_bank_says_they_were(part: int) -> None:
    for seed in range(part * 50, part * 50 + 50):
        chance = random.Random(f"bank {seed}")
        month, habits = a_month(seed), some_habits(chance)
        plan = some_plan(chance, len(month.payments))
        bank = FakeBank(month.debtor_iban, 5_000_000, seed, habits)
        bank.receive(render(month), plan)
        answers = everything(bank)

        assert bank.busy_until is None
        assert [answer.name for answer in answers] == sorted(answer.name for answer in answers)
        statements, reports = statements_in(answers), reports_in(answers)
        moved = sum(entry.signed_cents for entry in entries(statements))
        assert bank.balance_cents == 5_000_000 + moved
        assert bank.balance_cents == 5_000_000 + sum(happening.signed_cents for happening in bank.truth)
        assert_chained(statements)
        assert all(entry.booking_date and is_t2_day(entry.booking_date) for entry in entries(statements))

        counted = Counter(happening.kind for happening in bank.truth)
        assert counted == Counter(
            {
                "booked": len(month.payments) - plan.rejects,
                "rejected": plan.rejects,
                "returned": plan.returns,
                "refund": plan.refunds,
                "stray_credit": plan.stray_credits,
                "stray_debit": plan.stray_debits,
            }
        )
        assert ids(bank, "booked") | ids(bank, "rejected") == {payment.payment_id for payment in month.payments}
        refused = {
            payment.original_end_to_end_id
            for report in reports
            for rejection in rejections(report)
            for payment in rejection.mentioned
            if payment.status == "RJCT"
        }
        assert refused == ids(bank, "rejected")
        amounts = {payment.payment_id: payment.amount_cents for payment in month.payments}
        for happening in told(bank, "booked", "rejected", "returned"):
            assert happening.amount_cents == amounts[happening.end_to_end_id or ""]
        for happening in told(bank, "refund"):
            assert 0 < happening.amount_cents <= amounts[happening.end_to_end_id or ""]


@pytest.mark.parametrize("version", ["camt.053.001.02", "camt.053.001.08"])
@pytest.mark.parametrize("references", ["full", "none"])
def test_every_answer_keeps_to_the_published_schema(version: str, references: str) -> None:
    for seed, net in ((1, True), (2, False)):
        habits = Habits(version=version, references=references, net=net, verification=True)  # type: ignore[arg-type]
        bank = FakeBank(FILE.debtor_iban, 100, seed, habits)  # a balance below zero is a balance too
        bank.receive(render(a_month(seed, 20)), BankPlan(4, 3, 2, 1, 1))
        bank.receive(render(replace(a_month(seed, 20), payment_information_id="OTHER")))
        answers = everything(bank)
        assert {answer.kind for answer in answers} == {"camt.053", "pain.002"}
        for answer in answers:
            assert_valid(answer)


# --- what a debit looks like ------------------------------------------------------------------------------------------


def test_a_batch_with_all_references_names_every_payment() -> None:
    month = a_month(3, 6)
    bank = FakeBank(month.debtor_iban, 0, 3)
    bank.receive(render(month))
    [debit] = debits(statements_in(everything(bank)))
    assert debit.amount_cents == month.control_sum_cents
    assert debit.batch is not None
    assert (debit.batch.payment_information_id, debit.batch.message_id) == (f"{month.message_id}-B1", month.message_id)
    assert debit.batch.number_of_transactions == 6
    assert [(one.end_to_end_id, one.amount_cents, one.creditor and one.creditor.iban) for one in debit.details] == [
        (payment.payment_id, payment.amount_cents, payment.creditor_iban) for payment in month.payments
    ]
    said = [one.structured[0].reference if one.structured else one.unstructured[0] for one in debit.details]
    assert said == [payment.remittance for payment in month.payments]


@pytest.mark.parametrize(
    ("habits", "block_named", "listed"),
    [
        (Habits(references="batch_only", details=False), True, 0),  # ING
        (Habits(references="batch_only"), True, 4),
        (Habits(references="none"), False, 4),  # ABN AMRO: a MsgId of the bank's own
    ],
)
def test_a_batch_with_fewer_references_still_tells_count_and_total(
    habits: Habits, block_named: bool, listed: int
) -> None:
    month = a_month(4, 4)
    bank = FakeBank(month.debtor_iban, 0, 4, habits)
    bank.receive(render(month))
    [debit] = debits(statements_in(everything(bank)))
    assert debit.batch is not None
    assert debit.batch.payment_information_id == (month.payment_information_id if block_named else None)
    assert debit.batch.message_id != month.message_id
    assert (debit.batch.number_of_transactions, debit.batch.total_cents) == (4, month.control_sum_cents)
    assert len(debit.details) == listed
    assert all(one.end_to_end_id is None for one in debit.details)


def test_a_silent_bank_gives_only_date_and_total() -> None:
    month = a_month(5, 4)
    bank = FakeBank(month.debtor_iban, 0, 5, Habits(references="none", details=False))
    bank.receive(render(month))
    [debit] = debits(statements_in(everything(bank)))
    assert (debit.amount_cents, debit.batches, debit.details) == (month.control_sum_cents, (), ())


def test_single_booking_without_references_leaves_account_amount_and_text() -> None:
    month = a_month(6, 5)
    bank = FakeBank(month.debtor_iban, 0, 6, Habits(booking="single", references="none"))
    bank.receive(render(month))
    found = debits(statements_in(everything(bank)))
    assert [entry.amount_cents for entry in found] == [payment.amount_cents for payment in month.payments]
    for entry, payment in zip(found, month.payments, strict=True):
        [one] = entry.details
        assert one.end_to_end_id is None
        assert one.creditor is not None
        assert one.creditor.iban == payment.creditor_iban


# --- rejects, returns, refunds ----------------------------------------------------------------------------------------


def test_a_net_bank_debits_the_batch_less_its_rejects() -> None:
    month = a_month(7, 8)
    bank = FakeBank(month.debtor_iban, 0, 7, Habits(net=True))
    bank.receive(render(month), BankPlan(rejects=3))
    answers = everything(bank)
    [debit] = entries(statements_in(answers))
    assert debit.amount_cents == month.control_sum_cents - sum(one.amount_cents for one in told(bank, "rejected"))
    assert {one.end_to_end_id for one in debit.details} == ids(bank, "booked")
    assert answers[0].kind == "pain.002"
    [report] = reports_in(answers)
    assert report.group_status == "PART"
    assert {rejection.level for rejection in rejections(report)} == {Level.TRANSACTION}


def test_a_gross_bank_debits_the_whole_batch_and_credits_each_reject_the_same_day() -> None:
    month = a_month(8, 8)
    bank = FakeBank(month.debtor_iban, 0, 8)
    bank.receive(render(month), BankPlan(rejects=3))
    answers = everything(bank)
    assert answers[0].kind == "pain.002"
    [statement] = statements_in(answers)
    [debit] = debits([statement])
    assert debit.amount_cents == month.control_sum_cents
    assert {(one.end_to_end_id, one.amount_cents) for _, one in money_back([statement])} == {
        (happening.end_to_end_id, happening.amount_cents) for happening in told(bank, "rejected")
    }


def test_a_file_of_which_everything_is_rejected_is_refused_as_a_whole_and_costs_nothing() -> None:
    month = a_month(9, 3)
    bank = FakeBank(month.debtor_iban, 777, 9)
    bank.receive(render(month), BankPlan(rejects=3))
    answers = everything(bank)
    assert [answer.kind for answer in answers] == ["pain.002"]
    assert only_rejection(reports_in(answers)[0]).level is Level.GROUP
    assert bank.balance_cents == 777


def test_returns_come_back_one_to_four_business_days_after_booking_with_a_reason() -> None:
    month = a_month(10, 12)
    bank = FakeBank(month.debtor_iban, 0, 10)
    bank.receive(render(month), BankPlan(returns=6))
    found = money_back(statements_in(everything(bank)))
    [booked_on] = {happening.day for happening in told(bank, "booked")}
    window = {add_t2_days(booked_on, days) for days in (1, 2, 3, 4)}
    assert {entry.booking_date for entry, _ in found} <= window
    assert {(one.end_to_end_id, one.amount_cents, one.returned and one.returned.code) for _, one in found} == {
        (happening.end_to_end_id, happening.amount_cents, happening.reason) for happening in told(bank, "returned")
    }


def test_a_return_without_references_names_the_creditors_account_amount_text_and_reason() -> None:
    month = a_month(11, 12)
    bank = FakeBank(month.debtor_iban, 0, 11, Habits(return_references=False))
    bank.receive(render(month), BankPlan(returns=4))
    found = money_back(statements_in(everything(bank)))
    by_id = {payment.payment_id: payment for payment in month.payments}
    due = [by_id[name] for name in ids(bank, "returned") if name]
    told_of = Counter((payment.creditor_iban, payment.amount_cents, payment.remittance) for payment in due)
    seen = Counter(
        (
            one.debtor.iban if one.debtor else None,
            entry.amount_cents,
            one.structured[0].reference if one.structured else one.unstructured[0],
        )
        for entry, one in found
    )
    assert seen == told_of
    assert all(one.end_to_end_id is None and not entry.reversal for entry, one in found)


def test_a_name_that_does_not_match_the_account_is_told_and_is_no_rejection() -> None:
    for version in ("camt.053.001.02", "camt.053.001.08"):
        month = a_month(12, 5)
        bank = FakeBank(month.debtor_iban, 0, 12, Habits(verification=True, version=version))  # type: ignore[arg-type]
        bank.receive(render(month))
        answers = everything(bank)
        [report] = reports_in(answers)
        assert len(report.payment_informations[0].transactions) == 2
        assert rejections(report) == ()
        assert debits(statements_in(answers))[0].amount_cents == month.control_sum_cents


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "booked"),
    [
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 12, 25), date(2026, 12, 28)),  # Christmas on a Friday
        (date(2027, 4, 27), date(2027, 4, 27)),  # King's Day is an ordinary day
    ],
)
def test_a_payment_on_a_closed_day_is_booked_on_the_next_open_one(asked: date, booked: date) -> None:
    month = a_month(13, 2, month=asked.isoformat()[:7], day=asked)
    bank = FakeBank(month.debtor_iban, 0, 13)
    bank.receive(render(month))
    assert {entry.booking_date for entry in entries(statements_in(everything(bank)))} == {booked}


def test_asking_day_by_day_gives_the_same_as_asking_at_the_end() -> None:
    month = a_month(14, 15)
    at_once, daily = (FakeBank(month.debtor_iban, 0, 14) for _ in range(2))
    for bank in (at_once, daily):
        bank.receive(render(month), BankPlan(4, 2, 2, 1, 1))
    last = at_once.busy_until
    assert last is not None
    gathered = []
    day = month.execution_date - timedelta(days=10)
    while day <= last:
        gathered += daily.answers(day)
        day += timedelta(days=1)
    assert gathered == at_once.answers(last)
    assert daily.truth == at_once.truth


def test_a_second_file_never_changes_a_day_that_was_told_about() -> None:
    bank = FakeBank(FILE.debtor_iban, 0, 15)
    bank.receive(render(a_month(15, 5)), BankPlan(returns=2))
    first = statements_in(everything(bank))
    bank.receive(render(a_month(16, 5, day=a_month(15, 5).execution_date)))
    second = statements_in(everything(bank))
    assert second[0].from_date is not None
    assert first[-1].to_date is not None
    assert second[0].from_date > first[-1].to_date
    assert_chained([*first, *second])


# --- faults -----------------------------------------------------------------------------------------------------------


def with_fault(fault: Fault, habits: Habits = Habits()) -> tuple[FakeBank, list[BankAnswer]]:  # noqa: B008 - frozen
    bank = FakeBank(FILE.debtor_iban, 10_000_000, 20, habits)
    bank.receive(render(a_month(20, 6)), BankPlan(fault=fault))
    return bank, everything(bank)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_on_the_banks_own_record_once_and_its_balance_stays_right(fault: Fault) -> None:
    bank, _ = with_fault(fault)
    [happening] = told(bank, "fault")
    assert happening.reason == fault
    assert bank.balance_cents == 10_000_000 + sum(one.signed_cents for one in bank.truth)


def test_a_repeated_statement_is_the_same_bytes_a_morning_later() -> None:
    _, answers = with_fault("repeated")
    [once, again] = answers
    assert once.content == again.content
    assert once.name < again.name


def test_a_missing_day_breaks_the_chain_of_balances() -> None:
    _, answers = with_fault("gap")
    [before, after] = statements_in(answers)
    assert closing_of(before) - opening_of(after) == a_month(20, 6).control_sum_cents


def test_an_overlapping_statement_proves_by_itself_and_repeats_the_day_before() -> None:
    _, answers = with_fault("overlap")
    statements = statements_in(answers)
    told_twice = [entry.account_servicer_reference for entry in debits(statements)]
    assert len(told_twice) == 2
    assert len(set(told_twice)) == 1
    assert statements[-1].from_date == statements[-2].to_date


def test_a_closing_balance_off_by_a_cent_is_refused_by_our_reader() -> None:
    _, answers = with_fault("closing_off_by_a_cent")
    with pytest.raises(InputRefused):
        read_camt(answers[0].content, answers[0].name)


def test_a_payment_booked_a_cent_too_high_is_a_statement_without_fault() -> None:
    for habits in (Habits(), Habits(booking="single"), Habits(references="batch_only", details=False)):
        bank, answers = with_fault("amount_off_by_a_cent", habits)
        taken = sum(entry.amount_cents for entry in debits(statements_in(answers)))
        assert taken == a_month(20, 6).control_sum_cents + 1
        assert ids(bank, "fault") <= ids(bank, "booked")


def test_a_wrong_count_leaves_the_total_right() -> None:
    _, answers = with_fault("batch_count_wrong", Habits(references="batch_only", details=False))
    [debit] = debits(statements_in(answers))
    assert debit.batch is not None
    assert debit.batch.number_of_transactions == 7
    assert debit.amount_cents == a_month(20, 6).control_sum_cents


def test_the_same_msgid_again_is_refused_as_a_whole_and_paid_once() -> None:
    month = a_month(21, 4)
    bank = FakeBank(month.debtor_iban, 0, 21)
    bank.receive(render(month))
    bank.receive(render(month))
    answers = everything(bank)
    rejection = only_rejection(reports_in(answers)[0])
    assert (rejection.level, rejection.reasons[0].code) == (Level.GROUP, "DU01")
    assert bank.balance_cents == -month.control_sum_cents
    assert [happening.kind for happening in told(bank, "duplicate")] == ["duplicate"]


# --- the front door ---------------------------------------------------------------------------------------------------


def test_the_banks_reader_sees_what_our_writer_meant() -> None:
    found = read_instruction(GOLDEN)
    assert (found.name, found.message_id, found.created_on) == (
        "pain.001.001.09",
        "ASSEN-202611-01-001",
        date(2026, 11, 20),
    )
    [block] = found.blocks
    assert (block.debtor_iban, block.execution_date) == (FILE.debtor_iban, date(2026, 11, 25))
    assert [(one.end_to_end_id, one.amount_cents, one.issuer, one.text) for one in block.transfers] == [
        ("202612-1-VL-0001", 65_012, None, "huur 2026-12 contract H-10234 (Groesbeek, 's Heerenlaan)"),
        ("202612-1-VL-0002", 11_800, "CUR", "5000056789012345"),
        ("202612-1-VL-0003", 14_755, "ISO", "RF18539007547034"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<CtrlSum>915.67", b"<CtrlSum>915.68", "CtrlSum"),
        (b"<NbOfTxs>3", b"<NbOfTxs>4", "NbOfTxs"),
        (b"NL39RABO0300065264", b"NL38RABO0300065264", "IBAN"),
        (b'Ccy="EUR">650.12', b'Ccy="USD">650.12', "euros"),
        (b">650.12<", b">-650.12<", "amount"),
        (b"202612-1-VL-0002", b"202612-1-VL-0001", "twice"),
        (b"<Dt>2026-11-25", b"<Dt>2026-11-31", "date"),
        (b"<PmtMtd>TRF", b"<PmtMtd>CHK", "TRF"),
        (b"pain.001.001.09", b"pain.001.001.02", "pain.001"),
        (b"<Document", b"<!DOCTYPE Document []><Document", "DOCTYPE"),
        (b"</Document>", b"", "XML"),
    ],
)
def test_a_damaged_file_is_not_taken_in_and_leaves_no_trace(old: bytes, new: bytes, says: str) -> None:
    bank = FakeBank(FILE.debtor_iban, 5, 1)
    with pytest.raises(ValueError, match=says):
        bank.receive(GOLDEN.replace(old, new))
    assert (bank.answers(FAR), bank.truth, bank.state.messages) == ([], [], {})


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (BankPlan(returns=2, rejects=2), "too few"),
        (BankPlan(stray_debits=-1), "fewer than no"),
        (BankPlan(rejects=3, fault="gap"), "as a whole"),
        (BankPlan(fault="thunder"), "no fault"),  # type: ignore[arg-type]
    ],
)
def test_a_plan_that_a_file_has_no_room_for_is_refused(plan: BankPlan, says: str) -> None:
    bank = FakeBank(FILE.debtor_iban, 5, 1)
    with pytest.raises(ValueError, match=says):
        bank.receive(GOLDEN, plan)
    assert bank.state.messages == {}


def test_a_file_of_another_account_is_refused() -> None:
    with pytest.raises(ValueError, match="another account"):
        FakeBank(TYNAARLO_IBAN, 5, 1).receive(GOLDEN)


# --- a folder of files ------------------------------------------------------------------------------------------------


def saved(folder: Path, *months: PaymentFile) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{month.message_id}.xml" for month in months]
    for path, month in zip(paths, months, strict=True):
        path.write_bytes(render(month))
    return paths


def statements_of(paths: list[Path], iban: str) -> list[Statement]:
    return [
        statement
        for path in paths
        if "camt053" in path.name
        for statement in read_camt(path.read_bytes(), path.name).statements
        if statement.account_iban == iban
    ]


def test_two_gemeenten_have_each_their_own_account_and_all_asked_events_happen(tmp_path: Path) -> None:
    sent = saved(tmp_path / "sent", a_month(30, 20), a_month(31, 20, iban=TYNAARLO_IBAN))
    answers = run_fake_bank(sent, tmp_path / "bank", seed=5, returns=5, rejects=4, refunds=3, stray=2)
    assert answers == sorted(answers)
    assert sorted(path.name for path in (tmp_path / "bank").iterdir()) == [
        ".bank-state.json",
        *(path.name for path in answers),
    ]
    reports = [read_pain002(path.read_bytes(), path.name) for path in answers if "pain002" in path.name]
    assert sum(len(rejections(report)) for report in reports) == 4
    both = statements_of(answers, FILE.debtor_iban) + statements_of(answers, TYNAARLO_IBAN)
    assert len(money_back(both)) == 5 + 4
    remembered = json.loads((tmp_path / "bank" / ".bank-state.json").read_text())
    for iban in (FILE.debtor_iban, TYNAARLO_IBAN):
        own = statements_of(answers, iban)
        assert opening_of(own[0]) == 100_000_000
        assert closing_of(own[-1]) == remembered[iban]["balance_cents"]


def test_the_next_month_continues_the_chain(tmp_path: Path) -> None:
    out = tmp_path / "bank"
    first = run_fake_bank(saved(tmp_path, a_month(32, 9)), out, seed=5, returns=2)
    second = run_fake_bank(saved(tmp_path, a_month(33, 9, month="2026-12")), out, seed=5, returns=1)
    chain = statements_of([*first, *second], FILE.debtor_iban)
    assert [statement.electronic_sequence for statement in chain] == list(range(1, len(chain) + 1))
    assert_chained(chain)


def test_an_account_that_sends_nothing_this_time_is_not_forgotten(tmp_path: Path) -> None:
    ours = saved(tmp_path, a_month(42, 5))
    run_fake_bank(ours, tmp_path / "bank", seed=5)
    run_fake_bank(saved(tmp_path, a_month(43, 5, iban=TYNAARLO_IBAN)), tmp_path / "bank", seed=5)
    assert run_fake_bank(ours, tmp_path / "bank", seed=5) == []


def test_the_same_files_again_bring_nothing_and_a_fresh_folder_the_same_bytes(tmp_path: Path) -> None:
    sent = saved(tmp_path / "sent", a_month(34, 12), a_month(35, 12))
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    answers = run_fake_bank(sent, there, seed=6, returns=3, rejects=2)
    before = {path.name: path.read_bytes() for path in there.iterdir()}
    assert run_fake_bank(sent, there, seed=6, returns=3, rejects=2) == []
    assert {path.name: path.read_bytes() for path in there.iterdir()} == before
    run_fake_bank(sent[::-1], elsewhere, seed=6, returns=3, rejects=2)
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == before
    other = run_fake_bank(sent, tmp_path / "other", seed=7, returns=3, rejects=2)
    assert [path.read_bytes() for path in other] != [path.read_bytes() for path in answers]


def test_a_crash_before_the_state_is_kept_is_mended_by_running_again(tmp_path: Path) -> None:
    sent = saved(tmp_path / "sent", a_month(36, 12))
    answers = run_fake_bank(sent, tmp_path / "bank", seed=8, returns=3)
    (tmp_path / "bank" / ".bank-state.json").unlink()
    answers[-1].unlink()
    assert run_fake_bank(sent, tmp_path / "bank", seed=8, returns=3) == answers


def test_answers_are_never_written_over_others(tmp_path: Path) -> None:
    sent = saved(tmp_path / "sent", a_month(37, 12))
    [answer] = run_fake_bank(sent, tmp_path / "bank", seed=8)
    (tmp_path / "bank" / ".bank-state.json").unlink()
    answer.write_bytes(b"something else")
    with pytest.raises(InputRefused):
        run_fake_bank(sent, tmp_path / "bank", seed=8)
    assert answer.read_bytes() == b"something else"


def test_changed_bytes_under_a_known_msgid_are_refused_once(tmp_path: Path) -> None:
    month = a_month(38, 4)
    run_fake_bank(saved(tmp_path, month), tmp_path / "bank", seed=9)
    altered = saved(tmp_path / "altered", replace(month, debtor_name="Gemeente Anders"))
    [report] = run_fake_bank(altered, tmp_path / "bank", seed=9)
    assert only_rejection(read_pain002(report.read_bytes(), report.name)).reasons[0].code == "DU01"
    assert run_fake_bank(altered, tmp_path / "bank", seed=9) == []


def test_every_unreadable_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    good = saved(tmp_path, a_month(39, 4))
    (tmp_path / "bad.xml").write_text("<a>")
    with pytest.raises(InputRefused) as refused:
        run_fake_bank([*good, tmp_path / "bad.xml", tmp_path / "none.xml"], tmp_path / "bank", seed=1)
    assert [problem.file for problem in refused.value.problems] == ["bad.xml", "none.xml"]
    assert not (tmp_path / "bank").exists()


def test_more_events_than_payments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few"):
        run_fake_bank(saved(tmp_path, a_month(40, 3)), tmp_path / "bank", seed=1, returns=4)
    assert not (tmp_path / "bank").exists()


def test_a_state_that_the_bank_did_not_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".bank-state.json").write_text('{"NL00": 1}')
    with pytest.raises(InputRefused):
        run_fake_bank(saved(tmp_path / "sent", a_month(41, 3)), tmp_path, seed=1)


def test_the_bank_shares_no_code_with_our_readers_and_writers() -> None:
    """A mistake that both sides import would be seen by neither."""
    allowed = {"payments.calendar", "payments.month", "payments.problems", "flows.rehearsal.invented_data"}
    folder = Path(str(files("flows")))
    for module in folder.glob("fake_bank*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = {name for name in names if name.split(".")[0] in {"payments", "ledgers", "flows", "sepaxml"}}
            assert {name for name in ours if not name.startswith("flows.rehearsal.bank")} <= allowed, module.name
