"""Reader of camt.053 statements and camt.054 notifications, versions .02 to .12: streamed, proved, or refused."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import BinaryIO

from payments.bank.camt_balances import BOOKED_BALANCES, LaidOut, opening_and_closing, prove
from payments.bank.camt_details import Group
from payments.bank.camt_fields import read_balance, read_batch, read_detail, read_entry, read_start
from payments.bank.camt_model import (
    BankMessage,
    CamtEvent,
    Detail,
    Entry,
    EntryStatus,
    MessageStart,
    Statement,
    StatementEnd,
    StatementStart,
)
from payments.bank.fields import Element, Faults, Wrong, count, reference, yes_or_no
from payments.bank.moments import Odd, moment_at
from payments.bank.schema import schema_warnings
from payments.bank.stream import MAX_BYTES, BankXml, MessageKind, Place
from payments.problems import InputRefused, Problem

_CUTS = {5: "NtryDtls", 6: "TxDtls"}
_IDENTITY = frozenset(
    {
        "Id",
        "StmtPgntn",
        "NtfctnPgntn",
        "ElctrncSeqNb",
        "LglSeqNb",
        "CreDtTm",
        "FrToDt",
        "CpyDplctInd",
        "Acct",
    }
)


def read_camt(content: bytes | BinaryIO, file: str, *, max_bytes: int = MAX_BYTES) -> BankMessage:
    """Read a whole message; refuses it with every problem at once, warns where only the schema is not kept to."""
    start: StatementStart | None = None
    head: MessageStart | None = None
    entries: list[Entry] = []
    statements: list[Statement] = []
    origin = 0 if isinstance(content, bytes) else content.tell()
    for event in stream_camt(content, file, max_bytes=max_bytes):
        match event:
            case MessageStart():
                head = event
            case StatementStart():
                start, entries = event, []
            case Entry():
                entries.append(event)
            case StatementEnd():
                assert start is not None, "a statement starts before it ends"
                known = {field.name: getattr(part, field.name) for part in (start, event) for field in fields(part)}
                statements.append(Statement(**known, entries=tuple(entries)))
    assert head is not None, "a message without a head has been refused"
    if not isinstance(content, bytes):
        content.seek(origin)
    warnings = head.warnings + schema_warnings(content, file, head.kind, head.version)
    return BankMessage(head.kind, head.version, head.message_id, head.created_at, tuple(statements), warnings)


def stream_camt(content: bytes | BinaryIO, file: str, *, max_bytes: int = MAX_BYTES) -> Iterator[CamtEvent]:
    """Hand out head, statements and entries one by one, holding one entry at a time.

    A statement is proved only at its `StatementEnd`, and InputRefused can come after any event: whoever stores what
    comes out does so in one transaction and rolls it back then. After the first problem no more entries are given;
    the rest is read to tell all problems at once.
    """
    return _Camt(content, file, max_bytes).events()


class _Camt:
    """One pass through one message; what is kept between two elements is one entry and the balances."""

    def __init__(self, content: bytes | BinaryIO, file: str, max_bytes: int) -> None:
        self._xml = BankXml(content, file, max_bytes=max_bytes, cuts=_CUTS)
        self._file = file
        self._problems = Faults(file)
        self._head: MessageStart | None = None
        self._pages: tuple[int | None, bool] = (None, True)
        self._statements = 0
        self._new_statement(Element("", 0))

    def events(self) -> Iterator[CamtEvent]:
        for mark, element in self._xml.parts():
            try:
                events = self._events(mark, element)
            except Wrong as wrong:
                self._broken = True
                self._entry_broken = element.name in _CUTS.values()
                self._problems.add(wrong.problem(self._file, self._where(element)))
                continue
            if not self._problems.found:
                yield from events
        if self._statements == 0:
            what = f"holds no statement ({self._xml.kind.container})"
            self._problems.add(Problem(self._file, None, self._xml.kind.body, None, what))
        if self._problems.found:
            raise InputRefused(self._problems.told())

    def _events(self, mark: Place, element: Element) -> list[CamtEvent]:
        if mark is Place.BODY:
            if self._xml.kind is MessageKind.PAIN002:
                raise InputRefused([Problem(self._file, element.line, None, None, "is not camt.053 or camt.054")])
            return []
        if mark is Place.OPENED:
            self._new_statement(element)
            self._statements += 1
            return [] if self._head else [self._message(Element("GrpHdr", element.line))]
        if mark is Place.CLOSED:
            return [*self._begin(), *self._end()]
        return self._part(element)

    def _new_statement(self, opened: Element) -> None:
        self._identity = opened
        self._started = self._broken = self._entry_broken = False
        self._balances: list[LaidOut] = []
        self._booked: dict[str, int] = {}
        self._first_currency: str | None = None
        self._index = 0
        self._announced: int | None = None
        self._undirected: Element | None = None  # an entry with transactions before it said which way it goes
        self._details: list[Detail] = []
        self._groups: list[Group] = []
        self._remarks, self._doubts = Faults(self._file), Faults(self._file)

    def _part(self, element: Element) -> list[CamtEvent]:
        match element.name:
            case "GrpHdr":
                return [self._message(element)]
            case "TxDtls" | "NtryDtls":
                self._inside_entry(element)
            case "Ntry":
                return [*self._begin(), *self._entry(element)]
            case "Bal" if not element.empty:
                odd: Odd = []
                self._balances.append((read_balance(element, odd), element.line))
                self._remark(odd, self._where(element))
            case "TxsSummry":
                self._announced = count(element, "TtlNtries", "NbOfNtries")
            case name if name in _IDENTITY:
                if self._started:
                    raise Wrong(element.line, "", None, "must stand before the entries")
                if self._identity.find(name) is not None:
                    raise Wrong(element.line, "", None, "stands here twice: once is allowed")
                self._identity.children.append(element)
        return []

    def _message(self, header: Element) -> MessageStart:
        if self._head is not None:
            raise Wrong(header.line, "", None, "must stand once, before the statements")
        message_id = reference(header, "MsgId")
        absent = Problem(self._file, header.line, "GrpHdr/MsgId", None, "is missing")
        odd: Odd = []
        last = yes_or_no(header, "MsgPgntn", "LastPgInd") is not False
        self._pages = (count(header, "MsgPgntn", "PgNb"), last)
        self._head = MessageStart(
            self._xml.kind,
            self._xml.version,
            message_id,
            moment_at(header, odd, "CreDtTm"),
            (*(() if message_id else (absent,)), *(wrong.problem(self._file, self._where(header)) for wrong in odd)),
        )
        return self._head

    def _begin(self) -> list[StatementStart]:
        if self._started:
            return []
        self._started = True
        odd: Odd = []
        undated = self._xml.kind is MessageKind.CAMT054
        try:
            start = read_start(self._identity, odd, self._pages, dated_by_period=undated)
        except Wrong as wrong:  # told with the place of the statement, not of the entry before which it is read
            self._broken = True
            self._problems.add(wrong.problem(self._file, self._where(self._identity)))
            return []
        self._remark(odd, self._where(self._identity))
        return [start]

    def _remark(self, odd: Odd, where: str) -> None:
        for wrong in odd:
            self._remarks.add(wrong.problem(self._file, where))

    def _inside_entry(self, element: Element) -> None:
        entry = element.parent if element.name == "NtryDtls" else element.parent and element.parent.parent
        if entry is None or entry.name != "Ntry":
            raise Wrong(element.line, "", None, "must stand inside an entry")
        if entry.said("CdtDbtInd") is None:
            self._undirected = entry
            return
        if element.name == "TxDtls":
            if not element.empty:
                self._details.append(read_detail(element, entry))
            return
        batch = element.find("Btch")
        self._groups.append((read_batch(batch, entry) if batch is not None else None, tuple(self._details)))
        self._details = []

    def _entry(self, element: Element) -> list[Entry]:
        self._index += 1
        groups, broken = self._groups, self._entry_broken
        self._details, self._groups, self._entry_broken = [], [], False
        odd: Odd = []
        doubts: list[Wrong] = []
        entry = read_entry(element, self._index, [] if broken else groups, odd, doubts)
        if self._undirected is element:
            raise Wrong(element.line, "CdtDbtInd", None, "must stand before the transactions (NtryDtls)")
        if entry.status is EntryStatus.BOOKED:
            self._booked[entry.currency] = self._booked.get(entry.currency, 0) + entry.signed_cents
        self._first_currency = self._first_currency or entry.currency
        self._remark(odd, self._where(element))
        for doubt in doubts:
            self._doubts.add(doubt.problem(self._file, self._where(element)))
        return [entry]

    def _end(self) -> list[StatementEnd]:
        proved = False
        remarks: list[str] = []
        if self._xml.kind is MessageKind.CAMT053 and not self._broken:
            proved, remarks = prove(self._balances, self._booked)
        for doubt in self._doubts.told():
            # What the balances prove stands, whatever stands inside it; without them nothing tells which is right.
            if proved:
                what = f"{doubt.what}; the balances prove the entry's own amount, which counts"
                self._remarks.add(replace(doubt, what=what))
            else:
                self._problems.add(doubt)
        if self._announced not in {None, self._index}:
            remarks.append(f"announces {self._announced} entries in its summary and has {self._index}")
        for what in remarks:
            self._remarks.add(Problem(self._file, self._identity.line, self._where(self._identity), None, what))
        unit = self._currency()
        opening, closing = (None, None) if self._broken else opening_and_closing(self._balances, unit or "")
        return [
            StatementEnd(
                currency=unit,
                opening=opening[0] if opening else None,
                closing=closing[0] if closing else None,
                proved=proved,
                balances=tuple(balance for balance, _ in self._balances),
                entry_count=self._index,
                warnings=self._remarks.told(),
            )
        ]

    def _currency(self) -> str | None:
        booked = (balance.currency for balance, _ in self._balances if balance.code in BOOKED_BALANCES)
        return self._identity.get("Acct", "Ccy") or next(booked, self._first_currency)

    def _where(self, element: Element) -> str:
        place = f"{self._xml.kind.container}[{self._statements}]"
        if element.name == "Ntry":
            return f"{place}/Ntry[{self._index}]"
        if element.name == "TxDtls":
            return f"{place}/Ntry[{self._index + 1}]/NtryDtls/TxDtls[{len(self._details) + 1}]"
        if element.name == "NtryDtls":
            return f"{place}/Ntry[{self._index + 1}]/NtryDtls"
        if element is self._identity or element.name == self._xml.kind.container:
            return place
        return element.name if element.name == "GrpHdr" else f"{place}/{element.name}"
