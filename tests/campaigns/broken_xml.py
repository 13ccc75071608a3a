"""Ways in which a bank's XML goes wrong, or was made to do harm."""

import re
from collections.abc import Callable
from random import Random
from xml.sax.saxutils import escape

from campaigns.broken_bytes import Mutation, flipped, junk

_LEAF = re.compile(rb"<([A-Za-z0-9]+)((?: [^<>]*)?)>([^<]*)</\1>")
_ELEMENT = re.compile(rb"<([A-Za-z0-9]+)(?: [^<>]*)?>")
_AMOUNT = re.compile(rb"<Amt Ccy=\"([A-Z]{3})\">([^<]*)</Amt>")
_HEAD = re.compile(rb"^(?:<\?xml[^>]*\?>)?\s*")
_MARKUP = (
    b"<!-- x -->",
    b"<![CDATA[x]]>",
    b"<?php x ?>",
    b"&foo;",
    b"&#0;",
    b"&#x110000;",
    b"&#55296;",
    b"&lt;",
    b"<x/>",
    b'<x xmlns="urn:other"><Ntry/></x>',
    b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>',
    b"<p:x/>",
    b"<![CDATA[",
    b"<!-- -- -->",
    b"</x>",
    b"<![CDATA[]]>",
    b"<" + b"A" * 3_000,
    b"<A" + b" b='c'" * 500,
)
_DOCTYPES = (
    b'<!DOCTYPE d SYSTEM "file:///etc/passwd">',
    b'<!DOCTYPE d PUBLIC "a" "http://127.0.0.1:9/x.dtd">',
    b"<!DOCTYPE d>",
    b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://x/"> %p;]>',
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>",
    b'<!DOCTYPE d [<!ATTLIST Amt Ccy CDATA "EUR">]>',
    b'<!DOCTYPE d [<!ENTITY a "' + b"x" * 50_000 + b'">]>',
)


def _leaf(chance: Random, content: bytes, change: Callable[[str], str], pattern: re.Pattern[bytes] = _LEAF) -> bytes:
    """Change the text of one leaf element."""
    leaves = list(pattern.finditer(content))
    if not leaves:
        return flipped(chance, content)
    found = chance.choice(leaves)
    start, end = found.span(found.re.groups)
    return (
        content[:start]
        + change(content[start:end].decode("utf-8", "replace")).encode("utf-8", "replace")
        + content[end:]
    )


def text_wrong(chance: Random, content: bytes) -> bytes:
    return _leaf(chance, content, lambda was: escape(junk(chance, was)))


def amount_wrong(chance: Random, content: bytes) -> bytes:
    amounts = (
        "1.234",
        "-5.00",
        "1.331,43",
        "1,331.43",
        "650,00",
        "",
        "NaN",
        "INF",
        "1e3",
        "٦٥٠",
        "9" * 30,
        "650.001",
        "0",
        "0.00",
        "+5.00",
        " 5.00 ",
        ".",
        "5.",
        ".5",
        "0005.00",
        "5.0000000000",
        "5.00000000000",
        "1 000.00",
        "0x5",
        "5.00-",
        "9" * 15 + ".99",
        "5.00\n",
        "1_0",
        "99999999999999999.99",
        "--5",
        "5..0",
    )
    return _leaf(chance, content, lambda _: chance.choice(amounts), _AMOUNT)


def sum_wrong(chance: Random, content: bytes) -> bytes:
    return _leaf(chance, content, lambda was: re.sub(r"\d", lambda _: str(chance.randrange(10)), was, count=3), _AMOUNT)


def currency_wrong(chance: Random, content: bytes) -> bytes:
    amounts = list(re.finditer(rb' Ccy="[A-Z]{3}"', content))
    if not amounts:
        return flipped(chance, content)
    found = chance.choice(amounts)
    new = chance.choice(
        (
            b"",
            b' Ccy="USD"',
            b' Ccy=""',
            b' Ccy="eur"',
            b' Ccy="EURO"',
            b' Ccy="EUR" Ccy="EUR"',
            b' CCY="EUR"',
            b' x:Ccy="EUR"',
            b" Ccy=EUR",
            b' Ccy="' + b"E" * 100_000 + b'"',
        )
    )
    return content[: found.start()] + new + content[found.end() :]


def texts_swapped(chance: Random, content: bytes) -> bytes:
    leaves = list(_LEAF.finditer(content))
    if len(leaves) < 2:
        return flipped(chance, content)
    one, other = sorted(chance.sample(leaves, 2), key=re.Match.start)
    return content[: one.start(3)] + other[3] + content[one.end(3) : other.start(3)] + one[3] + content[other.end(3) :]


def _element(chance: Random, content: bytes) -> tuple[int, int]:
    """Where a randomly chosen element begins and ends."""
    found = list(_ELEMENT.finditer(content))
    if not found:
        return 0, 0
    start = chance.choice(found)
    end = content.find(b"</" + start[1] + b">", start.end())
    return start.start(), (end + len(start[1]) + 3 if end >= 0 else start.end())


def element_doubled(chance: Random, content: bytes) -> bytes:
    start, end = _element(chance, content)
    return content[:end] + content[start:end] + content[end:]


def element_lost(chance: Random, content: bytes) -> bytes:
    start, end = _element(chance, content)
    return content[:start] + content[end:]


def element_moved(chance: Random, content: bytes) -> bytes:
    start, end = _element(chance, content)
    moved, rest = content[start:end], content[:start] + content[end:]
    places = [found.start() for found in _ELEMENT.finditer(rest)] or [0]
    place = chance.choice(places)
    return rest[:place] + moved + rest[place:]


def element_nested(chance: Random, content: bytes) -> bytes:
    start, end = _element(chance, content)
    depth = chance.choice((3, 70, 3_000))
    name = chance.choice((b"a", b"Ntry", b"TxDtls", b"Stmt", b'x xmlns="urn:other"'))
    closing = b"</" + name.split()[0] + b">"
    return content[:start] + (b"<" + name + b">") * depth + content[start:end] + closing * depth + content[end:]


def tag_renamed(chance: Random, content: bytes) -> bytes:
    found = list(_ELEMENT.finditer(content))
    if not found:
        return flipped(chance, content)
    name = chance.choice(found)[1]
    other = chance.choice(
        (b"X", name.lower(), name + b"2", b"A" * 2_000, chance.choice(found)[1], b"xml", b"p:q", b"\xc3\xa9")
    )
    return re.sub(rb"(</?)" + name + rb"(?=[ >])", rb"\g<1>" + other, content, count=chance.choice((1, 2, 0)))


def another_namespace(chance: Random, content: bytes) -> bytes:
    new = chance.choice(
        (
            b"",
            b"urn:other",
            b"urn:iso:std:iso:20022:tech:xsd:camt.052.001.02",
            b"urn:iso:std:iso:20022:tech:xsd:camt.053.001.99",
            b"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
            b"urn:iso:std:iso:20022:tech:xsd:pain.002.001.01",
            b"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
            b"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02",
            b"urn:iso:std:iso:20022:tech:xsd:camt.053.001." + "０２".encode(),
            b"n" * 5_000,
        )
    )
    return re.sub(rb'xmlns="[^"]*"', b'xmlns="' + new + b'"', content, count=1)


def markup_inserted(chance: Random, content: bytes) -> bytes:
    places = [*re.finditer(rb"[<>]", content)]
    place = chance.choice(places).start() + chance.randint(0, 1) if places else 0
    return content[:place] + chance.choice(_MARKUP) + content[place:]


def doctype_declared(chance: Random, content: bytes) -> bytes:
    head = _HEAD.match(content)
    start = head.end() if head else 0
    used = _leaf(chance, content[start:], lambda was: chance.choice(("&a;", "&j;", was)))
    return content[:start] + chance.choice(_DOCTYPES) + used


def encoding_declared(chance: Random, content: bytes) -> bytes:
    name = chance.choice(
        (
            b"utf-16",
            b"iso-8859-1",
            b"cp1252",
            b"utf-7",
            b"ebcdic",
            b"x" * 900,
            b"",
            b"utf-8\0",
            b"idna",
            b"rot13",
            b"base64",
            b"undefined",
            b"unicode_escape",
            b"hex",
            b"cp037",
            b"big5",
        )
    )
    head = _HEAD.match(content)
    return b'<?xml version="1.0" encoding="' + name + b'"?>' + content[head.end() if head else 0 :]


XML: tuple[Mutation, ...] = (
    *(text_wrong,) * 5,
    *(amount_wrong,) * 3,
    *(sum_wrong,) * 3,
    currency_wrong,
    texts_swapped,
    element_doubled,
    element_lost,
    element_moved,
    element_nested,
    tag_renamed,
    another_namespace,
    markup_inserted,
    doctype_declared,
    encoding_declared,
)
