"""ANSWERS.json, one assessment as the regievoerder wrote it down: read strictly, with every problem at once."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from stdnum import iban

from payments.dossier.checklist import MAX_SCORE, Answer, Checklist, ChecklistItem, ChecklistPart
from payments.intake.findings import Findings
from payments.month import parse_date
from payments.problems import InputRefused, Problem, refusal, shown
from payments.references import plain_text, written_bsns

__all__ = ["MAX_BYTES", "MAX_TEXT", "Answer", "Answers", "read_answers"]

MAX_BYTES = 1_048_576
MAX_TEXT = 2_000
_KEYS = ("assessed_on", "answers", "waive_proof")
_SCORES = {str(score): score for score in range(MAX_SCORE + 1)}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]{1,40}")
_LIKE_IBAN = re.compile(r"(?=([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}))")


@dataclass(frozen=True, slots=True)
class Answers:
    """One accepted assessment; it may answer only some codes."""

    assessed_on: date
    answers: Mapping[str, Answer]
    waive_proof: str | None


@dataclass(frozen=True, slots=True)
class _Number:
    """A JSON number as it was written, so that 1, 1.0 and 1e0 stay different and no digits are computed with."""

    text: str


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object with every pair it was written with: a repeated key is still there to be seen."""

    pairs: list[tuple[str, object]]


def read_answers(
    content: bytes, file: str, checklist: Checklist, today: date, klantnummers: Collection[str] = ()
) -> Answers:
    """Read one assessment made with this checklist; anything that is not exactly as agreed refuses the file.

    `klantnummers` are keys of the books that could be taken for a BSN.
    """
    return _AnswersReading(file, checklist, today, klantnummers).read(_parse(content, file))


def _parse(content: bytes, file: str) -> object:
    if len(content) > MAX_BYTES:
        raise refusal(file, "is larger than 1 MB: an assessment is a short text")
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_Object,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except UnicodeDecodeError:
        raise refusal(file, "is not UTF-8 text: save it again as UTF-8") from None
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg} (character {error.colno} of the line)"
        raise InputRefused([Problem(file, error.lineno, None, None, what)]) from None
    except RecursionError:
        raise refusal(file, "has objects in objects without end: an answer is one object deep") from None


class _AnswersReading:
    """One file under reading, and all that is wrong with it."""

    def __init__(self, file: str, checklist: Checklist, today: date, klantnummers: Collection[str]) -> None:
        self._findings = Findings(file)
        self._klantnummers = klantnummers
        self._checklist = checklist
        self._today = today

    def read(self, document: object) -> Answers:
        """The whole document, or InputRefused."""
        fields = self._fields(document, "", _KEYS)
        assessed_on = self._day(fields)
        answers = {} if fields is None else self._answers(fields)
        waive_proof = None
        if fields is not None and "waive_proof" in fields:
            waive_proof = self._text(fields["waive_proof"], "waive_proof", "the reason why no proof is asked")
        if not self._findings and not answers and waive_proof is None:
            self._note("answers", None, "has no answer: give at least one, or waive_proof with its reason")
        self._findings.refuse()
        assert assessed_on is not None
        return Answers(assessed_on, answers, waive_proof)

    def _note(self, path: str, value: object, what: str) -> None:
        self._findings.add(None, path or None, _seen(value), what)

    def _fields(self, value: object, path: str, allowed: tuple[str, ...]) -> dict[str, object] | None:
        """The known keys of an object; each unknown one and each that stands twice is noted."""
        if not isinstance(value, _Object):
            self._note(path, value, f"is not an object {{...}} with {', '.join(allowed)}")
            return None
        fields: dict[str, object] = {}
        for key, field in value.pairs:
            where = _join(path, key)
            if key in fields:
                self._note(where, None, "stands twice: keep one of the two")
            elif key not in allowed:
                # Looking for what was meant is slow, and useless in a file of rubbish.
                near = get_close_matches(key[:40], allowed, n=1) if len(value.pairs) < 100 else []
                hint = f"is {near[0]} meant?" if near else f"there are {', '.join(allowed)}"
                here = f"a code of checklist {self._checklist.version}" if path == "answers" else "known here"
                self._note(where, None, f"is not {here}: {hint}")
            else:
                fields[key] = field
        return fields

    def _day(self, fields: Mapping[str, object] | None) -> date | None:
        if fields is None:
            return None
        value = fields.get("assessed_on")
        if "assessed_on" not in fields:
            self._note("assessed_on", None, "is missing: add the day of the conversation, like 2026-11-20")
        elif not isinstance(value, str):
            self._note("assessed_on", value, 'is not a date between quotes, like "2026-11-20"')
        else:
            try:
                day = parse_date(value)
            except ValueError as what:
                self._note("assessed_on", value, str(what))
                return None
            if day <= self._today:
                return day
            self._note("assessed_on", value, f"lies after today ({self._today}): correct the date")
        return None

    def _answers(self, fields: Mapping[str, object]) -> dict[str, Answer]:
        if "answers" not in fields:
            self._note("answers", None, "is missing: add the answers, {} when there are none")
            return {}
        items = {item.code: item for item in self._checklist.items}
        given = self._fields(fields["answers"], "answers", tuple(items)) or {}
        read = {code: self._answer(items[code], value) for code, value in given.items()}
        return {code: answer for code, answer in read.items() if answer is not None}

    def _answer(self, item: ChecklistItem, value: object) -> Answer | None:
        path = f"answers.{item.code}"
        ours, other = ("met", "score") if item.part is ChecklistPart.BASICS else ("score", "met")
        wanted = "true or false" if item.part is ChecklistPart.BASICS else "0, 1 or 2"
        fields = self._fields(value, path, (ours, "evidence", other))
        if fields is None:
            return None
        if other in fields:
            self._note(f"{path}.{other}", fields[other], f"does not belong here: {item.code} has {ours}, {wanted}")
        given = fields.get(ours)
        met = given if isinstance(given, bool) and ours == "met" else None
        score = _SCORES.get(given.text) if isinstance(given, _Number) and ours == "score" else None
        if ours not in fields:
            self._note(f"{path}.{ours}", None, f"is missing: add {wanted}")
        elif met is None and score is None:
            self._note(f"{path}.{ours}", given, f"is not {wanted}")
        if "evidence" not in fields:
            self._note(f"{path}.evidence", None, "is missing: say what you saw or heard")
            return None
        evidence = self._text(fields["evidence"], f"{path}.evidence", "what you saw or heard")
        return None if evidence is None else Answer(met, score, evidence)

    def _text(self, value: object, path: str, meaning: str) -> str | None:
        """Free text about a person: never repeated in a problem, not even in part."""
        if not isinstance(value, str):
            self._note(path, value, f"is not text between quotes: say {meaning}")
            return None
        what = next(_text_problems(value, meaning, self._klantnummers), None)
        if what is not None:
            self._note(path, None, what)
            return None
        return value


def _text_problems(text: str, meaning: str, klantnummers: Collection[str]) -> Iterator[str]:
    if not text.strip():
        yield f"is empty: say {meaning}"
    if len(text) > MAX_TEXT:
        yield f"has {len(text)} characters: shorten it to at most {MAX_TEXT}"
    elif number := _personal_number(text, klantnummers):
        yield f"contains {number}, which does not belong in a dossier text: leave it out"
    # A database refuses these, or shows them as nothing.
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in text):
        yield "contains a control character or half a character: type the text again"


def _personal_number(text: str, klantnummers: Collection[str] = ()) -> str | None:
    """Which personal number hides in a text, also in wide digits, with invisible characters or in groups."""
    if written_bsns(text).difference(klantnummers):
        return "a BSN"
    plain = plain_text(text)
    dense = re.sub(r"[\W_]", "", plain).upper()
    tails = (found for found in _LIKE_IBAN.findall(dense))
    if any(iban.is_valid(tail[:length], check_country=False) for tail in tails for length in range(15, len(tail) + 1)):
        return "an IBAN"
    return None


def _join(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        key = shown(key)
    if _personal_number(key):
        key = "(a personal number)"
    return f"{path}.{key}" if path else key


def _seen(value: object) -> str | None:
    """A wrong value as it was written; None where it is too much, or a personal number."""
    match value:
        case bool():
            return str(value).lower()
        case _Number(text) | str(text):
            return None if _personal_number(text[:MAX_TEXT]) else text
    return None
