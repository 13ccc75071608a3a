"""Status reports: what the bank refused on which level, and what is not a refusal at all."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bank.pain002 import (
    Level,
    PaymentInformationStatus,
    StatusReason,
    StatusReport,
    TransactionStatus,
    read_pain002,
    rejections,
)
from payments.calendar import AMSTERDAM
from payments.problems import InputRefused

BANKFILES = Path(__file__).parent / "bankfiles" / "pain002"
CAP = StatusReason("NARR", None, ("CAP Invalid code or combinations in CategoryPurpose or ServiceLevel",))


def read(name: str) -> StatusReport:
    return read_pain002((BANKFILES / name).read_bytes(), name)


def rejected_transaction(number: str) -> TransactionStatus:
    return TransactionStatus(
        f"ENDTOENDID-950-TEST2-2807-{number}",
        f"INSTRID-950-TEST2-2807-{number}",
        None,
        "RJCT",
        (CAP,),
        None,
        None,
        None,
        None,
    )


def test_no_bank_file_is_left_out() -> None:
    assert {path.name for path in BANKFILES.iterdir()} == {
        "nordea_pain_002_v3_group_reject.xml",
        "nordea_pain_002_v3_payment_reject.xml",
        "nordea_pain_002_v3_txn_reject.xml",
    }


def test_nordea_refuses_a_whole_file() -> None:
    report = read("nordea_pain_002_v3_group_reject.xml")
    assert report == StatusReport(
        version=3,
        message_id="XML990920150810101909283",
        created_at=datetime(2015, 8, 10, 10, 19, 9, tzinfo=AMSTERDAM),
        original_message_id="MSGID-PS-TEST-0708-01",
        original_message_name="pain.001.001.03",
        group_status="RJCT",
        reasons=(StatusReason("DU01", None, ("ISO Duplicate Message ID",)),),
        payment_informations=(),
        warnings=(),
    )
    [rejection] = rejections(report)
    assert (rejection.level, rejection.original_message_id) == (Level.GROUP, "MSGID-PS-TEST-0708-01")
    assert rejection.reasons_of("any payment of the file") == report.reasons


def test_nordea_refuses_a_block() -> None:
    report = read("nordea_pain_002_v3_payment_reject.xml")
    assert report.created_at == datetime(2015, 7, 17, 17, 8, 14, tzinfo=AMSTERDAM)  # 15:08:14Z
    assert (report.original_message_id, report.group_status) == ("MSGID-COM-SCE25-1707-01", None)
    assert report.payment_informations == (PaymentInformationStatus("PMTINFID-COM-SCE25-1707-01", "RJCT", (CAP,), ()),)
    [rejection] = rejections(report)
    assert rejection.level is Level.PAYMENT_INFORMATION
    assert rejection.payment_information_id == "PMTINFID-COM-SCE25-1707-01"
    assert rejection.reasons_of("any payment of the block") == (CAP,)


def test_nordea_refuses_a_block_and_names_its_payments() -> None:
    report = read("nordea_pain_002_v3_txn_reject.xml")
    payments = (rejected_transaction("02"), rejected_transaction("01"))
    assert report.message_id == "XML990920150728124014189"
    assert report.payment_informations == (
        PaymentInformationStatus("PMTINFID-950-TEST2-2807-01", "RJCT", (), payments),
    )
    [rejection] = rejections(report)
    assert (rejection.level, rejection.reasons, rejection.mentioned) == (Level.PAYMENT_INFORMATION, (), payments)
    assert rejection.reasons_of("ENDTOENDID-950-TEST2-2807-01") == (CAP,)


def payment(end_to_end: str, status: str, reason: str = "", reference: str = "") -> str:
    reasons = f"<StsRsnInf><Rsn>{reason}</Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlInstrId>I-{end_to_end}</OrgnlInstrId><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{reasons}{reference}</TxInfAndSts>"
    )


def block(status: str, *payments: str, name: str = "B1") -> str:
    own = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{name}</OrgnlPmtInfId>{own}{''.join(payments)}</OrgnlPmtInfAndSts>"


def report_xml(*blocks: str, group: str = "", version: int = 10) -> str:
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version:02d}"><CstmrPmtStsRpt><GrpHdr>'
        "<MsgId>R1</MsgId><CreDtTm>2026-11-25T15:00:00+01:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        "<OrgnlMsgId>ASSEN-202611-01-001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{status}</OrgnlGrpInfAndSts>{''.join(blocks)}</CstmrPmtStsRpt></Document>"
    )


def parsed(xml: str) -> StatusReport:
    return read_pain002(xml.encode(), "bank.xml")


def refusals(xml: str) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        parsed(xml)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("version", [3, 4, 9, 10, 11, 12, 13, 14])
def test_one_refused_payment_among_others_in_every_version(version: int) -> None:
    name = "<Pty><Nm>Energie BV</Nm></Pty>" if version >= 9 else "<Nm>Energie BV</Nm>"
    original = (
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">85.00</InstdAmt></Amt><Cdtr>{name}</Cdtr><CdtrAcct><Id>'
        "<IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct></OrgnlTxRef>"
    )
    refused = payment("E2", "RJCT", "<Cd>AC04</Cd>", original)
    report = parsed(report_xml(block("PART", payment("E1", "ACSC"), refused), group="PART", version=version))
    [rejection] = rejections(report)
    assert (rejection.level, rejection.payment_information_id) == (Level.TRANSACTION, "B1")
    assert rejection.mentioned == (
        TransactionStatus(
            "E2",
            "I-E2",
            None,
            "RJCT",
            (StatusReason("AC04", None, ()),),
            8500,
            "EUR",
            "Energie BV",
            "NL91ABNA0417164300",
        ),
    )
    told = [warning.what for warning in report.warnings]
    assert told == (
        []
        if version in {3, 10, 12}
        else [f"was not compared with a schema: there is none here for pain.002.001.{version:02d}"]
    )


def test_a_refused_file_takes_everything_along_and_keeps_each_reason() -> None:
    report = parsed(report_xml(block("RJCT", payment("E1", "RJCT", "<Cd>AC01</Cd>")), group="RJCT"))
    [rejection] = rejections(report)
    assert rejection.level is Level.GROUP
    assert [reason.code for reason in rejection.reasons_of("E1")] == ["AC01"]


def test_only_the_refused_block_of_two_is_refused() -> None:
    report = parsed(report_xml(block("RJCT"), block("ACCP", payment("E9", "RJCT"), name="B2")))
    assert [(found.level, found.payment_information_id) for found in rejections(report)] == [
        (Level.PAYMENT_INFORMATION, "B1"),
        (Level.TRANSACTION, "B2"),
    ]


@pytest.mark.parametrize(
    "status",
    [
        "ACTC",
        "ACCP",
        "ACSP",
        "ACSC",
        "ACWC",
        "ACCC",
        "PDNG",
        "RCVD",
        "PART",
        "PATC",
        "RCVC",
        "RVMC",
        "RVNM",
        "RVNA",
        "RVCM",
        "RVNC",
    ],
)
def test_a_status_on_the_way_or_of_the_name_check_refuses_nothing(status: str) -> None:
    report = parsed(report_xml(block(status, payment("E1", status)), group=status))
    assert (rejections(report), report.warnings) == ((), ())


@pytest.mark.parametrize("status", ["CANC", "BLCK", "XXXX", "rjct"])
def test_a_status_that_is_neither_is_kept_and_told(status: str) -> None:
    report = parsed(report_xml(block("", payment("E1", status))))
    assert rejections(report) == ()
    assert report.payment_informations[0].transactions[0].status == status
    assert "a person must look at it" in report.warnings[0].what


def test_a_bank_of_own_words_is_understood_as_far_as_it_goes() -> None:
    own = payment("NOTPROVIDED", "RJCT", "<Prtry>Rekening onbekend</Prtry>")
    [found] = parsed(report_xml(block("", own))).payment_informations[0].transactions
    assert (found.original_end_to_end_id, found.reasons) == (None, (StatusReason(None, "Rekening onbekend", ()),))


def test_valid_payments_may_stand_in_a_refused_block_but_paid_ones_may_not() -> None:
    assert rejections(parsed(report_xml(block("RJCT", payment("E1", "ACTC")))))[0].level is Level.PAYMENT_INFORMATION
    paid = payment("E1", "ACSC")
    for contradiction in (report_xml(block("RJCT", paid)), report_xml(block("", paid), group="RJCT")):
        assert "'ACSC' says that something is paid" in refusals(contradiction)[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<OrgnlMsgId>ASSEN-202611-01-001</OrgnlMsgId>", "", "which file or block of ours"),
        ("<OrgnlPmtInfId>B1</OrgnlPmtInfId>", "", "which file or block of ours"),
        ("<TxSts>RJCT</TxSts>", "<TxSts>RJCT</TxSts><TxSts>ACSC</TxSts>", "stands here twice"),
        ("<PmtInfSts>PART</PmtInfSts>", "<PmtInfSts>PART</PmtInfSts><PmtInfSts>RJCT</PmtInfSts>", "stands here twice"),
        ("<OrgnlGrpInfAndSts>", "<OrgnlGrpInfAndSts/><OrgnlGrpInfAndSts>", "stands here twice"),
        ("pain.002.001.10", "pain.002.001.02", "version .02, which is not read"),
        ("</CstmrPmtStsRpt>", "", "is not XML"),
    ],
)
def test_what_the_answer_hangs_on_is_never_guessed(old: str, new: str, words: str) -> None:
    xml = report_xml(block("PART", payment("E1", "RJCT")))
    assert old in xml
    assert any(words in told for told in refusals(xml.replace(old, new, 1)))


@pytest.mark.parametrize("written", ["2026-11-25", "2026-11-25T15:00", "2026-11-25 15:00:00"])
def test_a_time_of_making_that_is_not_standard_is_told_and_the_report_read(written: str) -> None:
    xml = report_xml(block("PART", payment("E1", "RJCT"))).replace("2026-11-25T15:00:00+01:00", written)
    assert written in xml
    report = parsed(xml)
    assert report.created_at is not None
    assert report.created_at.date().isoformat() == "2026-11-25"
    assert ("GrpHdr/CreDtTm", written) in [(warning.column, warning.value) for warning in report.warnings]
    assert len(rejections(report)) == 1


def test_an_amount_that_a_report_repeats_may_be_empty() -> None:
    repeated = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR"/></Amt><Cdtr/><CdtrAcct/></OrgnlTxRef>'
    report = parsed(report_xml(block("PART", payment("E1", "RJCT", reference=repeated))))
    [found] = report.payment_informations[0].transactions
    assert (found.amount_cents, found.currency, found.creditor_iban) == (None, None, None)


def test_a_statement_is_no_status_report() -> None:
    statement = BANKFILES.parent / "camt053" / "ing_example_2014.camt053.v02.xml"
    with pytest.raises(InputRefused, match="1 problem"):
        read_pain002(statement.read_bytes(), "bank.xml")


def test_a_stream_reads_like_its_bytes() -> None:
    data = (BANKFILES / "nordea_pain_002_v3_txn_reject.xml").read_bytes()
    assert read_pain002(io.BytesIO(data), "bank.xml") == read_pain002(data, "bank.xml")


def outcome(data: bytes) -> str:
    try:
        return read_pain002(data, "bank.xml").original_message_id
    except InputRefused as refused:
        return "; ".join(str(problem) for problem in refused.problems)


SEED = report_xml(block("PART", payment("E1", "RJCT", "<Cd>AC04</Cd>"))).encode()


@given(at=st.integers(0, len(SEED) - 1), length=st.integers(0, 40), put=st.binary(max_size=8))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(at: int, length: int, put: bytes) -> None:
    assert outcome(SEED[:at] + put + SEED[at + length :])
