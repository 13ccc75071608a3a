"""The simulated bank's own reading of a payment file.

It shares nothing with our writer or reader, so a mistake of theirs is not made a second time here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from payments.month import parse_date

_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(pain\.001\.001\.(?:03|09))\}Document", re.ASCII)
_EUROS = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_SUM = re.compile(r"(\d{1,15})(?:\.(\d{1,2}))?", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]{1,35}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadTransfer:
    """One payment that the bank is asked to make; `text` is the reference itself where it has an issuer."""

    end_to_end_id: str
    amount_cents: int
    creditor_name: str
    creditor_iban: str
    text: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """Payments from one account on one date, which a bank can book together."""

    payment_information_id: str
    execution_date: date
    debtor_iban: str
    transfers: tuple[ReadTransfer, ...]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One pain.001 message."""

    name: str
    message_id: str
    created_on: date
    blocks: tuple[Block, ...]

    @property
    def transfers(self) -> tuple[ReadTransfer, ...]:
        """Every payment in the file."""
        return tuple(transfer for block in self.blocks for transfer in block.transfers)

    @property
    def debtor_iban(self) -> str:
        """The one account that the file is paid from."""
        return self.blocks[0].debtor_iban


def read_instruction(content: bytes) -> Instruction:
    """Read a file as the bank's front door does; ValueError says why it is not taken in."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        document = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"is not XML: {error.msg}") from None
    about: Any = document.getroottree().docinfo
    if about.doctype:
        raise ValueError("has a DOCTYPE, which no payment file needs")
    name = _NAMESPACE.fullmatch(document.tag)
    if name is None:
        raise ValueError("is not pain.001.001.03 or pain.001.001.09")
    return _ReadMessage(document, name[1]).instruction()


class _ReadMessage:
    """One document and the namespace in which its elements are looked up."""

    def __init__(self, document: etree._Element, name: str) -> None:
        self._document, self._name = document, name
        self._prefix = f"{{urn:iso:std:iso:20022:tech:xsd:{name}}}"

    def instruction(self) -> Instruction:
        """The whole message, counted and added up at both levels."""
        header = self._one(self._document, "CstmrCdtTrfInitn/GrpHdr")
        blocks = tuple(self._block(found) for found in self._all(self._document, "CstmrCdtTrfInitn/PmtInf"))
        if not blocks:
            raise ValueError("asks for no payment")
        found = Instruction(
            self._name, self._identifier(header, "MsgId"), parse_date(self._text(header, "CreDtTm")[:10]), blocks
        )
        if len({block.debtor_iban for block in blocks}) != 1:
            raise ValueError("pays from more than one account")
        if len({transfer.end_to_end_id for transfer in found.transfers}) != len(found.transfers):
            raise ValueError("uses an EndToEndId twice")
        self._add_up(header, found.transfers, "the file")
        return found

    def _block(self, element: etree._Element) -> Block:
        dated = "ReqdExctnDt" if self._name.endswith("03") else "ReqdExctnDt/Dt"
        if self._text(element, "PmtMtd") != "TRF":
            raise ValueError("asks for something else than a credit transfer (TRF)")
        block = Block(
            self._identifier(element, "PmtInfId"),
            parse_date(self._text(element, dated)),
            _checked_iban(self._text(element, "DbtrAcct/Id/IBAN")),
            tuple(self._transfer(found) for found in self._all(element, "CdtTrfTxInf")),
        )
        self._add_up(element, block.transfers, block.payment_information_id)
        return block

    def _transfer(self, element: etree._Element) -> ReadTransfer:
        amount = self._one(element, "Amt/InstdAmt")
        cents = _cents(amount.text or "", _EUROS)
        if amount.get("Ccy") != "EUR" or cents == 0:
            raise ValueError("has an amount of nothing, or not in euros")
        structured = self._maybe(element, "RmtInf/Strd/CdtrRefInf/Ref")
        free = self._maybe(element, "RmtInf/Ustrd")
        if (structured is None) == (free is None):
            raise ValueError("has a payment without remittance, or with both kinds of it")
        return ReadTransfer(
            self._identifier(element, "PmtId/EndToEndId"),
            cents,
            self._text(element, "Cdtr/Nm"),
            _checked_iban(self._text(element, "CdtrAcct/Id/IBAN")),
            structured or free or "",
            None if structured is None else self._text(element, "RmtInf/Strd/CdtrRefInf/Tp/Issr"),
        )

    def _add_up(self, element: etree._Element, transfers: tuple[ReadTransfer, ...], of: str) -> None:
        total = sum(transfer.amount_cents for transfer in transfers)
        if self._text(element, "NbOfTxs") != str(len(transfers)):
            raise ValueError(f"NbOfTxs of {of} is not the number of payments, {len(transfers)}")
        if _cents(self._text(element, "CtrlSum"), _SUM) != total:
            raise ValueError(f"CtrlSum of {of} is not what the payments add up to")

    def _all(self, element: etree._Element, path: str) -> Iterator[etree._Element]:
        return element.iterfind("/".join(self._prefix + step for step in path.split("/")))

    def _maybe(self, element: etree._Element, path: str) -> str | None:
        found = [one.text or "" for one in self._all(element, path)]
        if len(found) > 1:
            raise ValueError(f"has {path} more than once in one place")
        return found[0] if found else None

    def _one(self, element: etree._Element, path: str) -> etree._Element:
        found = list(self._all(element, path))
        if len(found) != 1:
            raise ValueError(f"needs {path} exactly once and has it {len(found)} times")
        return found[0]

    def _text(self, element: etree._Element, path: str) -> str:
        text = self._one(element, path).text
        if not text:
            raise ValueError(f"has an empty {path}")
        return text

    def _identifier(self, element: etree._Element, path: str) -> str:
        text = self._text(element, path)
        if not _IDENTIFIER.fullmatch(text):
            raise ValueError(f"has a {path} that is too long or has other characters than SEPA's")
        return text


def _cents(text: str, grammar: re.Pattern[str]) -> int:
    match = grammar.fullmatch(text)
    if match is None:
        raise ValueError("has an amount that is not like 1331.43")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _checked_iban(text: str) -> str:
    turned = text[4:] + text[:4]
    if not _IBAN.fullmatch(text) or int("".join(str(int(sign, 36)) for sign in turned)) % 97 != 1:
        raise ValueError("has an IBAN with wrong check digits or of a wrong length")
    return text
