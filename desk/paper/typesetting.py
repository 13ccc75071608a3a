"""PDF by typst: a template beside this module sets out words and figures that it is given as data, never as source.

Made as PDF/UA-1: with a language, a title and a tree of tags for who listens to it. The fonts are our own and the clock
is not looked at, so that the same data is the same paper on every machine.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

Data: TypeAlias = "str | Sequence[Data] | Mapping[str, Data]"

_ROOM: Path = Path(__file__).parent
# Every letter of these, and no other, is in our fonts and looks like itself: of other scripts many look like Latin.
_BLOCKS = (range(0x20, 0x180), range(0x218, 0x21C), range(0x1E00, 0x1F00))
_SIGNS = frozenset("€–—‘’“”…")


def pdf(template: str, data: Mapping[str, Data]) -> bytes:
    """The document that a template makes of its data; what cannot be printed is shown by its number."""
    import typst  # noqa: PLC0415 - large, and only who asks for a PDF needs it

    stated = {"data": json.dumps(_printable(data))}
    return typst.compile(
        _ROOM / "templates" / template,
        sys_inputs=stated,
        font_paths=[_ROOM / "fonts"],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )


def printable(text: str) -> str:
    """A text with every letter that cannot be printed shown by its number: never left out, never guessed."""
    return "".join(letter if _has_ink(letter) else letter.encode("unicode_escape").decode() for letter in text)


def _has_ink(letter: str) -> bool:
    # Latin-1 has letters without ink too: a soft hyphen or control character would make two names look like one.
    return letter.isprintable() and (letter in _SIGNS or any(ord(letter) in block for block in _BLOCKS))


def _printable(data: Data) -> Data:
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, Mapping):
        return {name: _printable(value) for name, value in data.items()}
    return [_printable(value) for value in data]
