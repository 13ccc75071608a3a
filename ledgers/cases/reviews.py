"""The worklist over the books: what it looks at, and what reviews found and whom they told."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from ledgers.cases.case_reader import load_cases
from ledgers.cases.ends import EndRules, months_run, stand
from ledgers.journal import audit
from ledgers.journal.posting import insert_rows
from ledgers.registers.register import LATEST
from ledgers.schema.dossier import notices, reviews
from payments.dossier.case import Case
from payments.dossier.letters_due import NoticeKind, Occasion
from payments.dossier.worklist_items import Look, WorklistItem
from payments.month import Month


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter as it was made: the hash of the facts in it, and the day that stands above it."""

    occasion: Occasion
    facts_sha256: str
    made_on: date


@dataclass(frozen=True, slots=True)
class Files:
    """All cases of the gemeenten that the settings know, with the months that each gemeente has run."""

    cases: Mapping[str, Case]
    ran: Mapping[str, frozenset[Month]]


def read_files(connection: Connection, rules: EndRules, gemeente: str | None = None, month: Month = LATEST) -> Files:
    """Read the cases of one gemeente or of all by the registers of a benefit month, in a fixed number of queries."""
    cases = load_cases(connection, rules.months, gemeente=gemeente, month=month)
    known = {code: case for code, case in cases.items() if case.client.gemeente in rules.gemeenten}
    chosen = rules.gemeenten if gemeente is None else [gemeente]
    return Files(known, {code: months_run(connection, code) for code in chosen})


def look(files: Files, client: str, rules: EndRules, on: date) -> Look:
    """One client as they stand on a day; what was given back and not listed yet plays no part here."""
    case = files.cases[client]
    gemeente = case.client.gemeente
    found = stand(case, rules, files.ran[gemeente], on, case.ended_on, 0)
    rule, ran = rules.gemeenten[gemeente], files.ran[gemeente]
    return Look(case, found.assessment.verdict, found.junctions, rule.payday, rule.policy, ran, found.coming)


def store_review(
    connection: Connection, gemeente: str, day: date, items: Sequence[WorklistItem], actor: str, now: datetime
) -> bool:
    """Keep what a review found, by keys only; False when the same list of that day is kept already."""
    listed = [{"client": item.client, "kind": item.kind.value, "date": item.day.isoformat()} for item in items]
    content = json.dumps(listed, separators=(",", ":"), ensure_ascii=True)
    digest = sha256(content.encode()).hexdigest()
    r = reviews.c
    same = (r.gemeente == gemeente) & (r.day == day) & (r.items_sha256 == digest)
    if connection.execute(select(r.day).where(same)).first() is not None:
        return False
    row = {
        "gemeente": gemeente,
        "day": day,
        "items_sha256": digest,
        "items": content,
        "made_by": actor,
        "made_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(reviews.insert(), row)
    counts = Counter(item.kind.value for item in items)
    subject = {"gemeente": gemeente, "day": str(day), "items": counts, "sha256": digest}
    audit.append(connection, now, actor, "reviewed", subject)
    return True


def notices_made(connection: Connection) -> dict[Occasion, Notice]:
    """Every letter that was ever made, by its occasion, in the order of clients."""
    n = notices.c
    query = select(notices).order_by(n.client, n.kind, n.about, n.obligation)
    found = {}
    for row in connection.execute(query):
        occasion = Occasion(row.client, row.obligation, NoticeKind(row.kind), row.about)
        found[occasion] = Notice(occasion, row.text_sha256, datetime.fromisoformat(row.made_at).date())
    return found


def store_notices(
    connection: Connection, gemeente: str, made: Iterable[tuple[Occasion, str]], actor: str, now: datetime
) -> int:
    """Keep the letters (occasion, hash of its facts) that were made; the key refuses a second one of an occasion."""
    at = now.isoformat(timespec="seconds")
    rows = [
        {
            "client": o.client,
            "obligation": o.obligation,
            "kind": o.kind.value,
            "about": o.about,
            "text_sha256": digest,
            "made_by": actor,
            "made_at": at,
        }
        for o, digest in made
    ]
    if rows:
        insert_rows(connection, notices, rows)
        counts = Counter(str(row["kind"]) for row in rows)
        audit.append(connection, now, actor, "notices_made", {"gemeente": gemeente, "notices": counts})
    return len(rows)
