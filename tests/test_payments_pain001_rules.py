import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pain001_examples import (
    ENERGY,
    FACTS,
    FILE,
    FROM_OTHERS,
    GEMEENTE_IBAN,
    INSURANCE,
    LANDLORD_IBAN,
    LIMITS,
    RENT,
    codes,
    dutch_iban,
    with_payments,
)

from payments.calendar import AMSTERDAM
from payments.pain001.orders import Payment, PaymentFile
from payments.pain001.reader import read
from payments.pain001.rules import FileFacts, Finding, LastPaid, check, compare_with_plan
from payments.pain001.writer import render, schema_problem
from payments.references import ReferenceType

OURS = render(FILE)
FIRST = RENT.payment_id
SAME_DAY = datetime(2026, 11, 25, 9, 0, tzinfo=AMSTERDAM)


def findings_of(file: PaymentFile, facts: FileFacts = FACTS) -> list[Finding]:
    return check(render(file), file, facts)


def test_an_ordinary_month_has_nothing_to_remark():
    assert findings_of(FILE) == []


def rent(**changes: object) -> PaymentFile:
    return with_payments(replace(RENT, **changes), ENERGY, INSURANCE)  # type: ignore[arg-type]


def on(day: date) -> PaymentFile:
    return replace(FILE, execution_date=day)


SWISS = "CH9300762011623852957"
# What a plan can ask for and a bank, a law or a colleague would refuse: each gives exactly this one error.
WRONG_PLANS: dict[str, tuple[PaymentFile, str, str | None]] = {
    "a MsgId with an underscore": (replace(FILE, message_id="ASSEN_1"), "message_id_form", None),
    "a MsgId that starts with a slash": (replace(FILE, message_id="/ASSEN"), "message_id_form", None),
    "a PmtInfId that ends with a slash": (
        replace(FILE, payment_information_id="B1/"),
        "payment_information_id_form",
        None,
    ),
    "an EndToEndId with two slashes": (rent(payment_id="VL//1"), "end_to_end_id_form", "VL//1"),
    "an EndToEndId that ends with a space": (rent(payment_id="VL1 "), "end_to_end_id_form", "VL1 "),
    "an account of another gemeente": (replace(FILE, debtor_iban=dutch_iban("BNGH", 1)), "debtor_account", None),
    "Good Friday": (on(date(2027, 3, 26)), "not_t2_day", None),
    "a Sunday": (on(date(2026, 11, 29)), "not_t2_day", None),
    "yesterday": (on(date(2026, 11, 19)), "date_past", None),
    "more than 364 days ahead": (on(date(2027, 11, 22)), "date_too_far", None),
    "wrong check digits": (rent(creditor_iban="NL40RABO0300065264"), "creditor_iban", FIRST),
    "an account part of the wrong shape": (rent(creditor_iban="NL21RAB10300065264"), "creditor_iban", FIRST),
    "a country outside SEPA": (rent(creditor_iban="TR330006100519786457841326"), "sepa_country", FIRST),
    "our own account": (rent(creditor_iban=GEMEENTE_IBAN), "own_account", FIRST),
    "a name of spaces": (rent(creditor_name="   "), "creditor_name", FIRST),
    "71 characters of name": (rent(creditor_name="A" * 71), "creditor_name", FIRST),
    "a creditor with a diacritic": (rent(creditor_name="Coöperatie Thuis"), "creditor_name", FIRST),
    "a client with a diacritic": (rent(ultimate_debtor="José Núñez"), "ultimate_debtor", FIRST),
    "71 characters of client": (rent(ultimate_debtor="A" * 71), "ultimate_debtor", FIRST),
    "a remittance with an ampersand": (rent(remittance="huur & water"), "unstructured", FIRST),
    "a remittance of spaces": (rent(remittance="  "), "unstructured", FIRST),
    "a BSN in the remittance": (rent(remittance="huur 111222333"), "bsn", FIRST),
    "a BSN in a name": (rent(ultimate_debtor="J. Jansen 111222333"), "bsn", FIRST),
    "a kenmerk with a wrong check digit": (
        rent(reference_type=ReferenceType.BETALINGSKENMERK, remittance="1234567890123456"),
        "reference",
        FIRST,
    ),
    "a kenmerk of eight digits": (
        rent(reference_type=ReferenceType.BETALINGSKENMERK, remittance="12345678"),
        "reference",
        FIRST,
    ),
    "an RF with wrong check digits": (
        rent(reference_type=ReferenceType.RF, remittance="RF19539007547034"),
        "reference",
        FIRST,
    ),
    "an RF with spaces": (rent(reference_type=ReferenceType.RF, remittance="RF18 5390 0754 7034"), "reference", FIRST),
    "a creditor outside the EEA needs an address": (rent(creditor_iban=SWISS), "address", FIRST),
    "above the limit of one payment": (rent(amount_cents=250_001), "payment_limit", FIRST),
}


@pytest.mark.parametrize("plan", WRONG_PLANS)
def test_a_plan_that_may_not_be_paid_gives_its_one_error(plan: str):
    file, code, payment = WRONG_PLANS[plan]
    errors = [finding for finding in findings_of(file) if finding.level == "E"]
    assert [(error.code, error.payment) for error in errors] == [(code, payment)]


# What somebody or something did to the bytes after the plan: found by its own rule, besides by the comparison.
TAMPERED: dict[str, tuple[bytes, bytes, str]] = {
    "broken by the schema": (b"<PmtMtd>TRF<", b"<PmtMtd>GEK<", "schema"),
    "unknown elements": (b"<RmtInf>", b"<Purp><Cd>RENT</Cd></Purp><RmtInf>", "unreadable"),
    "another kind of payment": (b"<PmtMtd>TRF<", b"<PmtMtd>CHK<", "payment_method"),
    "no SEPA": (b"<SvcLvl><Cd>SEPA", b"<SvcLvl><Cd>URGP", "service_level"),
    "costs for the creditor": (b">SLEV<", b">CRED<", "charge_bearer"),
    "dollars": (b'Ccy="EUR">650', b'Ccy="USD">650', "currency"),
    "nothing to pay": (b">650.12<", b">0.00<", "amount"),
    "more than SEPA can carry": (b">650.12<", b">1000000000.00<", "amount"),
    "a purpose that tells of welfare": (
        b"</SvcLvl>",
        b"</SvcLvl><CtgyPurp><Cd>SSBE</Cd></CtgyPurp>",
        "category_purpose",
    ),
    "a count too low": (
        b"<NbOfTxs>3</NbOfTxs><CtrlSum>915.67</CtrlSum><Init",
        b"<NbOfTxs>2</NbOfTxs><CtrlSum>915.67</CtrlSum><Init",
        "count",
    ),
    "a block's count too low": (
        b"<NbOfTxs>3</NbOfTxs><CtrlSum>915.67</CtrlSum><PmtT",
        b"<NbOfTxs>2</NbOfTxs><CtrlSum>915.67</CtrlSum><PmtT",
        "count",
    ),
    "a sum one cent off": (b"<CtrlSum>915.67</CtrlSum><Init", b"<CtrlSum>915.68</CtrlSum><Init", "control_sum"),
    "a block's sum one cent off": (b"<CtrlSum>915.67</CtrlSum><PmtT", b"<CtrlSum>915.66</CtrlSum><PmtT", "control_sum"),
    "an EndToEndId twice": (b"VL-0002", b"VL-0001", "end_to_end_id_twice"),
    "a text beside a kenmerk": (b"<RmtInf><Strd>", b"<RmtInf><Ustrd>energie</Ustrd><Strd>", "remittance"),
    "no remittance": (
        b"<RmtInf><Ustrd>huur 2026-12 contract H-10234 (Groesbeek, 's Heerenlaan)</Ustrd></RmtInf>",
        b"",
        "remittance",
    ),
    "a kenmerk of somebody else's": (b"<Issr>CUR<", b"<Issr>XYZ<", "reference"),
    "a kenmerk under another code": (b"<Cd>SCOR<", b"<Cd>RADM<", "reference"),
    "an address in lines only": (
        b"Verzekeringen</Nm>",
        b"Verzekeringen</Nm><PstlAdr><AdrLine>Plein 1, Utrecht</AdrLine></PstlAdr>",
        "address",
    ),
    "our own address without town": (b"</Nm></Dbtr>", b"</Nm><PstlAdr><Ctry>NL</Ctry></PstlAdr></Dbtr>", "address"),
    "the initiator's address without country": (
        b"</Nm></InitgPty>",
        b"</Nm><PstlAdr><TwnNm>Assen</TwnNm></PstlAdr></InitgPty>",
        "address",
    ),
    "the initiator's name": (b"<InitgPty><Nm>Gem", "<InitgPty><Nm>Gëm".encode(), "initiating_party"),
    "the debtor's name": (b"<Dbtr><Nm>Gem", "<Dbtr><Nm>Gëm".encode(), "debtor_name"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_done_to_the_bytes_is_found_by_its_own_rule_and_by_the_comparison(what: str):
    right, wrong, code = TAMPERED[what]
    assert right in OURS
    found = codes(check(OURS.replace(right, wrong), FILE, FACTS))
    assert ("E", code) in found
    assert code in {"schema", "unreadable"} or ("E", "not_as_planned") in found


def test_a_block_that_stands_twice_is_an_error():
    block = re.search(rb"<PmtInf>.*</PmtInf>", OURS)
    assert block is not None
    found = codes(check(OURS.replace(block[0], block[0] * 2), FILE, FACTS))
    assert ("E", "payment_information_id_twice") in found
    assert ("E", "end_to_end_id_twice") in found
    assert ("E", "not_as_planned") in found


def test_an_address_with_town_and_country_is_no_error_of_form_abroad():
    abroad = rent(creditor_iban=SWISS)
    address = b"</Nm><PstlAdr><TwnNm>Basel</TwnNm><Ctry>CH</Ctry></PstlAdr></Cdtr>"
    found = check(render(abroad).replace(b"</Nm></Cdtr>", address), abroad, FACTS)
    assert ("E", "address") not in codes(found)


ALREADY_USED: dict[str, tuple[dict[str, object], str]] = {
    "MsgId": ({"used_message_ids": {FILE.message_id}}, "message_id_used"),
    "PmtInfId": ({"used_payment_information_ids": {FILE.payment_information_id}}, "payment_information_id_used"),
    "EndToEndId": ({"used_end_to_end_ids": {FIRST}}, "end_to_end_id_used"),
    "the bytes": ({"used_sha256": {sha256(OURS).hexdigest()}}, "already_sent"),
    "obligation and month": ({"live": {("VL-0001", "2026-12")}}, "already_live"),
    "an IBAN nobody confirmed": ({"unconfirmed": {("IJSSELMOND", LANDLORD_IBAN)}}, "iban_unconfirmed"),
    "a total above the limit": ({"limits": replace(LIMITS, max_total_cents=91_566)}, "total_limit"),
}


@pytest.mark.parametrize("what", ALREADY_USED)
def test_what_the_books_say_refuses_the_file(what: str):
    facts, code = ALREADY_USED[what]
    assert codes(findings_of(FILE, replace(FACTS, **facts))) == [("E", code)]  # type: ignore[arg-type]


def test_an_id_of_36_characters_is_refused_by_the_schema_and_by_our_own_rule():
    assert findings_of(replace(FILE, message_id="A" * 35)) == []
    found = codes(findings_of(replace(FILE, message_id="A" * 36)))
    assert found == [("E", "schema"), ("E", "message_id_form")]


def test_a_payment_and_a_total_exactly_on_their_limits_may_go():
    exact = replace(LIMITS, max_payment_cents=RENT.amount_cents, max_total_cents=FILE.control_sum_cents)
    assert findings_of(FILE, replace(FACTS, limits=exact)) == []


def test_the_same_obligation_and_month_in_another_file_of_another_month_is_no_double():
    facts = replace(FACTS, live=frozenset({("VL-0001", "2026-11")}), unconfirmed=frozenset({("IJSSELMOND", "NL00")}))
    assert findings_of(FILE, facts) == []


def test_one_obligation_and_month_twice_in_a_file_is_an_error_that_names_both():
    again = replace(RENT, payment_id="202612-2-VL-0001", amount_cents=65_000)
    (error,) = findings_of(with_payments(RENT, again))
    assert (error.code, error.payment) == ("obligation_twice", "202612-2-VL-0001")
    assert FIRST in error.text


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (SAME_DAY, []),
        (SAME_DAY.replace(hour=14, minute=30), []),
        (SAME_DAY.replace(hour=14, minute=30, second=1), [("E", "cut_off_passed")]),
        (datetime(2026, 11, 25, 13, 31, tzinfo=UTC), [("E", "cut_off_passed")]),
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), [("E", "date_past")]),
        (datetime(2026, 11, 24, 23, 0, tzinfo=AMSTERDAM), []),
    ],
)
def test_the_cut_off_is_that_of_the_bank_on_the_day_itself(now: datetime, expected: list[tuple[str, str]]):
    assert codes(findings_of(FILE, replace(FACTS, now=now, cut_off=time(14, 30)))) == expected


def test_kings_day_is_an_ordinary_day_for_banks():
    assert findings_of(on(date(2027, 4, 27))) == []


def test_364_days_ahead_is_the_last_date_a_bank_takes():
    assert findings_of(on(date(2027, 11, 19))) == []


@pytest.mark.parametrize(
    ("amount", "last", "expected"),
    [
        (65_000, 65_000, []),
        (74_750, 65_000, []),  # 15% exactly
        (74_751, 65_000, ["amount_changed"]),
        (55_249, 65_000, ["amount_changed"]),
        (65_000, 650, ["times_hundred"]),
        (58_500, 650, ["times_hundred"]),
        (71_500, 650, ["times_hundred"]),
        (71_501, 650, ["amount_changed"]),
        (58_499, 650, ["amount_changed"]),
        (65_000, 6_500_000, ["times_hundred"]),
        (60_000, 6_600_000, ["times_hundred"]),
        (60_000, 6_600_001, ["amount_changed"]),
        (1_100_000, None, ["unusual_amount"]),
        (110_000, None, []),
        (110_001, None, ["unusual_amount"]),
        (110_001, 110_001, []),
        (110_001, 110_000, ["unusual_amount"]),
        (1_100_001, None, ["times_hundred"]),
        (3_000, None, ["unusual_amount"]),
        (30_000, None, []),
        (29_999, None, ["unusual_amount"]),
        (2_999, None, ["times_hundred"]),
    ],
)
def test_an_amount_that_changed_is_told_and_a_hundredfold_apart(amount: int, last: int | None, expected: list[str]):
    previous = {} if last is None else {"VL-0001": LastPaid(last, LANDLORD_IBAN, RENT.creditor_name)}
    wide = replace(LIMITS, max_payment_cents=10_000_000, max_total_cents=10_000_000)
    found = findings_of(
        with_payments(replace(RENT, amount_cents=amount)), replace(FACTS, last_paid=previous, limits=wide)
    )
    assert codes(found) == [("W", code) for code in expected]


def test_a_category_without_usual_amounts_has_no_hundredfold_of_its_own():
    other = with_payments(replace(RENT, category="overig", obligation="VL-0009", amount_cents=1))
    assert findings_of(other) == []


def test_a_changed_account_and_a_changed_name_are_warnings():
    before = LastPaid(RENT.amount_cents, dutch_iban("RABO", 9), "Woonzorg Ijsselmond")
    facts = replace(FACTS, last_paid={"VL-0001": before})
    assert codes(findings_of(with_payments(RENT), facts)) == [("W", "iban_changed"), ("W", "name_changed")]


def test_a_first_payment_to_a_creditor_is_told_once():
    two = with_payments(RENT, replace(RENT, payment_id="202612-1-VL-0010", obligation="VL-0010", amount_cents=70_000))
    found = findings_of(two, replace(FACTS, paid_before=frozenset()))
    assert [(finding.code, finding.payment) for finding in found] == [("first_payment", FIRST)]


def test_the_same_creditor_amount_and_date_is_a_warning_that_names_both():
    twin = replace(RENT, payment_id="202612-1-VL-0010", obligation="VL-0010", client="K0009")
    (warning,) = findings_of(with_payments(RENT, twin))
    assert (warning.level, warning.code) == ("W", "same_payment_twice")
    assert FIRST in warning.text
    assert "202612-1-VL-0010" in warning.text


def test_many_equal_rents_are_one_warning_with_a_count():
    equal = [replace(RENT, payment_id=f"202612-1-VL-10{n:02d}", obligation=f"VL-10{n:02d}") for n in range(8)]
    (warning,) = findings_of(with_payments(*equal))
    assert warning.text.endswith("202612-1-VL-1004 en nog 3.")


def test_more_payments_than_a_bank_likes_is_a_warning():
    eleven = [replace(RENT, payment_id=f"VL{n}", obligation=f"VL{n}", amount_cents=60_000 + n) for n in range(11)]
    assert codes(findings_of(with_payments(*eleven))) == [("W", "many_transactions")]
    assert findings_of(with_payments(*eleven[:10])) == []


def test_no_text_names_a_client_or_shows_an_account_of_a_creditor():
    wrong = rent(creditor_iban="NL40RABO0300065264", ultimate_debtor="José Núñez", remittance="ü", amount_cents=999_999)
    told = " ".join(finding.text for finding in check(OURS, wrong, FACTS) + findings_of(wrong))
    for private in ("Núñez", "Nunez", "NL40RABO0300065264", LANDLORD_IBAN):
        assert private not in told


def test_the_wrong_kenmerk_in_a_file_of_others_is_reported():
    found = check(FROM_OTHERS.read_bytes(), FILE, FACTS)
    assert ("E", "reference", "MTB-2026-0921-01") in [(one.level, one.code, one.payment) for one in found]


# Plans of every shape a month can bring, each text within the character set of the banks.

SET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "


def plain(longest: int) -> st.SearchStrategy[str]:
    return st.text(SET, min_size=1, max_size=longest).filter(lambda text: text.strip() != "")


REFERENCES = st.one_of(
    plain(140).map(lambda text: (ReferenceType.FREE, text)),
    st.sampled_from(["5000056789012345", "12234534622567", "1234567"]).map(
        lambda text: (ReferenceType.BETALINGSKENMERK, text)
    ),
    st.just((ReferenceType.RF, "RF18539007547034")),
)


@st.composite
def payments(draw: Callable[..., object], number: int) -> Payment:
    kind, remittance = draw(REFERENCES)  # type: ignore[misc]
    return replace(
        RENT,
        payment_id=f"202612-1-VL-{number:04d}",
        obligation=f"VL-{number:04d}",
        creditor_name=draw(plain(70)),
        creditor_iban=dutch_iban("RABO", draw(st.integers(1, 9_999_999_999))),  # type: ignore[arg-type]
        ultimate_debtor=draw(plain(70)),
        amount_cents=draw(st.integers(1, 99_999_999_999)),
        reference_type=kind,
        remittance=remittance,
    )


PLANS = st.integers(1, 6).flatmap(
    lambda count: st.tuples(*(payments(number) for number in range(count))).flatmap(
        lambda several: st.booleans().map(lambda batch: replace(FILE, payments=several, batch_booking=batch))
    )
)


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_every_plan_is_valid_when_written_and_equal_when_read_back(plan: PaymentFile):
    content = render(plan)
    message = read(content)
    assert schema_problem(content) is None
    assert compare_with_plan(message, plan) == []
    assert sum(one.amount_cents for one in message.transactions) == plan.control_sum_cents == message.control_sum_cents
    assert render(plan) == content


PRECIOUS = re.compile(
    rb"<(InstdAmt|IBAN|Nm|Ustrd|Ref|EndToEndId|MsgId|PmtInfId|CreDtTm|Dt|CtrlSum|NbOfTxs|BICFI)"
    rb"[^>]*>([^<]+)<"
)
PLACES = [place for found in PRECIOUS.finditer(OURS) for place in range(*found.span(2))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(SET))
def test_one_other_character_in_the_bytes_is_always_found(place: int, character: str):
    if OURS[place : place + 1] == character.encode():
        return
    changed = OURS[:place] + character.encode() + OURS[place + 1 :]
    try:
        message = read(changed)
    except ValueError:
        return
    assert [finding.level for finding in compare_with_plan(message, FILE)] == ["E"]


@pytest.mark.parametrize(
    "plan",
    [
        with_payments(ENERGY, RENT, INSURANCE),
        with_payments(RENT, ENERGY),
        with_payments(RENT, ENERGY, INSURANCE, RENT),
        replace(FILE, created_at=FILE.created_at + timedelta(seconds=1)),
        replace(FILE, batch_booking=False),
        replace(FILE, debtor_bic="BNGHNL2GXXX"),
    ],
)
def test_payments_in_another_order_or_number_or_another_heading_are_a_difference(plan: PaymentFile):
    assert {finding.code for finding in compare_with_plan(read(OURS), plan)} == {"not_as_planned"}


def test_a_large_file_is_checked_within_the_time_of_a_sip_of_coffee():
    wide = replace(LIMITS, max_transactions=10_000, max_total_cents=10**12)
    large = with_payments(
        *(
            replace(
                RENT,
                payment_id=f"202612-1-VL-{n:05d}",
                obligation=f"VL-{n:05d}",
                amount_cents=60_000 + n,
                creditor_iban=dutch_iban("RABO", 1 + n % 500),
                remittance=f"huur 2026-12 contract {n}",
            )
            for n in range(10_000)
        )
    )
    content = render(large)
    started = process_time()
    found = check(content, large, replace(FACTS, limits=wide))
    assert found == []
    assert process_time() - started < 10  # each payment against each other would take minutes
