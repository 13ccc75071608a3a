"""The characters that every bank in SEPA accepts, and how Dutch and foreign names are written in them."""

import re
import unicodedata
from functools import cache

_SEPA_TEXT = re.compile(r"[a-zA-Z0-9/\-?:().,'+ ]*")

# What Unicode's compatibility form (NFKD) does not take apart; quotes become the only quote that the set has.
_SPELLED = {
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "TH",
    "ħ": "h",
    "Ħ": "H",
    "ı": "i",
    "ŧ": "t",
    "Ŧ": "T",
    "ĸ": "k",
    "ŋ": "n",
    "Ŋ": "N",
    "ə": "e",
    "Ə": "E",
    "€": "EUR",
    "&": "en",
    "‘": "'",
    "’": "'",
    "‚": "'",
    "‛": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "ʹ": "'",
    "ʻ": "'",
    "ʾ": "'",
    "ʿ": "'",
    '"': "'",
    "“": "'",
    "”": "'",
    "„": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
}


@cache
def _spell(character: str) -> str | None:
    if character in _SPELLED:
        return _SPELLED[character]
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(_SPELLED.get(part, part) for part in parts if not unicodedata.combining(part))
    return bare if _SEPA_TEXT.fullmatch(bare) else None


def to_sepa(text: str) -> str:
    """Write a text in the SEPA character set; ValueError names the first character that has no such spelling."""
    if _SEPA_TEXT.fullmatch(text):
        return text
    spelled = [_spell(character) for character in text]
    if None in spelled:
        place = spelled.index(None)
        seen = f"{text[place]!r} " if text[place].isprintable() else ""
        raise ValueError(
            f"has character {seen}(U+{ord(text[place]):04X}) at position {place + 1}, "
            "which the SEPA character set does not have: write it with letters a-z"
        )
    return "".join(part for part in spelled if part)
