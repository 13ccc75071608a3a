"""Read a pain.001.001.09 file back, strictly and without any code of the writer.

Every element and every attribute either ends up in what `read` returns or is refused, so nothing can travel to the
bank unseen. Refusals name the place, never the value: that can be a client's.
"""

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from payments.month import parse_date

_NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,15})\.\d{2}", re.ASCII)
_COUNT = re.compile(r"0|[1-9]\d{0,14}", re.ASCII)
_BOOLEAN = {"true": True, "false": False}
_OTHER_ADDRESS_PARTS = (
    "Dept",
    "SubDept",
    "StrtNm",
    "BldgNb",
    "BldgNm",
    "Flr",
    "PstBx",
    "Room",
    "PstCd",
    "TwnLctnNm",
    "DstrctNm",
    "CtrySubDvsn",
    "AdrLine",
)


@dataclass(frozen=True, slots=True)
class AddressRead:
    """A postal address; what is neither town nor country is kept as (element, text)."""

    town: str | None
    country: str | None
    other: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StructuredRead:
    """One structured remittance: the code (SCOR), who defines the reference (CUR, ISO), and the reference."""

    code: str
    issuer: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class TransactionRead:
    """One credit transfer as it stands in the file."""

    end_to_end_id: str
    amount_cents: int
    currency: str
    creditor_name: str
    creditor_iban: str
    creditor_bic: str | None
    address: AddressRead | None
    ultimate_debtor: str | None
    unstructured: tuple[str, ...]
    structured: tuple[StructuredRead, ...]


@dataclass(frozen=True, slots=True)
class PaymentInformationRead:
    """One block of transactions with one account and one date; count and sum as the file states them."""

    payment_information_id: str
    method: str
    batch_booking: bool | None
    transactions_stated: int
    control_sum_cents: int
    service_level: str | None
    category_purpose: str | None
    charge_bearer: str | None
    execution_date: date
    debtor_name: str
    debtor_address: AddressRead | None
    debtor_iban: str
    debtor_bic: str
    transactions: tuple[TransactionRead, ...]


@dataclass(frozen=True, slots=True)
class MessageRead:
    """A whole file; count and sum as the group header states them."""

    message_id: str
    created_at: str
    transactions_stated: int
    control_sum_cents: int
    initiating_party: str
    initiating_address: AddressRead | None
    payment_informations: tuple[PaymentInformationRead, ...]

    @property
    def transactions(self) -> list[TransactionRead]:
        """All transactions of all blocks, in the order of the file."""
        return [transaction for block in self.payment_informations for transaction in block.transactions]


def read(content: bytes) -> MessageRead:
    """Everything the file says; ValueError with the place for whatever is unknown, missing, doubled or malformed."""
    parts = _Parts(_down(_root(content), "CstmrCdtTrfInitn"), "GrpHdr", "PmtInf")
    header = _Parts(parts.one("GrpHdr"), "MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty")
    name, address = _party(header.one("InitgPty"))
    return MessageRead(
        message_id=header.text("MsgId"),
        created_at=header.text("CreDtTm"),
        transactions_stated=_count(header.one("NbOfTxs")),
        control_sum_cents=_cents(header.one("CtrlSum")),
        initiating_party=name,
        initiating_address=address,
        payment_informations=tuple(_payment_information(block) for block in parts.every("PmtInf")),
    )


def _root(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    if b"<!DOCTYPE" in content:  # lxml reads an undefined entity as nothing at all once there is a DOCTYPE
        raise ValueError("a document type declaration (DOCTYPE) has no place in a payment file")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise ValueError(f"no well-formed XML at line {line}, position {column}") from None
    if (root.getroottree().docinfo.encoding or "UTF-8").upper() != "UTF-8":
        raise ValueError("the file is not in UTF-8")
    if root.tag != f"{_NAMESPACE}Document" or root.getprevious() is not None or root.getnext() is not None:
        raise ValueError("the document is not one pain.001.001.09 Document and nothing else")
    return root


def _payment_information(block: etree._Element) -> PaymentInformationRead:
    parts = _Parts(
        block,
        "PmtInfId",
        "PmtMtd",
        "BtchBookg",
        "NbOfTxs",
        "CtrlSum",
        "PmtTpInf",
        "ReqdExctnDt",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "ChrgBr",
        "CdtTrfTxInf",
    )
    booking, kind = parts.optional("BtchBookg"), parts.optional("PmtTpInf")
    service_level, category_purpose = (None, None) if kind is None else _payment_type(kind)
    debtor_name, debtor_address = _party(parts.one("Dbtr"))
    return PaymentInformationRead(
        payment_information_id=parts.text("PmtInfId"),
        method=parts.text("PmtMtd"),
        batch_booking=None if booking is None else _boolean(booking),
        transactions_stated=_count(parts.one("NbOfTxs")),
        control_sum_cents=_cents(parts.one("CtrlSum")),
        service_level=service_level,
        category_purpose=category_purpose,
        charge_bearer=parts.optional_text("ChrgBr"),
        execution_date=_date(_down(parts.one("ReqdExctnDt"), "Dt")),
        debtor_name=debtor_name,
        debtor_address=debtor_address,
        debtor_iban=_text(_down(parts.one("DbtrAcct"), "Id", "IBAN")),
        debtor_bic=_text(_down(parts.one("DbtrAgt"), "FinInstnId", "BICFI")),
        transactions=tuple(_transaction(transaction) for transaction in parts.every("CdtTrfTxInf")),
    )


def _payment_type(element: etree._Element) -> tuple[str | None, str | None]:
    parts = _Parts(element, "SvcLvl", "CtgyPurp")
    return parts.optional_text("SvcLvl", "Cd"), parts.optional_text("CtgyPurp", "Cd")


def _transaction(element: etree._Element) -> TransactionRead:
    parts = _Parts(element, "PmtId", "Amt", "UltmtDbtr", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf")
    amount = _down(parts.one("Amt"), "InstdAmt")
    creditor_name, address = _party(parts.one("Cdtr"))
    remittance = parts.optional("RmtInf")
    texts = None if remittance is None else _Parts(remittance, "Ustrd", "Strd")
    return TransactionRead(
        end_to_end_id=_text(_down(parts.one("PmtId"), "EndToEndId")),
        amount_cents=_cents(amount),
        currency=amount.get("Ccy", ""),
        creditor_name=creditor_name,
        creditor_iban=_text(_down(parts.one("CdtrAcct"), "Id", "IBAN")),
        creditor_bic=parts.optional_text("CdtrAgt", "FinInstnId", "BICFI"),
        address=address,
        ultimate_debtor=parts.optional_text("UltmtDbtr", "Nm"),
        unstructured=() if texts is None else tuple(_text(text) for text in texts.every("Ustrd")),
        structured=() if texts is None else tuple(_structured(part) for part in texts.every("Strd")),
    )


def _structured(element: etree._Element) -> StructuredRead:
    parts = _Parts(_down(element, "CdtrRefInf"), "Tp", "Ref")
    kind = _Parts(parts.one("Tp"), "CdOrPrtry", "Issr")
    code = _text(_down(kind.one("CdOrPrtry"), "Cd"))
    return StructuredRead(code=code, issuer=kind.optional_text("Issr"), reference=parts.text("Ref"))


def _party(element: etree._Element) -> tuple[str, AddressRead | None]:
    parts = _Parts(element, "Nm", "PstlAdr")
    address = parts.optional("PstlAdr")
    return parts.text("Nm"), None if address is None else _address(address)


def _address(element: etree._Element) -> AddressRead:
    parts = _Parts(element, "TwnNm", "Ctry", *_OTHER_ADDRESS_PARTS)
    other = tuple((name, _text(part)) for name in _OTHER_ADDRESS_PARTS for part in parts.every(name))
    return AddressRead(parts.optional_text("TwnNm"), parts.optional_text("Ctry"), other)


class _Parts:
    """The children of an element by name; any other child, and any text or attribute beside them, is refused."""

    __slots__ = ("_element", "_found")

    def __init__(self, element: etree._Element, *names: str) -> None:
        self._element = element
        self._found: dict[str, list[etree._Element]] = {name: [] for name in names}
        if element.attrib or (element.text and element.text.strip()):
            raise _refusal(element, "has text or an attribute that does not belong there")
        for child in element:
            tag = child.tag
            name = tag.removeprefix(_NAMESPACE) if isinstance(tag, str) else "comment"
            if name == tag or name not in self._found:
                raise _refusal(element, f"holds {name.rpartition('}')[2]}, which is not expected there")
            if child.tail and child.tail.strip():
                raise _refusal(element, "has text between its elements")
            self._found[name].append(child)

    def every(self, name: str) -> list[etree._Element]:
        return self._found[name]

    def optional(self, name: str) -> etree._Element | None:
        found = self._found[name]
        if len(found) > 1:
            raise _refusal(found[1], "may stand there only once")
        return found[0] if found else None

    def one(self, name: str) -> etree._Element:
        element = self.optional(name)
        if element is None:
            raise _refusal(self._element, f"has no {name}")
        return element

    def text(self, name: str) -> str:
        return _text(self.one(name))

    def optional_text(self, name: str, *names: str) -> str | None:
        element = self.optional(name)
        return None if element is None else _text(_down(element, *names))


def _down(element: etree._Element, *names: str) -> etree._Element:
    """Follow `names` through elements that hold exactly that one element each."""
    for name in names:
        element = _Parts(element, name).one(name)
    return element


def _text(element: etree._Element) -> str:
    text = element.text
    if len(element) or not text or (element.attrib and element.tag != f"{_NAMESPACE}InstdAmt"):
        raise _refusal(element, "is not one plain text")
    return text


def _cents(element: etree._Element) -> int:
    text = _text(element)
    if not _AMOUNT.fullmatch(text) or set(element.attrib) - {"Ccy"}:
        raise _refusal(element, "is not an amount like 1331.43")
    return int(text.replace(".", ""))


def _count(element: etree._Element) -> int:
    text = _text(element)
    if not _COUNT.fullmatch(text):
        raise _refusal(element, "is not a number of transactions")
    return int(text)


def _boolean(element: etree._Element) -> bool:
    value = _BOOLEAN.get(_text(element))
    if value is None:
        raise _refusal(element, "is neither true nor false")
    return value


def _date(element: etree._Element) -> date:
    try:
        return parse_date(_text(element))
    except ValueError:
        raise _refusal(element, "is not a date like 2026-11-25") from None


def _refusal(element: etree._Element, what: str) -> ValueError:
    return ValueError(f"{_place(element)} {what}")


def _place(element: etree._Element) -> str:
    """The way from the top to an element, numbered where several of a name stand side by side."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        after = next(node.itersiblings(node.tag), None)
        name = str(node.tag).removeprefix(_NAMESPACE)
        steps.append(f"{name}[{before + 1}]" if before or after is not None else name)
        node = node.getparent()
    return f"{'/'.join(reversed(steps))} (line {element.sourceline})"
