"""Reader of pain.002 status reports (.03, .10 and later): what the bank refused, on which of three levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from payments.bank.fields import Element, Faults, Wrong, cents, currency, reference
from payments.bank.moments import Odd, moment_at
from payments.bank.reasons import PER_PAYMENT, VERIFICATION_OF, ReasonGroup, reason_group
from payments.bank.schema import schema_warnings
from payments.bank.stream import MAX_BYTES, BankXml, MessageKind, Place
from payments.problems import InputRefused, Problem

REJECTED = "RJCT"
_SETTLED = frozenset({"ACSP", "ACSC", "ACCC", "ACWP"})  # the bank pays or has paid
_ON_ITS_WAY = frozenset(
    {
        "ACCP",
        "ACFC",
        "ACFW",
        "ACIS",
        "ACPD",
        "ACTC",
        "ACWC",
        "CPUC",
        "PART",
        "PATC",
        "PDNG",
        "PRES",
        "RCVD",
    }
)
_KNOWN = _SETTLED | _ON_ITS_WAY | VERIFICATION_OF.keys() | {REJECTED}


@dataclass(frozen=True, slots=True)
class StatusReason:
    """One reason the bank gives: an ISO code or its own word, with its explanation."""

    code: str | None
    proprietary: str | None
    additional_info: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TransactionStatus:
    """What the bank says of one payment; only some banks repeat amount and creditor."""

    original_end_to_end_id: str | None
    original_instruction_id: str | None
    original_uetr: str | None
    status: str | None
    reasons: tuple[StatusReason, ...]
    amount_cents: int | None
    currency: str | None
    creditor_name: str | None
    creditor_iban: str | None


@dataclass(frozen=True, slots=True)
class PaymentInformationStatus:
    """What the bank says of one block of payments, and of the payments in it that it mentions."""

    original_payment_information_id: str
    status: str | None
    reasons: tuple[StatusReason, ...]
    transactions: tuple[TransactionStatus, ...]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One pain.002 message about one file of ours."""

    version: int
    message_id: str | None
    created_at: datetime | None
    original_message_id: str
    original_message_name: str | None
    group_status: str | None
    reasons: tuple[StatusReason, ...]
    payment_informations: tuple[PaymentInformationStatus, ...]
    warnings: tuple[Problem, ...]


class Level(StrEnum):
    """How much of a file a rejection takes along."""

    GROUP = "group"
    PAYMENT_INFORMATION = "payment information"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One thing refused: the whole file, a block, or one payment; no two rejections of a report overlap.

    `mentioned` are the payments inside it that the report names, with reasons of their own. A rejected file or block
    takes along its other payments too.
    """

    level: Level
    original_message_id: str
    payment_information_id: str | None
    reasons: tuple[StatusReason, ...]
    mentioned: tuple[TransactionStatus, ...]

    def own_reasons(self, end_to_end_id: str) -> tuple[StatusReason, ...]:
        """What the report says against this payment itself; nothing when it only went down with its block or file."""
        if self.level is Level.TRANSACTION:
            return self.reasons
        return next(
            (
                found.reasons
                for found in self.mentioned
                if found.original_end_to_end_id == end_to_end_id and found.status in {None, REJECTED}
            ),
            (),
        )

    def reasons_of(self, end_to_end_id: str) -> tuple[StatusReason, ...]:
        """The reasons of one payment: its own, or those of the block or file that it went down with.

        Where file and block give none, and all that the report says of their payments is that they are duplicates,
        that is the only reason known, and the safe one: nothing is paid twice on it.
        """
        told = tuple(reason for payment in self.mentioned for reason in payment.reasons)
        only_duplicates = all(reason_group(reason.code) is ReasonGroup.DUPLICATE for reason in told)
        return self.own_reasons(end_to_end_id) or self.reasons or (told if only_duplicates else ())


def rejections(report: StatusReport) -> tuple[Rejection, ...]:
    """What is refused, at the highest level that says so; anything but RJCT refuses nothing."""
    blocks = report.payment_informations
    message = report.original_message_id
    if report.group_status == REJECTED:
        mentioned = tuple(payment for block in blocks for payment in block.transactions)
        reasons = report.reasons or tuple(reason for block in blocks for reason in block.reasons)
        return (Rejection(Level.GROUP, message, None, reasons, mentioned),)
    found = []
    for block in blocks:
        own = block.original_payment_information_id
        if block.status == REJECTED:
            reasons = block.reasons or report.reasons
            found.append(Rejection(Level.PAYMENT_INFORMATION, message, own, reasons, block.transactions))
            continue
        found += [
            Rejection(Level.TRANSACTION, message, own, payment.reasons or block.reasons, (payment,))
            for payment in block.transactions
            if payment.status == REJECTED
        ]
    return tuple(found)


def verifications(report: StatusReport) -> Mapping[str, str]:
    """The result of the Verification of Payee for each payment that the report names; none of them rejects anything."""
    found = {}
    for block in report.payment_informations:
        for payment in block.transactions:
            name = payment.original_end_to_end_id
            if name is not None and payment.status in PER_PAYMENT:
                found[name] = payment.status
    return found


def read_pain002(content: bytes | BinaryIO, file: str, *, max_bytes: int = MAX_BYTES) -> StatusReport:
    """Read a whole status report; refuses it with every problem at once."""
    origin = 0 if isinstance(content, bytes) else content.tell()
    xml = BankXml(content, file, max_bytes=max_bytes)
    reading = _Pain002Reading(file)
    for mark, element in xml.parts():
        if xml.kind is not MessageKind.PAIN002:
            raise InputRefused([Problem(file, element.line, None, None, "is not pain.002")])
        try:
            reading.take(mark, element)
        except Wrong as wrong:
            reading.problems.add(wrong.problem(file, element.name))
    if not isinstance(content, bytes):
        content.seek(origin)
    return reading.report(xml.version, schema_warnings(content, file, xml.kind, xml.version))


class _Pain002Reading:
    """What has been read of one report so far."""

    def __init__(self, file: str) -> None:
        self.problems = Faults(file)
        self._file = file
        self._warnings = Faults(file)
        self._header: Element | None = None
        self._group: Element | None = None
        self._parts: list[Element] = []
        self._payments: list[TransactionStatus] = []
        self._blocks: list[PaymentInformationStatus] = []

    def take(self, mark: Place, element: Element) -> None:
        """Keep what the next element says."""
        if mark is Place.OPENED:
            self._parts, self._payments = [], []
        elif mark is Place.CLOSED:
            self._blocks.append(self._block(element))
        elif element.name == "GrpHdr":
            self._header = _once(self._header, element)
        elif element.name == "OrgnlGrpInfAndSts":
            self._group = _once(self._group, element)
        elif element.name == "TxInfAndSts":
            self._payments.append(self._payment(element))
        elif element.name in {"OrgnlPmtInfId", "PmtInfSts", "StsRsnInf"}:
            self._parts.append(element)

    def report(self, version: int, schema: tuple[Problem, ...]) -> StatusReport:
        """The whole report, or InputRefused with all that is wrong with it."""
        group = self._group or Element("OrgnlGrpInfAndSts", 0)
        header = self._header or Element("GrpHdr", 0)
        report: StatusReport | None = None
        odd: Odd = []
        try:
            report = StatusReport(
                version=version,
                message_id=reference(header, "MsgId"),
                created_at=moment_at(header, odd, "CreDtTm"),
                original_message_id=_identity(group, "OrgnlMsgId"),
                original_message_name=group.get("OrgnlMsgNmId"),
                group_status=self._status(group, "GrpSts"),
                reasons=_reasons(group),
                payment_informations=tuple(self._blocks),
                warnings=(*(w.problem(self._file, header.name) for w in odd), *self._warnings.told(), *schema),
            )
            _consistent(report, group.line)
        except Wrong as wrong:
            self.problems.add(wrong.problem(self._file, group.name))
        if report is None or self.problems.found:
            raise InputRefused(self.problems.told())
        return report

    def _block(self, closed: Element) -> PaymentInformationStatus:
        closed.children = self._parts
        own = _identity(closed, "OrgnlPmtInfId")
        return PaymentInformationStatus(own, self._status(closed, "PmtInfSts"), _reasons(closed), tuple(self._payments))

    def _payment(self, element: Element) -> TransactionStatus:
        amount = element.said("OrgnlTxRef", "Amt", "InstdAmt")
        return TransactionStatus(
            original_end_to_end_id=reference(element, "OrgnlEndToEndId"),
            original_instruction_id=reference(element, "OrgnlInstrId"),
            original_uetr=reference(element, "OrgnlUETR"),
            status=self._status(element, "TxSts"),
            reasons=_reasons(element),
            amount_cents=cents(amount) if amount is not None else None,
            currency=currency(amount) if amount is not None else None,
            # From .10 on a party is a person or organisation (Pty) or a bank (Agt).
            creditor_name=element.get("OrgnlTxRef", "Cdtr", "Nm") or element.get("OrgnlTxRef", "Cdtr", "Pty", "Nm"),
            creditor_iban=element.get("OrgnlTxRef", "CdtrAcct", "Id", "IBAN"),
        )

    def _status(self, element: Element, name: str) -> str | None:
        status = element.get(name)
        if status is not None and status not in _KNOWN:
            what = "is neither a rejection nor a status of a payment on its way: a person must look at it"
            self._warnings.add(Problem(self._file, element.line, f"{element.name}/{name}", status, what))
        return status


def _identity(element: Element, name: str) -> str:
    text = element.get(name)
    if text is None:
        raise Wrong(element.line, name, None, "is missing: which file or block of ours does this answer?")
    return text


def _once(earlier: Element | None, element: Element) -> Element:
    if earlier is not None:
        raise Wrong(element.line, "", None, "stands here twice: once is allowed")
    return element


def _reasons(element: Element) -> tuple[StatusReason, ...]:
    return tuple(
        StatusReason(
            found.get("Rsn", "Cd"),
            found.get("Rsn", "Prtry"),
            tuple(text for info in found.all("AddtlInf") if (text := info.text)),
        )
        for found in element.all("StsRsnInf")
    )


def _consistent(report: StatusReport, line: int) -> None:
    # Valid payments in a refused block are ordinary (the block failed as a whole); paid ones cannot be, and taking
    # such a report for a rejection would have the payment made twice.
    for block in report.payment_informations:
        refused = REJECTED in {report.group_status, block.status}
        statuses = {block.status, *(payment.status for payment in block.transactions)}
        paid = sorted(status for status in statuses if status in _SETTLED)
        if refused and paid:
            raise Wrong(line, "", paid[0], "says that something is paid in a file or block that is rejected")
