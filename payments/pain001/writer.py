"""Write a payment file as pain.001.001.09; the only module that knows sepaxml.

sepaxml has no ultimate debtor and no structured remittance, and makes up ids and times itself. Four of its private
methods (HOOKS) are extended to put in what the plan says, so the same plan gives the same bytes for ever.
"""

import xml.etree.ElementTree as ET
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree
from sepaxml import SepaTransfer

from payments.calendar import AMSTERDAM
from payments.money import MAX_CENTS
from payments.pain001.orders import Payment, PaymentFile
from payments.references import ReferenceType

SCHEMA = "pain.001.001.09"
HOOKS = ("_create_header", "add_payment", "_add_to_batch_list", "_finalize_batch")
_ISSUER = {ReferenceType.BETALINGSKENMERK: "CUR", ReferenceType.RF: "ISO"}


def render(file: PaymentFile) -> bytes:
    """The bytes the bank gets; ValueError for what cannot be written at all, the validator judges the rest."""
    if not file.payments:
        raise ValueError("a payment file needs at least one payment")
    created_at = _local_time(file.created_at)
    message = _Message(file, created_at)
    for payment in file.payments:
        if not 0 < payment.amount_cents <= MAX_CENTS:
            raise ValueError(f"payment {payment.payment_id}: {payment.amount_cents} cents cannot be paid by SEPA")
        message.add_payment(payment)
    # sepaxml's own validation takes a minute where lxml takes a second, and refuses large files: see schema_problem.
    content: bytes = message.export(validate=False)
    return content


def schema_problem(content: bytes) -> str | None:
    """The first place where the bytes leave the pain.001.001.09 schema, without quoting any value; None when valid."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        _schema().assertValid(etree.fromstring(content, parser))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        return f"no well-formed XML at line {line}, position {column}"
    except etree.DocumentInvalid as error:
        # A message of libxml2 quotes the value, which can be a client's name: name the element and the rule only.
        log: Any = error.error_log
        first = log[0]
        element = first.message.partition("'")[2].partition("'")[0].rpartition("}")[2]
        return f"element {element} at line {first.line} breaks schema rule {first.type_name.removeprefix('SCHEMAV_')}"
    return None


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / f"{SCHEMA}.xsd").read_bytes()))


def _local_time(moment: datetime) -> str:
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError("created_at must have a time zone and whole seconds")
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None).isoformat()


class _Message(SepaTransfer):  # type: ignore[misc]  # sepaxml has no types
    """A sepaxml message that takes its ids, time and remittance from the plan."""

    def __init__(self, file: PaymentFile, created_at: str) -> None:
        self._file = file
        self._created_at = created_at
        config = {
            "name": file.debtor_name,
            "IBAN": file.debtor_iban,
            "BIC": file.debtor_bic,
            "currency": "EUR",
            "batch": True,
        }
        super().__init__(config, schema=SCHEMA, clean=False)

    def _create_header(self) -> None:
        super()._create_header()
        header = self._xml.find("CstmrCdtTrfInitn/GrpHdr")
        header.find("MsgId").text = self._file.message_id
        header.find("CreDtTm").text = self._created_at

    def add_payment(self, payment: Payment) -> None:
        super().add_payment(
            {
                "name": payment.creditor_name,
                "IBAN": payment.creditor_iban,
                "amount": payment.amount_cents,
                "execution_date": self._file.execution_date,
                "description": payment.remittance,
                "endtoend_id": payment.payment_id,
                "planned": payment,  # comes back in _add_to_batch_list
            }
        )

    def _add_to_batch_list(self, nodes: dict[str, ET.Element], payment: dict[str, object]) -> None:
        planned = payment["planned"]
        assert isinstance(planned, Payment)
        transaction = nodes["CdtTrfTxInfNode"]
        ultimate_debtor = ET.Element("UltmtDbtr")
        ET.SubElement(ultimate_debtor, "Nm").text = planned.ultimate_debtor
        transaction.insert(list(transaction).index(nodes["CdtrNode"]), ultimate_debtor)
        if planned.reference_type is not ReferenceType.FREE:
            nodes["RmtInfNode"].remove(nodes["UstrdNode"])
            nodes["RmtInfNode"].append(_structured(_ISSUER[planned.reference_type], planned.remittance))
        super()._add_to_batch_list(nodes, payment)

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        (block,) = self._xml.findall("CstmrCdtTrfInitn/PmtInf")
        block.find("PmtInfId").text = self._file.payment_information_id
        block.find("BtchBookg").text = "true" if self._file.batch_booking else "false"


def _structured(issuer: str, reference: str) -> ET.Element:
    structured = ET.Element("Strd")
    information = ET.SubElement(structured, "CdtrRefInf")
    kind = ET.SubElement(information, "Tp")
    ET.SubElement(ET.SubElement(kind, "CdOrPrtry"), "Cd").text = "SCOR"
    ET.SubElement(kind, "Issr").text = issuer
    ET.SubElement(information, "Ref").text = reference
    return structured
