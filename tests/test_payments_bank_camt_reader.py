"""Statements and notifications: every bank file's values as read from its XML, every dialect, every false sum."""

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bank.camt_model import (
    Balance,
    BankMessage,
    BankTransactionCode,
    Batch,
    CamtEvent,
    Detail,
    Entry,
    EntryStatus,
    MessageStart,
    Party,
    Return,
    Statement,
    StatementEnd,
    StatementStart,
    StructuredReference,
)
from payments.bank.camt_reader import read_camt, stream_camt
from payments.bank.fields import Direction
from payments.bank.stream import MessageKind
from payments.calendar import AMSTERDAM
from payments.problems import InputRefused

BANKFILES = Path(__file__).parent / "bankfiles"
IN, OUT = Direction.CREDIT, Direction.DEBIT


def read(name: str) -> BankMessage:
    return read_camt((BANKFILES / name).read_bytes(), name)


def only(name: str) -> Statement:
    [statement] = read(name).statements
    return statement


def refusals(content: str | bytes) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        read_camt(content.encode() if isinstance(content, str) else content, "bank.xml")
    return [str(problem) for problem in refused.value.problems]


def only_detail(entry: Entry) -> Detail:
    [detail] = entry.details
    return detail


# Statement id, account, currency, opening, closing, proved, signed entries: written down from the XML.
STATEMENTS = {
    "camt053/abnamro_example_2013.camt053.v02.xml": [
        (
            "0574908765.2013-04-02",
            "NL77ABNA0574908765",
            "EUR",
            100001,
            10001,
            True,
            [100, 100, 100, 1000, 100, -100, -200, -200, -100, 700, 700, -100, -92100],
        ),
    ],
    "camt053/ing_example_2014.camt053.v02.xml": [
        (
            "201401030009999",
            "NL08INGB0000001234",
            "EUR",
            100000,
            160500,
            True,
            [35000, 12500, 12000, 27000, 12500, -2500, -30000, -3000, -3000],
        ),
    ],
    "camt053/krijgsman_sample.camt053.v02.xml": [
        (
            "AAAASESS-FP-STAT001",
            "50000000054910000003",
            "SEK",
            50000000,
            43567850,
            True,
            [10567850, -20000000, 3000000],
        ),
    ],
    "camt053/newinnovations_test.camt053.v02.xml": [
        ("0000000000", "NL00SNSB0000000000", "EUR", 100000, 95000, True, [-10000, 5000]),
    ],
    "camt053/genkgo_camt053.v2.multi.statement.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, 2700, True, [885]),
        ("254EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 2700, 2000, True, [-700]),
    ],
    # These open in euros and close in kronor, so there is no closing balance of the account to prove them with.
    "camt053/genkgo_camt053.v2.minimal.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v2.minimal.ultimate.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v2.with-party-ids.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v3.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v4.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v8.xml": [
        ("253EURNL26VAYB8060476890", "NL26VAYB8060476890", "EUR", 1815, None, False, [885]),
    ],
    "camt053/genkgo_camt053.v2.with-account-name.xml": [
        ("253EURCH2801234000123456789", "CH2801234000123456789", "EUR", None, None, False, [885]),
    ],
    "camt053/genkgo_camt53.only-Dt-with-DtTm.xml": [
        ("I38y0h4YyLnQiOV6P7nEd44r2", "GB33BUKB20201555555555", "RON", 544209, None, False, []),
    ],
    "camt054/genkgo_camt054.v2.xml": [
        ("AAAASESS-FP-ACCR001", "CH2801234000123456789", "SEK", None, None, False, [-20000000]),
    ],
    "camt054/genkgo_camt054.v2.with-account-name.xml": [
        ("AAAASESS-FP-ACCR001", "CH2801234000123456789", "SEK", None, None, False, [-20000000]),
    ],
    "camt054/genkgo_camt054.v8-with-UETR.xml": [
        ("AAAASESS-FP-ACCR001", "CH2801234000123456789", "SEK", None, None, False, [-20000000]),
    ],
    "camt054/genkgo_camt054.v8-with-financial-institution.xml": [
        ("AAAASESS-FP-ACCR001", "CH2801234000123456789", "SEK", None, None, False, [-20000000]),
    ],
}

REFUSED = {
    "camt053/newinnovations_error.camt053.v02.xml": "'900,00' is the closing balance",
    "camt053/genkgo_camt053.v2.five.decimals.xml": "booked entries 8,85 make 27,00 EUR",
    "camt053/genkgo_camt053.v2.all-balance-types.xml": "'4,04' is the closing balance, but opening 1,01",
    "camt053/genkgo_camt053.v2.wrong.xml": "holds no statement (Stmt)",
    # Three transactions of 3.10, 3.20 and 3.20 francs in a batch that says 2 of together 6.30.
    "camt054/genkgo_camt054.v4.xml": "3 transactions add up to; the batch total says 6,30 CHF",
    "camt054/genkgo_camt054.v8.xml": "3 transactions add up to; the batch total says 6,30 CHF",
}

# Not valid by the published schema, though the sums are right: read, with a warning.
DEPARTS = {"camt053/abnamro_example_2013.camt053.v02.xml", "camt053/newinnovations_test.camt053.v02.xml"}


def test_no_bank_file_is_left_out() -> None:
    present = {f"{path.parent.name}/{path.name}" for path in BANKFILES.glob("camt05?/*.xml")}
    assert present == STATEMENTS.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", STATEMENTS)
def test_accounts_balances_and_entries_are_as_the_file_says(name: str) -> None:
    message = read(name)
    assert [
        (
            found.statement_id,
            found.account_iban or found.account_other,
            found.currency,
            found.opening.signed_cents if found.opening else None,
            found.closing.signed_cents if found.closing else None,
            found.proved,
            [entry.signed_cents for entry in found.entries],
        )
        for found in message.statements
    ] == STATEMENTS[name]
    assert bool(message.warnings) == (name in DEPARTS)
    assert all(found.entry_count == len(found.entries) for found in message.statements)
    assert all(e.status is EntryStatus.BOOKED for found in message.statements for e in found.entries)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bank_file_that_does_not_add_up_is_refused(name: str) -> None:
    [told] = refusals((BANKFILES / name).read_bytes())
    assert REFUSED[name] in told


def test_abn_amro_head_and_balances() -> None:
    message = read("camt053/abnamro_example_2013.camt053.v02.xml")
    assert (message.kind, message.version, message.message_id) == (MessageKind.CAMT053, 2, "0574908765.2013-04-02")
    assert message.created_at == datetime(2013, 4, 12, 10, 55, 8, tzinfo=AMSTERDAM)
    [statement] = message.statements
    assert (statement.electronic_sequence, statement.legal_sequence, statement.last_page) == (70, None, True)
    assert (statement.from_date, statement.to_date, statement.copy_duplicate) == (None, None, None)
    # ABN AMRO gives the previous closing (PRCD) and no opening balance.
    assert statement.opening == Balance("PRCD", 100001, IN, "EUR", date(2013, 3, 28))
    assert statement.closing == Balance("CLBD", 10001, IN, "EUR", date(2013, 4, 2))
    assert [balance.code for balance in statement.balances] == ["PRCD", "CLBD", "CLAV", *["FWAV"] * 5]
    assert statement.warnings == ()


def test_abn_amro_single_payments() -> None:
    entries = only("camt053/abnamro_example_2013.camt053.v02.xml").entries
    domestic, incoming, acceptgiro, ideal, outgoing = (entries[at] for at in (0, 1, 2, 4, 5))
    assert domestic.details == ()
    assert domestic.additional_info == "11.11.111.111 Naam Adres 7 2960 Dorp"
    assert domestic.bank_transaction_code == BankTransactionCode("PMNT", "RCDT", "NTAV", "N196", "ABNAMRO")
    assert domestic.account_servicer_reference == "2102830989503100038"
    assert (domestic.booking_date, domestic.value_date) == (date(2013, 4, 2), date(2013, 4, 2))
    assert only_detail(incoming).debtor == Party("NAAM", "NL46ABNA0499998748", None, "ABNANL2A")
    assert only_detail(incoming).end_to_end_id is None  # NOTPROVIDED
    assert only_detail(incoming).unstructured == ("OMSCHRIJVING",)
    assert only_detail(acceptgiro).structured == (StructuredReference("SCOR", "CUR", "1234567812345678"),)
    assert only_detail(ideal).end_to_end_id == "01-04-2013 21:01 0050001248302363"
    assert only_detail(ideal).message_id == "IN092112014"
    # The file breaks this text over two lines.
    assert only_detail(ideal).unstructured == ("2305271368 0050001248302363 pid2305271368t Mud Masters Mud Masters",)
    assert only_detail(outgoing).creditor == Party("Naam", "NL87SNSB0941352955", None, "SNSBNL2A")
    assert only_detail(outgoing).bank_transaction_code == BankTransactionCode("PMNT", "ICDT", "ESCT", "N658", "ABNAMRO")
    assert only_detail(entries[8]).mandate_id == "N000001861650"
    assert only_detail(entries[8]).end_to_end_id == "540193918971"


def test_abn_amro_batches_with_and_without_details() -> None:
    entries = only("camt053/abnamro_example_2013.camt053.v02.xml").entries
    assert entries[3].batch == Batch(None, "1202P5518750498B0AO", 10, 1000, "EUR", IN)
    assert [detail.amount_cents for detail in entries[3].details] == [100] * 10
    assert entries[6].batch == Batch(None, "1202P5518750499B0AO", 2, 200, "EUR", OUT)
    assert [(d.amount_cents, d.direction, d.end_to_end_id) for d in entries[6].details] == [(100, OUT, None)] * 2
    assert {detail.message_id for detail in entries[6].details} == {"1202P5518750499B0AO"}
    assert entries[7].batch == Batch(None, "1302P5518750499B0AO", 2, 200, "EUR", OUT)
    assert entries[7].details == ()
    collected = entries[9]
    assert [detail.end_to_end_id for detail in collected.details] == [f"SDD SIT 024-{n}" for n in range(1, 8)]
    assert {detail.payment_information_id for detail in collected.details} == {"BATCHID"}
    assert collected.details[1].account_servicer_reference == "1202P5518750498B0A0"
    assert collected.additional_info == "/TRTP/SEPA Incasso batch/PREF/BATCHID/NRTX/7/PIND/BRUTO"


def test_abn_amro_returns_carry_their_reason() -> None:
    refused, returned = only("camt053/abnamro_example_2013.camt053.v02.xml").entries[-2:]
    assert (refused.reversal, refused.direction, refused.booking_date) == (True, OUT, date(2012, 4, 2))
    assert only_detail(refused).returned == Return("MS03", None, None, ())
    assert only_detail(refused).payment_information_id == "PMTIDPAIN008"
    assert only_detail(refused).end_to_end_id == "1234567X908303803"
    assert only_detail(returned).returned == Return("MS03", None, None, ())
    assert only_detail(returned).amount_cents == 92100


def test_ing_head_balances_and_silent_batch() -> None:
    statement = only("camt053/ing_example_2014.camt053.v02.xml")
    assert (statement.electronic_sequence, statement.account_currency) == (3, "EUR")
    assert (statement.from_date, statement.to_date) == (date(2014, 1, 3), date(2014, 1, 3))
    assert statement.opening == Balance("OPBD", 100000, IN, "EUR", date(2014, 1, 3))
    assert statement.closing == Balance("CLBD", 160500, IN, "EUR", date(2014, 1, 3))
    outgoing = statement.entries[6]
    assert outgoing.batch == Batch("20140103MctBtchId2VZ", None, 2, None, None, OUT)
    assert outgoing.details == ()
    assert outgoing.entry_reference == "022224003708888999000000009"
    assert outgoing.bank_transaction_code == BankTransactionCode("PMNT", "ICDT", "ESCT", "00200", "INGGroup")


def test_ing_return_has_a_reason_but_not_our_reference() -> None:
    entries = only("camt053/ing_example_2014.camt053.v02.xml").entries
    returned = only_detail(entries[4])
    assert (entries[4].reversal, entries[4].direction) == (False, IN)
    assert entries[4].bank_transaction_code == BankTransactionCode("PMNT", "RCDT", "RRTN", "00190", "INGGroup")
    assert returned.returned == Return("AC04", None, None, ())
    assert returned.end_to_end_id is None
    assert returned.debtor == Party("INGTestrekening", "NL20INGB0005047249", None, "INGBNL2A")
    assert returned.unstructured == ("UstrdRemiInf127881778INGB9",)
    assert (returned.amount_cents, returned.currency) == (12500, "EUR")  # written at the entry only
    reversed_debit = entries[8]
    assert (reversed_debit.reversal, reversed_debit.value_date) == (True, date(2013, 12, 20))
    assert only_detail(reversed_debit).returned == Return("MD06", None, None, ())
    assert only_detail(entries[5]).structured == (StructuredReference("SCOR", "CUR", "1234567812345678"),)
    assert only_detail(entries[7]).mandate_id == "BBDDMdtESNTR"


def test_krijgsman_times_batch_and_foreign_counter_value() -> None:
    statement = only("camt053/krijgsman_sample.camt053.v02.xml")
    assert (statement.from_date, statement.account_iban) == (date(2010, 10, 18), None)
    received, batch, exchange = statement.entries
    assert received.booking_date == date(2010, 10, 18)
    assert only_detail(received).end_to_end_id == "MUELL/FINP/RA12345"
    assert only_detail(received).debtor == Party("MUELLER", None, None, None)
    assert batch.batch == Batch("FINP-0055/001", "FINP-0055", 20, None, None, OUT)
    assert only_detail(exchange).instruction_id == "FP-004567-FX"
    assert (only_detail(exchange).amount_cents, only_detail(exchange).currency) == (3000000, "SEK")


def test_newinnovations_references() -> None:
    shop, interest = only("camt053/newinnovations_test.camt053.v02.xml").entries
    assert shop.booking_date == date(2026, 3, 5)
    assert only_detail(shop).creditor == Party("Some Shop B.V.", "NL00ABNA0000000001", None, None)
    assert only_detail(interest).transaction_id == "TX-002"
    assert only_detail(interest).structured == (StructuredReference(None, None, "RF123456"),)
    assert (interest.bank_transaction_code, interest.additional_info) == (None, "Interest payment")


def test_genkgo_parties_ultimates_and_odd_inner_amounts() -> None:
    ultimate = only_detail(only("camt053/genkgo_camt053.v2.minimal.ultimate.xml").entries[0])
    assert (ultimate.ultimate_debtor, ultimate.ultimate_creditor) == ("DEBTOR NAME NM", "CREDITOR NAME NM")
    assert (ultimate.debtor, ultimate.creditor) == (None, None)
    gross = only("camt053/genkgo_camt053.v3.xml")
    assert only_detail(gross.entries[0]).amount_cents == 885  # 105.750 inside
    assert "has another amount inside its only transaction" in gross.warnings[0].what
    assert gross.entries[0].bank_transaction_code == BankTransactionCode("PMNT", "RCDT", "DMCT", "025132131", "BBA")
    newest = only("camt053/genkgo_camt053.v8.xml")
    assert newest.entries[0].booking_date == date(2014, 12, 31)
    assert newest.legal_sequence == 12312
    detail = only_detail(newest.entries[0])
    assert (detail.amount_cents, detail.currency) == (885, "EUR")  # 0 kronor inside
    assert detail.debtor == Party("NAME NAME", "NL56AGDH9619008421", None, None)
    assert detail.structured == (StructuredReference("SCOR", "BBA", "4654654654654654"),)
    assert [warning.what for warning in newest.warnings] == [
        "has no closing balance in EUR: that its entries are all there is not proved",
        "has no opening balance in SEK: that its entries are all there is not proved",
    ]
    assert only("camt053/genkgo_camt053.v2.minimal.xml").copy_duplicate == "CODU"


def test_genkgo_notifications() -> None:
    [entry] = only("camt054/genkgo_camt054.v2.xml").entries
    assert [detail.amount_cents for detail in entry.details] == [None, None, None]
    assert entry.details[2].unstructured == (
        "Unstructured Remittance Information V3 block 1",
        "Unstructured Remittance Information V3 block 2",
    )
    assert entry.details[0].structured == (StructuredReference("ISR Reference", None, "ISR ref number V1"),)
    assert entry.details[2].additional_remittance[1] == "Additional Remittance Information V3 block 2"
    [traced] = only("camt054/genkgo_camt054.v8-with-UETR.xml").entries
    assert only_detail(traced).uetr == "255ae394-9965-4438-ac86-f406feada396"
    assert (traced.booking_date, traced.bank_transaction_code) == (None, None)
    [bank] = only("camt054/genkgo_camt054.v8-with-financial-institution.xml").entries
    assert only_detail(bank).creditor == Party("Example Creditor 3 - V1", None, None, None)
    [named] = only("camt054/genkgo_camt054.v2.with-account-name.xml").entries
    assert only_detail(named).debtor == Party("MUELLER", "CH2801234000123456789", None, None)


def balance(code: str, amount: str, ind: str = "CRDT", currency: str = "EUR") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{ind}</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>"
    )


def ntry(amount: str, ind: str = "DBIT", details: str = "", status: str = "BOOK", currency: str = "EUR") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{ind}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-11-25</Dt></BookgDt><BkTxCd/>{details}</Ntry>"
    )


def tx(amount: str = "", currency: str = "EUR", end_to_end: str = "E1") -> str:
    amounts = f'<AmtDtls><TxAmt><Amt Ccy="{currency}">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    return f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{amounts}</TxDtls>"


def statement_xml(*parts: str, kind: str = "camt.053", version: int = 2, account: str = "NL02ABNA0123456789") -> str:
    body, container = {
        "camt.053": ("BkToCstmrStmt", "Stmt"),
        "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version:02d}"><{body}><GrpHdr><MsgId>M1</MsgId>'
        f"<CreDtTm>2026-11-25T20:00:00</CreDtTm></GrpHdr><{container}><Id>S1</Id>"
        f"<CreDtTm>2026-11-25T20:00:00</CreDtTm><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{''.join(parts)}</{container}></{body}></Document>"
    )


OPEN, CLOSE = balance("OPBD", "100.00"), balance("CLBD", "90.00")


def parsed(xml: str) -> Statement:
    [statement] = read_camt(xml.encode(), "bank.xml").statements
    return statement


def proved_with(*parts: str) -> Statement:
    return parsed(statement_xml(OPEN, CLOSE, *parts))


def dialect(version: int) -> str:
    """The same return of a batch payment, as each version has it."""
    new = version >= 8
    sts = "<Sts><Cd>BOOK</Cd></Sts>" if new else "<Sts>BOOK</Sts>"
    person = (lambda name: f"<Pty><Nm>{name}</Nm></Pty>") if new else (lambda name: f"<Nm>{name}</Nm>")
    bic = "BICFI" if version >= 3 else "BIC"
    amount = (
        '<Amt Ccy="EUR">4.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        if version >= 3
        else '<AmtDtls><TxAmt><Amt Ccy="EUR">4.00</Amt></TxAmt></AmtDtls>'
    )
    moment = "<DtTm>2026-11-24T23:30:00Z</DtTm>" if new else "<Dt>2026-11-25</Dt>"
    uetr = "<UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR>" if version >= 6 else ""
    first = (
        f"<TxDtls><Refs><PmtInfId>P1</PmtInfId><InstrId>I1</InstrId><EndToEndId>E1</EndToEndId>{uetr}</Refs>{amount}"
        f"<RltdPties><Dbtr>{person('Gemeente')}</Dbtr><UltmtDbtr>{person('B. Verzonnen')}</UltmtDbtr>"
        f"<Cdtr>{person('Energie BV')}</Cdtr><CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct></RltdPties>"
        f"<RltdAgts><CdtrAgt><FinInstnId><{bic}>ABNANL2A</{bic}></FinInstnId></CdtrAgt></RltdAgts>"
        "<Purp><Cd>ELEC</Cd></Purp><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>CUR</Issr>"
        "</Tp><Ref>5000056789012345</Ref></CdtrRefInf></Strd></RmtInf><RtrInf><OrgnlBkTxCd><Prtry><Cd>586</Cd></Prtry>"
        "</OrgnlBkTxCd><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>opgeheven</AddtlInf></RtrInf></TxDtls>"
    )
    second = f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount.replace('4.00', '6.00')}</TxDtls>"
    entry = (
        f'<Ntry><NtryRef>R1</NtryRef><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{sts}'
        f"<BookgDt>{moment}</BookgDt><ValDt>{moment}</ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd>"
        "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><Btch><PmtInfId>P1</PmtInfId><NbOfTxs>2</NbOfTxs>"
        f'<TtlAmt Ccy="EUR">10.00</TtlAmt></Btch>{first}{second}</NtryDtls></Ntry>'
    )
    return statement_xml(OPEN, CLOSE, entry, version=version)


@pytest.mark.parametrize("version", range(2, 13))
def test_every_version_says_the_same_in_its_own_dialect(version: int) -> None:
    message = read_camt(dialect(version).encode(), "bank.xml")
    [statement] = message.statements
    [entry] = statement.entries
    first, second = entry.details
    assert (message.version, statement.proved, statement.warnings) == (version, True, ())
    assert (entry.booking_date, entry.value_date) == (date(2026, 11, 25), date(2026, 11, 25))
    assert entry.batch == Batch("P1", None, 2, 1000, "EUR", OUT)
    assert first == Detail(
        amount_cents=400,
        currency="EUR",
        direction=OUT,
        end_to_end_id="E1",
        instruction_id="I1",
        transaction_id=None,
        payment_information_id="P1",
        message_id=None,
        mandate_id=None,
        uetr="eb6305c9-1f7f-49de-aed0-16487c27b42d" if version >= 6 else None,
        account_servicer_reference=None,
        bank_transaction_code=None,
        debtor=Party("Gemeente", None, None, None),
        creditor=Party("Energie BV", "NL91ABNA0417164300", None, "ABNANL2A"),
        ultimate_debtor="B. Verzonnen",
        ultimate_creditor=None,
        unstructured=(),
        structured=(StructuredReference("SCOR", "CUR", "5000056789012345"),),
        additional_remittance=(),
        purpose="ELEC",
        additional_info=None,
        returned=Return("AC04", None, BankTransactionCode(None, None, None, "586", None), ("opgeheven",)),
    )
    assert (second.amount_cents, second.end_to_end_id) == (600, None)
    has_schema = version in {2, 3, 4, 8}
    missing = f"was not compared with a schema: there is none here for camt.053.001.{version:02d}"
    assert [warning.what for warning in message.warnings] == ([] if has_schema else [missing])


def test_only_booked_entries_count() -> None:
    others = [ntry("7.00", status=status) for status in ("PDNG", "INFO", "FUTR", "<Cd>PDNG</Cd>")]
    statement = proved_with(ntry("10.00"), *others)
    assert statement.proved
    assert [entry.status.value for entry in statement.entries] == ["BOOK", "PDNG", "INFO", "FUTR", "PDNG"]
    assert "make 83,00 EUR" in refusals(statement_xml(OPEN, CLOSE, ntry("10.00"), ntry("7.00")))[0]


def test_a_status_of_the_banks_own_is_never_booked() -> None:
    statement = proved_with(ntry("10.00"), ntry("5.00", status="<Prtry>HOLD</Prtry>"))
    assert statement.entries[1].status is EntryStatus.OTHER
    assert "a status that is not known" in statement.warnings[0].what


def test_a_reversal_follows_its_direction() -> None:
    turned = ntry("10.00").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
    assert proved_with(turned).entries[0].signed_cents == -1000


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ([balance("PRCD", "100.00"), CLOSE], "PRCD", "CLBD"),
        ([OPEN, balance("PRCD", "100.00"), CLOSE], "OPBD", "CLBD"),
        ([OPEN, balance("ITBD", "90.00")], "OPBD", "ITBD"),
        ([balance("ITBD", "100.00"), CLOSE], "ITBD", "CLBD"),
        ([balance("ITBD", "100.00"), balance("ITBD", "90.00")], "ITBD", "ITBD"),
        ([CLOSE, OPEN, balance("CLAV", "5.00"), balance("FWAV", "6.00")], "OPBD", "CLBD"),
    ],
)
def test_the_opening_and_closing_balance_are_chosen(balances: list[str], opening: str, closing: str) -> None:
    statement = parsed(statement_xml(*balances, ntry("10.00")))
    assert statement.proved
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.code, statement.closing.code) == (opening, closing)


def test_an_overdrawn_account_is_proved_with_its_sign() -> None:
    below = parsed(statement_xml(balance("OPBD", "4.00"), balance("CLBD", "6.00", "DBIT"), ntry("10.00")))
    assert below.closing is not None
    assert (below.proved, below.closing.signed_cents) == (True, -600)


def test_without_balances_nothing_is_proved_and_that_is_said() -> None:
    statement = parsed(statement_xml(ntry("10.00")))
    assert (statement.opening, statement.closing, statement.proved) == (None, None, False)
    assert "has no opening and closing balance in EUR" in statement.warnings[0].what


def test_a_second_currency_is_proved_by_itself() -> None:
    dollars = balance("OPBD", "5.00", currency="USD"), balance("CLBD", "8.00", currency="USD")
    both = (OPEN, *dollars, CLOSE, ntry("10.00"))
    assert parsed(statement_xml(*both, ntry("3.00", "CRDT", currency="USD"))).proved
    assert "USD" in refusals(statement_xml(*both, ntry("2.00", "CRDT", currency="USD")))[0]


def test_two_different_opening_balances_are_refused_and_an_odd_previous_one_told() -> None:
    assert "two different amounts" in refusals(statement_xml(OPEN, balance("OPBD", "1.00"), CLOSE, ntry("10.00")))[0]
    told = parsed(statement_xml(OPEN, balance("PRCD", "1.00"), CLOSE, ntry("10.00"))).warnings
    assert "than the previous statement closed with" in told[0].what


def test_balances_after_the_entries_are_still_used() -> None:
    assert parsed(statement_xml(ntry("10.00"), OPEN, CLOSE)).proved


def batch(*details: str, count: str = "", total: str = "", ind: str = "") -> str:
    return f"<NtryDtls><Btch>{count}{total}{ind}</Btch>{''.join(details)}</NtryDtls>"


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (f"<NtryDtls>{tx('4.00')}{tx('5.00')}</NtryDtls>", "2 transactions add up to; the entry says 10,00 EUR"),
        (batch(tx("4.00"), tx("5.99")), "the entry says 10,00 EUR"),
        (batch(tx("0.00"), tx("0.00")), "the entry says 10,00 EUR"),
        (batch(total='<TtlAmt Ccy="EUR">9.00</TtlAmt>'), "is not the amount of the entry, 10,00"),
        (batch(tx("9.00"), count="<NbOfTxs>2</NbOfTxs>"), "1 transactions add up to"),
        (batch(tx("5.00", "USD"), tx("6.00", "USD"), total='<TtlAmt Ccy="USD">12.00</TtlAmt>'), "total says 12,00 USD"),
    ],
)
def test_details_that_do_not_add_up_are_told_where_the_balances_prove_the_entry(details: str, words: str) -> None:
    entry = ntry("10.00", details=details)
    found = proved_with(entry)
    assert (found.proved, [e.signed_cents for e in found.entries]) == (True, [-1000])
    [told] = [warning for warning in found.warnings if words in warning.what]
    assert "the balances prove the entry's own amount" in told.what
    assert (told.column or "").startswith("Stmt[1]/Ntry[1]/NtryDtls")
    # Without balances nothing says which of the two is right.
    assert [words in line for line in refusals(statement_xml(entry))] == [True]
    assert [words in line for line in refusals(statement_xml(entry, kind="camt.054"))] == [True]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (batch(tx("10.00"), tx("5.00"), tx("-5.00")), "TxDtls[3]/Amt: '-5.00' is not an amount"),
        (
            batch(tx("5.00"), tx("5.00"), count="<NbOfTxs>two</NbOfTxs>"),
            "NtryDtls/NbOfTxs: 'two' is not a whole number",
        ),
        (f"<NtryDtls>{tx('5.005')}{tx('5.00')}</NtryDtls>", "has a part of a cent"),
        (f"<NtryDtls>{tx('12,50')}</NtryDtls>", "is not an amount"),
    ],
)
def test_what_a_detail_says_and_cannot_be_read_is_refused(details: str, words: str) -> None:
    [told] = refusals(statement_xml(OPEN, CLOSE, ntry("10.00", details=details)))
    assert words in told


EMPTY_AMOUNT = '<AmtDtls><TxAmt><Amt Ccy="EUR"/></TxAmt></AmtDtls>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<BookgDt>", "<RvslInd/><BookgDt>"),
        ("<BookgDt><Dt>2026-11-25</Dt></BookgDt>", "<BookgDt/>"),
        ("<BookgDt><Dt>2026-11-25</Dt></BookgDt>", "<BookgDt><Dt/></BookgDt><ValDt/>"),
        ("<BkTxCd/>", "<NtryRef/><AcctSvcrRef/><BkTxCd><Domn/><Prtry><Cd/></Prtry></BkTxCd><Chrgs/>"),
        ("</TxDtls>", f"{EMPTY_AMOUNT}</TxDtls>"),
        ("</TxDtls>", '<Amt Ccy="EUR"> </Amt><CdtDbtInd/></TxDtls>'),
        ("</TxDtls>", "<RltdPties><Cdtr/><CdtrAcct><Id/></CdtrAcct></RltdPties><RmtInf/><Purp/><RtrInf/></TxDtls>"),
        ("<TxDtls>", "<TxDtls/><TxDtls>"),
        ("<NtryDtls>", '<NtryDtls><Btch><NbOfTxs/><TtlAmt Ccy="EUR"/><CdtDbtInd/></Btch>'),
        ("<Id>S1</Id>", "<Id>S1</Id><StmtPgntn/><ElctrncSeqNb/><LglSeqNb/><FrToDt/><CpyDplctInd/>"),
        ("<Id>S1</Id>", "<Id>S1</Id><FrToDt><FrDtTm/><ToDtTm/></FrToDt>"),
        ("<CreDtTm>2026-11-25T20:00:00</CreDtTm><Acct>", "<CreDtTm/><Acct>"),
        ("<CreDtTm>2026-11-25T20:00:00</CreDtTm></GrpHdr>", "<CreDtTm/><MsgPgntn><LastPgInd/></MsgPgntn></GrpHdr>"),
        ("<Ccy>EUR</Ccy>", "<Ccy/>"),
        ("<Bal>", "<Bal/><Bal>"),
        ("<Ntry>", "<TxsSummry><TtlNtries><NbOfNtries/></TtlNtries></TxsSummry><Ntry>"),
        ("<Dt><Dt>2026-11-25</Dt></Dt>", "<Dt/>"),
    ],
)
def test_what_no_rule_needs_may_be_empty(old: str, new: str) -> None:
    xml = statement_xml(OPEN, CLOSE, ntry("10.00", details=f"<NtryDtls>{tx()}</NtryDtls>"))
    assert old in xml
    found = parsed(xml.replace(old, new, 1))
    assert (found.proved, found.entries[0].signed_cents, found.warnings) == (True, -1000, ())
    [detail] = found.entries[0].details
    assert (detail.amount_cents, detail.direction, detail.end_to_end_id, detail.returned) == (1000, OUT, "E1", None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<Id>S1</Id>", "<Id/>", "line 1, column Stmt[1]/Id: is missing"),
        ("<Acct><Id><IBAN>NL02ABNA0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>", "<Acct/>", "Stmt[1]/Acct: is empty"),
        ("<IBAN>NL02ABNA0123456789</IBAN>", "<IBAN/>", "Stmt[1]/Acct/Id: is missing"),
        ("<Id>S1</Id>", "<Id>S1</Id><ElctrncSeqNb>een</ElctrncSeqNb>", "Stmt[1]/ElctrncSeqNb: 'een' is not a whole"),
        ('<Ntry><Amt Ccy="EUR">10.00</Amt>', '<Ntry><Amt Ccy="EUR"/>', "Stmt[1]/Ntry[1]/Amt: is empty"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd/>", "Stmt[1]/Ntry[1]/CdtDbtInd: is empty"),
        ("<Sts>BOOK</Sts>", "<Sts/>", "Stmt[1]/Ntry[1]/Sts: is missing"),
        ('<Amt Ccy="EUR">100.00</Amt>', '<Amt Ccy="EUR"/>', "Stmt[1]/Bal/Amt: is empty"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd/>", "Stmt[1]/Bal/CdtDbtInd: is empty"),
        ("<Cd>OPBD</Cd>", "<Cd/>", "Stmt[1]/Bal/Tp: is missing"),
    ],
)
def test_what_a_rule_needs_is_refused_by_its_own_name_and_place(old: str, new: str, told: str) -> None:
    xml = statement_xml(OPEN, CLOSE, ntry("10.00", details=f"<NtryDtls>{tx('10.00')}</NtryDtls>"))
    assert old in xml
    [said] = refusals(xml.replace(old, new, 1))
    assert told in said


def test_an_entry_that_says_its_direction_after_its_transactions_is_refused() -> None:
    way = "<CdtDbtInd>DBIT</CdtDbtInd>"
    late = ntry("10.00", details=f"<NtryDtls>{tx('10.00')}</NtryDtls>").replace(way, "")
    late = late.replace("</Ntry>", f"{' ' * 70_000}{way}</Ntry>")  # more than is read at once
    [told] = refusals(statement_xml(OPEN, CLOSE, late))
    assert "Stmt[1]/Ntry[1]/CdtDbtInd: must stand before the transactions" in told


@pytest.mark.parametrize("written", ["2026-11-25", "2026-11-25T20:00", "gisteren"])
@pytest.mark.parametrize(
    ("old", "place"),
    [
        ("<CreDtTm>2026-11-25T20:00:00</CreDtTm></GrpHdr>", "GrpHdr/CreDtTm"),
        ("<CreDtTm>2026-11-25T20:00:00</CreDtTm><Acct>", "Stmt[1]/CreDtTm"),
        ("<FrDtTm>2026-11-25T00:00:00</FrDtTm>", "Stmt[1]/FrToDt/FrDtTm"),
        ("<ToDtTm>2026-11-25T23:59:59</ToDtTm>", "Stmt[1]/FrToDt/ToDtTm"),
        ("<ValDt><DtTm>2026-11-25T00:00:00</DtTm></ValDt>", "Stmt[1]/Ntry[1]/ValDt/DtTm"),
        ("<Dt><DtTm>2026-11-24T00:00:00</DtTm></Dt>", "Stmt[1]/Bal/Dt/DtTm"),
    ],
)
def test_a_date_on_which_no_rule_rests_is_told_and_the_statement_read(old: str, place: str, written: str) -> None:
    opening = OPEN.replace("<Dt>2026-11-25</Dt>", "<DtTm>2026-11-24T00:00:00</DtTm>")
    period = "<FrToDt><FrDtTm>2026-11-25T00:00:00</FrDtTm><ToDtTm>2026-11-25T23:59:59</ToDtTm></FrToDt>"
    entry = ntry("10.00").replace("<BkTxCd/>", "<ValDt><DtTm>2026-11-25T00:00:00</DtTm></ValDt><BkTxCd/>")
    xml = statement_xml(period, opening, CLOSE, entry)
    assert xml.count(old) == 1
    before, _, after = old.partition("2026-11-2")
    message = read_camt(xml.replace(old, f"{before}{written}{after[after.index('<') :]}").encode(), "bank.xml")
    [found] = message.statements
    schema = [w for w in message.warnings if "schema" in w.what]
    [told] = [w for w in (*message.warnings, *found.warnings) if w not in schema]
    assert (told.column, told.value) == (place, written)
    assert ("is left out" in told.what) == (written == "gisteren")
    assert (found.proved, found.entries[0].booking_date) == (True, date(2026, 11, 25))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<BookgDt><Dt>2026-11-25</Dt></BookgDt>", "<BookgDt><Dt>ooit</Dt></BookgDt>"),
        ("<BookgDt><Dt>2026-11-25</Dt></BookgDt>", "<ValDt><Dt>ooit</Dt></ValDt>"),
    ],
)
def test_a_date_on_which_a_booking_rests_is_refused(old: str, new: str) -> None:
    [told] = refusals(statement_xml(OPEN, CLOSE, ntry("10.00")).replace(old, new))
    assert "/Dt: 'ooit' is not a date like 2026-11-25" in told
    assert parsed(statement_xml(OPEN, OPEN.replace("OPBD", "CLBD"), ntry("10.00", status="PDNG")).replace(old, new))


def test_the_day_of_a_statement_is_never_left_out() -> None:
    undated = CLOSE.replace("2026-11-25", "ooit")
    [told] = refusals(statement_xml(OPEN, undated, ntry("10.00")))
    assert "Stmt[1]/Bal/Dt/Dt: 'ooit'" in told
    period = "<FrToDt><FrDtTm>ooit</FrDtTm><ToDtTm>ooit</ToDtTm></FrToDt>"
    [told] = refusals(statement_xml(period, ntry("10.00"), kind="camt.054"))
    assert "Ntfctn[1]/FrToDt/ToDtTm: 'ooit'" in told


def test_a_batch_that_adds_up_is_read_in_every_shape() -> None:
    two_groups = batch(tx("4.00"), total='<TtlAmt Ccy="EUR">4.00</TtlAmt>') + batch(tx("6.00"))
    entry = proved_with(ntry("10.00", details=two_groups)).entries[0]
    assert ([d.amount_cents for d in entry.details], len(entry.batches), entry.batch) == ([400, 600], 2, None)
    net = tx("12.00") + tx("2.00").replace("<AmtDtls>", "<CdtDbtInd>CRDT</CdtDbtInd><AmtDtls>")
    assert proved_with(ntry("10.00", details=f"<NtryDtls>{net}</NtryDtls>")).warnings == ()


def test_what_is_odd_in_a_batch_but_costs_no_cent_is_told() -> None:
    counted = batch(tx("4.00"), tx("6.00"), count="<NbOfTxs>3</NbOfTxs>")
    [told] = proved_with(ntry("10.00", details=counted)).warnings
    assert told.what == "announces 3 transactions and lists 2"
    assert told.column == "Stmt[1]/Ntry[1]"
    turned = "".join(tx(a).replace("<AmtDtls>", "<CdtDbtInd>CRDT</CdtDbtInd><AmtDtls>") for a in ("4.00", "6.00"))
    assert "opposite direction" in proved_with(ntry("10.00", details=f"<NtryDtls>{turned}</NtryDtls>")).warnings[0].what
    half = proved_with(ntry("10.00", details=f"<NtryDtls>{tx('4.00')}{tx()}</NtryDtls>"))
    assert [detail.amount_cents for detail in half.entries[0].details] == [400, None]
    assert "without an amount in EUR" in half.warnings[0].what


def test_the_summary_of_a_batch_is_not_its_only_payment() -> None:
    unlisted = batch(tx(), count="<NbOfTxs>20</NbOfTxs>")
    assert proved_with(ntry("10.00", details=unlisted)).entries[0].details[0].amount_cents is None


@pytest.mark.parametrize("inner", ["0", "12.50", "9.99999"])
def test_the_amount_of_an_only_transaction_is_the_entrys(inner: str) -> None:
    foreign = "KWD" if inner == "9.99999" else "EUR"
    detail = only_detail(proved_with(ntry("10.00", details=f"<NtryDtls>{tx(inner, foreign)}</NtryDtls>")).entries[0])
    assert (detail.amount_cents, detail.currency, detail.direction) == (1000, "EUR", OUT)


def test_a_notification_needs_no_balances() -> None:
    [found] = read_camt(statement_xml(ntry("10.00"), kind="camt.054").encode(), "bank.xml").statements
    assert (found.opening, found.proved, found.warnings, found.currency) == (None, False, (), "EUR")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<Id>S1</Id>", "", "Id: is missing"),
        ("<IBAN>NL02ABNA0123456789</IBAN>", "", "whose statement is it?"),
        ("<Sts>BOOK</Sts>", "", "is this entry booked?"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "", "CdtDbtInd: is missing"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd>DEBIT</CdtDbtInd>", "neither CRDT nor DBIT"),
        ('<Ntry><Amt Ccy="EUR">', "<Ntry><Amt>", "needs a currency"),
        ('<Ntry><Amt Ccy="EUR">', '<Ntry><Amt Ccy="euro">', "needs a currency"),
        ("<Ntry><Amt", '<Ntry><Amt Ccy="EUR">10.00</Amt><Amt', "stands here twice"),
        ("<Id>S1</Id>", "<Id>S1</Id><Id>S2</Id>", "stands here twice"),
        ("</Ntry>", "</Ntry><ElctrncSeqNb>4</ElctrncSeqNb>", "must stand before the entries"),
        ("</Ntry>", "</Ntry><NtryDtls/>", "must stand inside an entry"),
        ("</Ntry>", "</Ntry><Other><NtryDtls><TxDtls/></NtryDtls></Other>", "must stand inside an entry"),
        ("2026-11-25</Dt></BookgDt>", "2026-11-31</Dt></BookgDt>", "is not a date"),
        ("<BookgDt>", "<RvslInd>perhaps</RvslInd><BookgDt>", "neither true nor false"),
        ("<GrpHdr>", "<GrpHdr/><GrpHdr>", "must stand once"),
    ],
)
def test_what_money_or_identity_hangs_on_is_never_guessed(old: str, new: str, words: str) -> None:
    xml = statement_xml(OPEN, CLOSE, ntry("10.00"))
    assert old in xml
    assert any(words in told for told in refusals(xml.replace(old, new, 1)))


def test_a_missing_message_id_is_only_told() -> None:
    message = read_camt(statement_xml(OPEN, CLOSE, ntry("10.00")).replace("<MsgId>M1</MsgId>", "").encode(), "b.xml")
    assert message.message_id is None
    assert message.warnings[0].column == "GrpHdr/MsgId"


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    entries = ntry("1,00") + ntry("10.00") + ntry("2.00", status="") + ntry("3.00", details=batch(tx("1"), tx("1")))
    told = refusals(statement_xml(OPEN, CLOSE, entries).replace("<Ntry>", "\n<Ntry>"))
    assert [line.split(": ")[0] for line in told] == [
        "bank.xml, line 2, column Stmt[1]/Ntry[1]/Amt",
        "bank.xml, line 4, column Stmt[1]/Ntry[3]/Sts",
        "bank.xml, line 5, column Stmt[1]/Ntry[4]/NtryDtls/TxDtls",
    ]
    many = refusals(statement_xml(OPEN, CLOSE, ntry("1,00") * 150))
    assert (len(many), many[-1]) == (101, "bank.xml: and 50 more of these")


def test_entries_that_a_summary_announces_but_are_not_there_are_told() -> None:
    summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"
    assert "announces 2 entries" in proved_with(summary, ntry("10.00")).warnings[0].what


def test_a_page_that_goes_on_elsewhere_says_so() -> None:
    paged = statement_xml(OPEN, balance("ITBD", "90.00"), ntry("10.00"))
    pages = "<MsgPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>"
    assert not parsed(paged.replace("</GrpHdr>", pages)).last_page
    own = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
    assert not parsed(paged.replace("<Id>S1</Id>", f"<Id>S1</Id>{own}")).last_page
    assert parsed(paged).last_page


def test_pain002_is_no_statement() -> None:
    [told] = refusals((BANKFILES / "pain002/nordea_pain_002_v3_txn_reject.xml").read_bytes())
    assert "is not camt.053 or camt.054" in told


def test_a_stream_hands_out_head_entries_and_end_in_order() -> None:
    xml = statement_xml(OPEN, CLOSE, ntry("4.00"), ntry("6.00")).encode()
    events = list(stream_camt(io.BytesIO(xml), "bank.xml"))
    assert [type(event) for event in events] == [MessageStart, StatementStart, Entry, Entry, StatementEnd]
    assert read_camt(io.BytesIO(xml), "bank.xml") == read_camt(xml, "bank.xml")


def test_after_the_first_problem_no_entry_comes_out_any_more() -> None:
    given_out: list[CamtEvent] = []
    with pytest.raises(InputRefused):
        given_out.extend(stream_camt(statement_xml(ntry("1.00"), ntry("x"), ntry("2.00")).encode(), "bank.xml"))
    assert [event.amount_cents for event in given_out if isinstance(event, Entry)] == [100]


def test_one_entry_with_very_many_transactions_is_read() -> None:
    many = "".join(tx("0.01", end_to_end=f"E{number}") for number in range(20_000))
    [entry] = parsed(
        statement_xml(balance("OPBD", "0"), balance("CLBD", "200.00", "DBIT"), ntry("200.00", details=batch(many)))
    ).entries
    assert (len(entry.details), entry.details[-1].end_to_end_id) == (20_000, "E19999")


SEEDS = [dialect(2).encode(), dialect(8).encode(), statement_xml(ntry("1.00"), kind="camt.054").encode()]
FRAGMENTS = [b"<", b">", b"&x;", b"<!DOCTYPE d>", b"</Ntry>", b"<Ntry>", b"\xff\xfe", b"\0", b"<![CDATA[", b"-1"]


def outcome(data: bytes) -> tuple[object, ...]:
    try:
        return read_camt(data, "bank.xml").statements
    except InputRefused as refused:
        return tuple(str(problem) for problem in refused.problems)


@given(
    seed=st.sampled_from(SEEDS),
    at=st.integers(0, 3000),
    length=st.integers(0, 60),
    put=st.one_of(st.binary(max_size=8), st.sampled_from(FRAGMENTS)),
)
def test_damaged_bytes_are_read_or_refused_and_nothing_else(seed: bytes, at: int, length: int, put: bytes) -> None:
    at %= len(seed)
    assert outcome(seed[:at] + put + seed[at + length :])


@given(cents=st.lists(st.tuples(st.integers(0, 10**9), st.booleans()), min_size=1, max_size=8), off=st.integers(-2, 2))
def test_a_statement_is_accepted_exactly_when_it_adds_up(cents: list[tuple[int, bool]], off: int) -> None:
    entries = [
        ntry(f"{amount // 100}.{amount % 100:02d}", "CRDT" if incoming else "DBIT") for amount, incoming in cents
    ]
    closing = 10**8 + sum(amount if incoming else -amount for amount, incoming in cents) + off
    ind = "CRDT" if closing >= 0 else "DBIT"
    xml = statement_xml(
        balance("OPBD", "1000000"), balance("CLBD", f"{abs(closing) // 100}.{abs(closing) % 100:02d}", ind), *entries
    )
    if off:
        assert "is the closing balance" in refusals(xml)[0]
    else:
        assert parsed(xml).proved
