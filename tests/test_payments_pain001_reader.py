from datetime import date
from pathlib import Path

import pytest
from support.pain001_examples import ENERGY_IBAN, FILE, FROM_OTHERS, GEMEENTE_IBAN, LANDLORD_IBAN

from payments.pain001.reader import (
    AddressRead,
    MessageRead,
    PaymentInformationRead,
    StructuredRead,
    TransactionRead,
    read,
)
from payments.pain001.writer import render

OURS = render(FILE)


def test_a_file_that_others_made_is_read_as_a_person_reads_it():
    amsterdam = AddressRead("Amsterdam", "NL", (("PstCd", "1015 CS"), ("AdrLine", "Keizersgracht 62")))
    transaction = TransactionRead(
        end_to_end_id="MTB-2026-0921-01",
        amount_cents=76_430,
        currency="EUR",
        creditor_name="Staalhandel Zuid",
        creditor_iban="NL93JFZI0849932270",
        creditor_bic="KEMPNLV0",
        address=AddressRead("Eindhoven", "NL", (("PstCd", "5611 AB"),)),
        ultimate_debtor=None,
        unstructured=(),
        structured=(StructuredRead("SCOR", "CUR", "1234567890123456"),),
    )
    block = PaymentInformationRead(
        payment_information_id="SCT-20260921-NL-01",
        method="TRF",
        batch_booking=False,
        transactions_stated=1,
        control_sum_cents=76_430,
        service_level="SEPA",
        category_purpose=None,
        charge_bearer="SLEV",
        execution_date=date(2026, 9, 22),
        debtor_name="Molen Techniek BV",
        debtor_address=amsterdam,
        debtor_iban="NL58HDNL0657267333",
        debtor_bic="VXOONL70",
        transactions=(transaction,),
    )
    assert read(FROM_OTHERS.read_bytes()) == MessageRead(
        message_id="MTB-SCT-20260921",
        created_at="2026-09-21T10:00:00",
        transactions_stated=1,
        control_sum_cents=76_430,
        initiating_party="Molen Techniek BV",
        initiating_address=amsterdam,
        payment_informations=(block,),
    )


def test_our_own_file_is_read_in_its_order():
    message = read(OURS)
    (block,) = message.payment_informations
    assert (block.debtor_iban, block.batch_booking, block.execution_date) == (GEMEENTE_IBAN, True, date(2026, 11, 25))
    assert [transaction.amount_cents for transaction in message.transactions] == [65_012, 11_800, 14_755]
    assert [transaction.creditor_iban for transaction in message.transactions][:2] == [LANDLORD_IBAN, ENERGY_IBAN]
    assert message.transactions[1].structured == (StructuredRead("SCOR", "CUR", "5000056789012345"),)
    assert message.transactions[0].address is None


def test_a_category_purpose_is_seen():
    purpose = b"</SvcLvl><CtgyPurp><Cd>SSBE</Cd></CtgyPurp></PmtTpInf>"
    message = read(OURS.replace(b"</SvcLvl></PmtTpInf>", purpose))
    assert message.payment_informations[0].category_purpose == "SSBE"


def test_layout_between_elements_means_nothing():
    assert read(OURS.replace(b"><", b">\n  <")) == read(OURS)


REFUSED = {
    "an amount with a comma": (b"650.12", b"650,12", r"CdtTrfTxInf\[1\]/Amt/InstdAmt \(line 1\) is not an amount"),
    "an amount with one decimal": (b"650.12", b"650.1", "InstdAmt .* is not an amount"),
    "an amount with three decimals": (b"650.12", b"650.120", "InstdAmt .* is not an amount"),
    "an amount without decimals": (b"650.12", b"650", "InstdAmt .* is not an amount"),
    "a negative amount": (b"650.12", b"-650.12", "InstdAmt .* is not an amount"),
    "an amount with leading zeros": (b"650.12", b"0650.12", "InstdAmt .* is not an amount"),
    "an amount with spaces": (b"650.12", b" 650.12", "InstdAmt .* is not an amount"),
    "an amount in other digits": (b"650.12", "٦٥٠.12".encode(), "InstdAmt .* is not an amount"),
    "an exponent": (b"650.12", b"6.50e2", "InstdAmt .* is not an amount"),
    "a sum with a sign": (b"<CtrlSum>915.67", b"<CtrlSum>+915.67", "CtrlSum .* is not an amount"),
    "a count in words": (b"<NbOfTxs>3<", b"<NbOfTxs>drie<", "NbOfTxs .* is not a number"),
    "a date that does not exist": (b"2026-11-25", b"2026-11-31", "ReqdExctnDt/Dt .* is not a date"),
    "a time instead of a date": (b"<Dt>2026-11-25</Dt>", b"<DtTm>2026-11-25T10:00:00</DtTm>", "holds DtTm"),
    "booking as a number": (b"<BtchBookg>true<", b"<BtchBookg>1<", "neither true nor false"),
    "a second creditor": (b"</Cdtr>", b"</Cdtr><Cdtr><Nm>Ander</Nm></Cdtr>", r"Cdtr\[2\] .* only once"),
    "a creditor without name": (b"<Nm>Zorgwel Verzekeringen</Nm>", b"", r"CdtTrfTxInf\[3\]/Cdtr .* has no Nm"),
    "an empty name": (b"<Nm>Zorgwel Verzekeringen</Nm>", b"<Nm/>", "Cdtr/Nm .* is not one plain text"),
    "a birth date of the client": (
        b"<Nm>Gulsah Demir</Nm>",
        b"<Nm>Gulsah Demir</Nm><Id><PrvtId/></Id>",
        "UltmtDbtr .* holds Id",
    ),
    "an instant payment": (b"</SvcLvl>", b"</SvcLvl><LclInstrm><Cd>INST</Cd></LclInstrm>", "holds LclInstrm"),
    "a purpose": (b"<RmtInf>", b"<Purp><Cd>SSBE</Cd></Purp><RmtInf>", "holds Purp"),
    "a comment": (b"<RmtInf>", b"<!-- x --><RmtInf>", "holds comment"),
    "a comment inside a name": (b"Gulsah Demir", b"Gulsah<!-- x --> Demir", "is not one plain text"),
    "text beside elements": (b"<RmtInf>", b"x<RmtInf>", "text between its elements"),
    "text before elements": (b"<RmtInf>", b"<RmtInf>x", "text or an attribute"),
    "an attribute": (b"<RmtInf>", b'<RmtInf lang="nl">', "text or an attribute"),
    "an attribute on a text": (b"<MsgId>", b'<MsgId lang="nl">', "is not one plain text"),
    "a second attribute on an amount": (b'Ccy="EUR"', b'Ccy="EUR" x="1"', "InstdAmt .* is not an amount"),
    "an element of another namespace": (b"<RmtInf>", b'<RmtInf xmlns="urn:other">', "holds RmtInf"),
    "another version": (b"pain.001.001.09", b"pain.001.001.03", "not one pain.001.001.09 Document"),
    "something after the document": (b"</Document>", b"</Document><!-- x -->", "and nothing else"),
    "another encoding": (b'encoding="UTF-8"', b'encoding="ISO-8859-1"', "not in UTF-8"),
    "half a file": (b"</Document>", b"", "no well-formed XML"),
    "an entity": (b"Gulsah", b"&name;", "no well-formed XML"),
    "a document type": (b"<Document ", b'<!DOCTYPE Document [<!ENTITY name "Gulsah">]><Document ', "DOCTYPE"),
}


@pytest.mark.parametrize("change", REFUSED)
def test_a_file_with_something_off_is_refused_with_the_place(change: str):
    right, wrong, message = REFUSED[change]
    assert right in OURS
    with pytest.raises(ValueError, match=message):
        read(OURS.replace(right, wrong))


def test_an_entity_cannot_bring_in_a_file(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    attack = OURS.replace(b"<Document ", f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret}">]><Document '.encode())
    with pytest.raises(ValueError, match="DOCTYPE"):
        read(attack.replace(b"Gulsah Demir", b"&x;"))


@pytest.mark.parametrize("content", [b"", b"\x00", b"PK\x03\x04", b"klantnummer;naam", OURS.decode().encode("utf-16")])
def test_what_is_no_payment_file_at_all_is_refused(content: bytes):
    with pytest.raises(ValueError, match=r"no well-formed XML|not in UTF-8"):
        read(content)


def test_a_refusal_does_not_quote_a_clients_name():
    with pytest.raises(ValueError, match=r"UltmtDbtr/Nm") as refusal:
        read(OURS.replace(b"Gulsah Demir", b"Gulsah<b/> Demir"))
    assert "Gulsah" not in str(refusal.value)
