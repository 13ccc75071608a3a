"""What happens to any file on its way: bytes lost, added, doubled, or written in another encoding."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

Mutation = Callable[[Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Bad:
    """One file that is most likely wrong, and what was done to it."""

    content: bytes
    how: tuple[str, ...]


def damaged(chance: Random, content: bytes, own: Sequence[Mutation]) -> Bad:
    """Mutate a valid file: mostly once and in the ways of its own format, sometimes more often."""
    how = []
    for _ in range(chance.choice((1, 1, 1, 1, 2, 3))):
        mutation = chance.choice(own) if chance.random() < 0.75 else chance.choice(ANY_FILE)
        content = mutation(chance, content)
        how.append(mutation.__name__)
    return Bad(content, tuple(how))


def flipped(chance: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncated(chance: Random, content: bytes) -> bytes:
    return content[: chance.randint(0, len(content))]


def beheaded(chance: Random, content: bytes) -> bytes:
    return content[chance.randint(0, min(60, len(content))) :]


def block_doubled(chance: Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    end = chance.randint(start, min(len(content), start + 400))
    return content[:end] + content[start:end] + content[end:]


def block_lost(chance: Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    return content[:start] + content[chance.randint(start, min(len(content), start + 200)) :]


def bytes_inserted(chance: Random, content: bytes) -> bytes:
    place = chance.randint(0, len(content))
    what = chance.choice(
        (
            b"\0",
            b"\xff",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xf5\x80\x80\x80",
            b"\xef\xbb\xbf",
            b"\xe2\x80\xae",
            b"\x1b[2J",
            b"\x1a",
            b"\r",
            b"\n",
            b"\t",
            b"\x0c",
            b"\x85",
            b'"',
            b"'",
            b";",
            b"<",
            b">",
            b"&",
            b"]]>",
            b"\\",
            b"=",
            b"\x7f",
            chance.randbytes(chance.randint(1, 40)),
        )
    )
    return content[:place] + what + content[place:]


def re_encoded(chance: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    other = chance.choice(("cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "shift-jis"))
    return text.encode(other, "replace")


def with_bom(chance: Random, content: bytes) -> bytes:
    return chance.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")) + content


def of_another_kind(chance: Random, content: bytes) -> bytes:
    magic = (
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n",
        b"<html>",
        b"{",
        b"\x89PNG",
    )
    return chance.choice((chance.choice(magic) + content, gzip.compress(content, mtime=0), b"", b"\n", b" " * 500))


def filled_up(chance: Random, content: bytes) -> bytes:
    """A giant field: one character many times, somewhere."""
    place = chance.randint(0, len(content))
    piece = chance.choice((b"x", b"9", b" ", b'"', b";", b"\n", b"<", b"[", b"\xc3\xa9"))
    return content[:place] + piece * chance.choice((300, 5_000, 70_000)) + content[place:]


def written_twice(chance: Random, content: bytes) -> bytes:
    return content + chance.choice((b"", b"\n", b"\0")) + content


ANY_FILE: tuple[Mutation, ...] = (
    flipped,
    truncated,
    beheaded,
    block_doubled,
    block_lost,
    bytes_inserted,
    re_encoded,
    with_bom,
    of_another_kind,
    filled_up,
    written_twice,
)

_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
BSN = "123456782"  # passes the eleven-test, of nobody: the authorities' own example

# What people and programs write where something else belongs; each gets the text that stood there.
JUNK: tuple[Callable[[str], str], ...] = (
    lambda _: "",
    lambda was: f" {was}",
    lambda was: f"{was} ",
    lambda was: was + "\u00a0",
    lambda was: was + "\u200b",
    lambda was: "\u202e" + was,
    lambda was: was.swapcase(),
    lambda was: was.translate(_ARABIC),
    lambda was: was.translate(_WIDE),
    lambda was: was[::-1],
    lambda was: was * 2,
    lambda was: was[:-1],
    lambda was: was + "0",
    lambda was: was.replace(",", "."),
    lambda was: was.replace(".", ","),
    lambda was: was.replace(",", ""),
    lambda was: was.replace("-", "/"),
    lambda was: f"-{was}",
    lambda was: f"+{was}",
    lambda was: f"={was}",
    lambda was: f"'{was}",
    lambda was: f"€ {was}",
    lambda was: f"{was} EUR",
    lambda was: "-".join(reversed(was.split("-"))),
    lambda was: was + "T00:00:00",
    lambda _: "1331",
    lambda _: "1331,4",
    lambda _: "1331,433",
    lambda _: "1331.43",
    lambda _: "1,331.43",
    lambda _: "13.31,43",
    lambda _: "1.33,43",
    lambda _: "0.650,00",
    lambda _: "0650,00",
    lambda _: "1e3",
    lambda _: "1_331,43",
    lambda _: "1 331,43",
    lambda _: "0,00",
    lambda _: "-5,00",
    lambda _: "-0,01",
    lambda _: "1.000.000.000,00",
    lambda _: "9" * 40 + ",00",
    lambda _: "9" * 5_000,
    lambda _: "NaN",
    lambda _: "Infinity",
    lambda _: "null",
    lambda _: "None",
    lambda _: "true",
    lambda _: "#REF!",
    lambda _: "0x1F",
    lambda _: "2026-13",
    lambda _: "2026-00",
    lambda _: "2026-02-30",
    lambda _: "25-11-2026",
    lambda _: "2026-25-11",
    lambda _: "0001-01-01",
    lambda _: "9999-12-31",
    lambda _: "20261125",
    lambda _: "2026-11-25T24:00:00",
    lambda _: "46351",
    lambda _: BSN,
    lambda _: "NL00ABNA0417164300",
    lambda _: "NL91ABNA0417164300",
    lambda _: '=HYPERLINK("http://example.org";"x")',
    lambda _: "@SUM(A1)",
    lambda _: "+31 6",
    lambda _: "\tx",
    lambda _: "-cmd|'/c calc'!A0",
    lambda _: "x" * 36,
    lambda _: "é" * 71,
    lambda _: "x" * 40_000,
    lambda _: "💶",
    lambda _: "\x00",
    lambda _: "\x1b[31m",
    lambda _: "a;b",
    lambda _: 'a"b',
    lambda _: '"a"b',
    lambda _: "a\nb",
    lambda _: "<b>",
    lambda _: "&amp;",
    lambda _: "'; DROP TABLE clients; --",
    lambda _: "../../etc/passwd",
    lambda _: "${jndi:x}",
    lambda _: "{0.__class__}",
    lambda _: "%s%n",
    lambda _: "ﬁ",
    lambda _: "Ｊａ",
    lambda _: "ß",
)


def junk(chance: Random, was: str) -> str:
    return chance.choice(JUNK)(was)
