"""Ways in which a file of keys and values goes wrong: settings in TOML, an assessment in JSON."""

import json
import re
from random import Random
from typing import Any

from campaigns.broken_bytes import BSN, Mutation, flipped, junk

_TOML_VALUES = (
    "true",
    "1",
    "-1",
    "0",
    '""',
    '"x"',
    "[]",
    "{}",
    "1.5",
    "nan",
    "inf",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "07:30:00",
    "[1, 2]",
    '["huur"]',
    '{ from = "1,00" }',
    '{ from = "9,00", until = "1,00" }',
    "9" * 30,
    "9" * 5_000,
    "0x" + "f" * 6_000,
    '"' + "x" * 90_000 + '"',
    "[" * 40 + "]" * 40,
    "[" * 3_000 + "]" * 3_000,
    '"\\u0000"',
    '"\\u202e"',
    '"\\u001b[2J"',
    '"1331.43"',
    '"1.331,4"',
    '"-5,00"',
    '"NL11BNGH0285012346"',
    '"NL11 BNGH 0285 0123 46"',
    '"nl11bngh0285012346"',
    '"24:00"',
    '"14:30:00"',
    '"٣,٠٠"',
    "1_000",
    "0o17",
    '"""x\ny"""',
    "'x'",
    "[[[1]]]",
    "1979-02-30",
    '"' + BSN + '"',
    '"BNGHNL2G"',
    '"DE89370400440532013000"',
    "[{}]",
    "{ a = { b = { c = 1 } } }",
    "0x",
    "tru",
    "",
)
_TOML_LINES = (
    "unknown = 1",
    "[unknown]",
    "[gemeenten.assen]",
    "[[gemeenten]]",
    "[gemeenten.'']",
    '[gemeenten."A B"]',
    "[defaults]",
    "gemeenten.x = 1",
    '"" = 1',
    '"\\u001b[2J" = 1',
    '"a\\nb" = 1',
    "k" * 3_000 + " = 1",
    "a.b.c.d = 1",
    "=",
    "[",
    "key",
    "payday = 32",
    "bic = 'X'",
    "[gemeenten.x]\niban = 'x'",
    "[input.columns.x]",
    "x" * 80_000 + " = 1",
    "a = 1\na = 2",
    '[input.columns.clients]\n"a" = "bsn"',
    "code = 'x'",
    "iban = 'NL95ABNA0601230458'",
    "[gemeenten.[key]]",
)


def value_wrong(chance: Random, content: bytes) -> bytes:
    lines = content.decode("utf-8", "replace").split("\n")
    stated = [number for number, line in enumerate(lines) if re.match(r"[\w\"'.-]+ *=", line)]
    if not stated:
        return flipped(chance, content)
    number = chance.choice(stated)
    lines[number] = f"{lines[number].partition('=')[0]}= {chance.choice(_TOML_VALUES)}"
    return "\n".join(lines).encode("utf-8", "replace")


def text_wrong(chance: Random, content: bytes) -> bytes:
    texts = list(re.finditer(rb'"([^"\n]*)"', content))
    if not texts:
        return flipped(chance, content)
    found = chance.choice(texts)
    new = json.dumps(junk(chance, found[1].decode("utf-8", "replace"))).encode()
    return content[: found.start()] + new + content[found.end() :]


def line_changed(chance: Random, content: bytes) -> bytes:
    lines = content.decode("utf-8", "replace").split("\n")
    place = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[chance.randrange(len(lines))])
        case 2:
            lines.insert(place, chance.choice(_TOML_LINES))
        case _:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
    return "\n".join(lines).encode("utf-8", "replace")


def key_renamed(chance: Random, content: bytes) -> bytes:
    keys = list(re.finditer(rb"(?<![a-z_-])[a-z_-]{3,}+(?= *[=.\]])", content))
    if not keys:
        return flipped(chance, content)
    found = chance.choice(keys)
    other = chance.choice(
        (found[0].upper(), found[0] + b"s", found[0][:-1], b'""', chance.choice(keys)[0], b"__proto__")
    )
    return content[: found.start()] + other + content[found.end() :]


TOML: tuple[Mutation, ...] = (*(value_wrong,) * 4, text_wrong, line_changed, key_renamed)

_JSON_VALUES = (
    "null",
    "true",
    "false",
    "NaN",
    "-Infinity",
    "1e999",
    "0.5",
    "1.0",
    "-0",
    "3",
    "9" * 30,
    "9" * 6_000,
    '""',
    '"x"',
    "[]",
    "{}",
    '"\\ud800"',
    '"\\u0000"',
    '"' + "x" * 3_000 + '"',
    "[" * 900 + "]" * 900,
    '{"a":' * 900 + "1" + "}" * 900,
    "01",
    "'x'",
    '"2026-02-30"',
    '"2999-01-01"',
    f'"{BSN}"',
    '"NL91ABNA0417164300"',
    '{"met": true}',
    '{"met": 1, "evidence": "x"}',
    '{"score": true, "evidence": "x"}',
    '{"score": 3, "evidence": "x"}',
    '{"met": true, "met": false, "evidence": "x"}',
    '{"met": true, "evidence": null}',
    '{"met": true, "score": 1, "evidence": "x"}',
    "undefined",
    "// x\n1",
    "1,",
    "",
)


def json_value_wrong(chance: Random, content: bytes) -> bytes:
    values = list(re.finditer(rb'(?<=: )(true|\d|"[^"]*"|\{[^{}]*\})', content))
    if not values:
        return flipped(chance, content)
    found = chance.choice(values)
    return content[: found.start()] + chance.choice(_JSON_VALUES).encode() + content[found.end() :]


def json_key_wrong(chance: Random, content: bytes) -> bytes:
    keys = list(re.finditer(rb'"([a-z_]+)"(?=:)', content))
    if not keys:
        return flipped(chance, content)
    found = chance.choice(keys)
    new = chance.choice(
        (chance.choice(keys)[0], b'""', b'"bsn"', b'"x\\u001b[2J"', b'"' + b"k" * 5_000 + b'"', b"met", b"1")
    )
    return content[: found.start()] + new + content[found.end() :]


def json_whole_wrong(chance: Random, content: bytes) -> bytes:
    whole: tuple[bytes, ...] = (
        b"[" + content + b"]",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"null",
        b'"x"',
        b"{}",
        content + b"x",
        b"1",
        content + content,
        content.replace(b"{", b"{,", 1),
        content.replace(b"}", b",}", 1),
        content.replace(b'"', b"'"),
    )
    return chance.choice(whole)


JSON: tuple[Mutation, ...] = (*(json_value_wrong,) * 3, *(json_key_wrong,) * 2, json_whole_wrong)


def an_assessment(chance: Random, met: tuple[str, ...], scored: tuple[str, ...]) -> bytes:
    """A valid ANSWERS.json over some codes of the checklist."""
    answers: dict[str, Any] = {code: {"met": chance.random() < 0.8, "evidence": "gezien"} for code in met}
    answers |= {code: {"score": chance.randrange(3), "evidence": "besproken"} for code in scored}
    kept = chance.sample(sorted(answers), chance.randint(1, len(answers)))
    document: dict[str, Any] = {"assessed_on": "2026-11-17", "answers": {code: answers[code] for code in kept}}
    if chance.random() < 0.3:
        document["waive_proof"] = "woont bij familie"
    return json.dumps(document, indent=chance.choice((None, 1))).encode()
