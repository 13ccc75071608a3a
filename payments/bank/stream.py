"""The only door for XML from banks: strict, streaming, and refusing whatever a bank's message has no need of.

Expat reads the bytes: it announces a DOCTYPE before it looks into it, keeps no tree, and knows the line of every
element however long the file is. Nothing is ever fetched: no schema, no entity, no inclusion.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from io import BytesIO
from typing import BinaryIO
from xml.parsers import expat

from payments.bank.fields import Element
from payments.bank.unreadable import AGAIN, other_form, why_not_xml
from payments.problems import InputRefused, Problem, refusal

MAX_BYTES = 1_000_000_000  # 400,000 entries with full details are about 700 MB
MAX_DEPTH = 64  # the deepest element of any of these messages lies some fifteen levels down
MAX_TOKEN = 1_000_000  # bytes of one text, tag or comment; the longest text of the standard has 500 characters
MAX_ELEMENTS = 20_000  # in one part; a transaction is a part of its own, so this bounds memory and not the batch
_CHUNK = 65_536
_SHOWN = 100
_NAMES = 1_000  # the names of the standard that occur in these messages are some three hundred
_ROOT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3})\.001\.(\d{2}) Document", re.ASCII)
_BESIDE = frozenset({"GrpHdr", "OrgnlGrpInfAndSts", "SplmtryData"})  # what stands beside the containers
_XINCLUDE = "http://www.w3.org/2001/XInclude "


class MessageKind(StrEnum):
    """What a bank answers with, by the name of the ISO 20022 message."""

    CAMT053 = "camt.053"
    CAMT054 = "camt.054"
    PAIN002 = "pain.002"

    @property
    def body(self) -> str:
        """The one child of the root element."""
        return {"camt.053": "BkToCstmrStmt", "camt.054": "BkToCstmrDbtCdtNtfctn", "pain.002": "CstmrPmtStsRpt"}[self]

    @property
    def container(self) -> str:
        """The child of the body that repeats and grows too large to hold: its children are handed out one by one."""
        return {"camt.053": "Stmt", "camt.054": "Ntfctn", "pain.002": "OrgnlPmtInfAndSts"}[self]

    def reads(self, version: int) -> bool:
        """Whether the structure of that version is known."""
        return version >= 3 if self is MessageKind.PAIN002 else 2 <= version <= 12


class Place(StrEnum):
    """Where in the message a handed-out element stands."""

    BODY = "body"
    OPENED = "opened"  # a container begins; it has no children here
    PART = "part"  # complete
    CLOSED = "closed"


class BankXml:
    """One message: its kind and version are known as soon as the first element has been handed out."""

    def __init__(
        self, content: bytes | BinaryIO, file: str, *, max_bytes: int = MAX_BYTES, cuts: Mapping[int, str] | None = None
    ) -> None:
        """`cuts` names, by depth, the elements that are handed out by themselves instead of inside their parent."""
        self._stream = BytesIO(content) if isinstance(content, bytes) else content
        self._file, self._max_bytes, self._cuts = file, max_bytes, cuts or {}
        self._kind: MessageKind | None = None
        self._expected = MessageKind.CAMT053
        self.version = 0
        self._prefix = ""
        self._names: dict[str, str] = {}
        self._open: list[Element] = []
        self._ready: list[tuple[Place, Element]] = []
        self._text: list[str] = []
        self._text_size = self._elements = self._foreign = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        # Before the DOCTYPE is looked into, so that no entity is ever defined.
        parser.StartDoctypeDeclHandler = self._refuser("has a DOCTYPE, which a bank's message never has")

    @property
    def kind(self) -> MessageKind:
        """What the root element says the message is."""
        assert self._kind is not None, "known from the first element that parts() hands out"
        return self._kind

    def parts(self) -> Iterator[tuple[Place, Element]]:
        """Hand out the message piece by piece; InputRefused as soon as it cannot be a message of a bank."""
        fed = 0
        while chunk := self._stream.read(_CHUNK):
            if fed == 0 and (form := other_form(chunk)) is not None:
                raise refusal(self._file, form)
            fed += len(chunk)
            if fed > self._max_bytes:
                raise self._refused(f"is larger than {self._max_bytes} bytes, the size limit")
            self._feed(chunk, fed - len(chunk), final=False)
            # What expat holds back is one unfinished tag, comment or text: it would be read again with every chunk.
            if fed - max(self._parser.CurrentByteIndex, 0) > MAX_TOKEN + _CHUNK:
                raise self._refused(f"has a tag, text or comment of more than {MAX_TOKEN} bytes")
            yield from self._ready
            self._ready.clear()
        if fed == 0:
            raise refusal(self._file, "is empty")
        self._feed(b"", fed, final=True)
        if self._kind is None:
            raise self._refused("has a root element and nothing in it")
        yield from self._ready

    def _feed(self, chunk: bytes, starts_at: int, *, final: bool) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            stopped = max(self._parser.ErrorByteIndex - starts_at, 0)
            second = self._kind is not None and not self._open
            what = why_not_xml(error.code, chunk[stopped : stopped + _SHOWN], second=second)
            if final and self._open:
                what = f"ends in the middle of {self._open[-1].name} (cut off?): {AGAIN}"
            raise InputRefused([Problem(self._file, error.lineno, None, None, what)]) from None
        except (LookupError, ValueError):
            # Raised by Python for an encoding that it cannot offer to expat.
            raise self._refused("declares a character encoding that is not read: UTF-8 is usual") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # Called for every element, some forty times an entry: what is unusual is looked at elsewhere.
        depth = len(self._open) + 1
        local = self._names.get(name)
        if local is None or self._foreign or depth > MAX_DEPTH:
            local = self._unusual(name, depth + self._foreign)
            if local is None:
                return
        element = Element(local, self._parser.CurrentLineNumber, attributes.get("Ccy") if attributes else None)
        if depth in self._cuts and self._cuts[depth] == local:
            element.parent = self._open[-1]
        self._open.append(element)
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self._refused(f"has more than {MAX_ELEMENTS} elements in one part")
        if self._text:
            self._text.clear()
        self._text_size = 0
        if depth == 2:
            self._body(element)
        elif depth == 3:
            self._inside_body(element)

    def _unusual(self, name: str, depth: int) -> str | None:
        if depth > MAX_DEPTH:
            raise self._refused(f"is nested more than {MAX_DEPTH} deep")
        if depth == 1:
            self._root(name)
        if name.startswith(_XINCLUDE):
            raise self._refused("includes another document: a bank's message is complete in itself")
        if self._foreign or not name.startswith(self._prefix):
            # An extension or a signature in another namespace says nothing that is read here.
            self._foreign += 1
            return None
        local = name.removeprefix(self._prefix)
        if len(self._names) < _NAMES:
            self._names[name] = local
        return local

    def _end(self, _name: str) -> None:
        if self._foreign:
            self._foreign -= 1
            return
        element = self._open.pop()
        if self._text:
            if not element.children:
                element.raw = "".join(self._text)
            self._text.clear()
        depth = len(self._open) + 1
        if depth > 4 and element.parent is None:
            self._open[-1].children.append(element)
        elif depth > 2:
            self._hand_out(element, depth)

    def _hand_out(self, element: Element, depth: int) -> None:
        container = self._expected.container
        if depth == 4 and self._open[-1].name != container:
            self._open[-1].children.append(element)
            return
        self._elements = 0
        closes = depth == 3 and element.name == container
        self._ready.append((Place.CLOSED if closes else Place.PART, element))

    def _characters(self, text: str) -> None:
        if self._foreign or not self._open:
            return
        self._text_size += len(text)
        if self._text_size > MAX_TOKEN:
            raise self._refused(f"has a text of more than {MAX_TOKEN} characters")
        self._text.append(text)

    def _root(self, name: str) -> None:
        match = _ROOT.fullmatch(name)
        known = {kind.value for kind in MessageKind}
        if match is None or match[1] not in known:
            raise self._refused("is not camt.053, camt.054 or pain.002", name.replace(" ", " : "))
        kind, version = MessageKind(match[1]), int(match[2])
        if not kind.reads(version):
            raise self._refused(f"is {kind} in version .{version:02d}, which is not read: ask the bank for another")
        self._prefix = name.removesuffix("Document")
        self.version = version
        self._expected = kind

    def _body(self, element: Element) -> None:
        if self._kind is not None or element.name != self._expected.body:
            raise self._refused(f"should hold one {self._expected.body}", element.name)
        self._kind = self._expected
        self._ready.append((Place.BODY, element))

    def _inside_body(self, element: Element) -> None:
        if element.name == self._expected.container:
            self._ready.append((Place.OPENED, Element(element.name, element.line)))
        elif element.name not in _BESIDE:
            # A statement inside it would be passed over without a word.
            raise self._refused(f"has an element that does not belong in {self._expected.body}", element.name)

    def _refuser(self, what: str) -> Callable[..., None]:
        def refuse(*_: object) -> None:
            raise self._refused(what)

        return refuse

    def _refused(self, what: str, value: str | None = None) -> InputRefused:
        return InputRefused([Problem(self._file, self._parser.CurrentLineNumber, None, value, what)])


def recognise(content: bytes | BinaryIO, file: str = "message") -> MessageKind:
    """Tell by its root element what a file is, leaving a stream where it was; anything else is refused."""
    stream = BytesIO(content) if isinstance(content, bytes) else content
    start = stream.tell()
    try:
        message = BankXml(stream, file)
        next(message.parts())
        return message.kind
    finally:
        stream.seek(start)
