"""Assessments of self-reliance: appended with who, when and evidence; nothing is ever overwritten."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from ledgers.dossier.trajectories import newest_trajectories, registered
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.schema.dossier import answers as answers_table
from ledgers.schema.dossier import assessments
from payments.dossier.answers import Answers
from payments.dossier.case import AssessmentMade
from payments.dossier.checklist import Answer


def assess(
    connection: Connection, client: str, made: Answers, checklist: str, actor: str, now: datetime
) -> tuple[int, bool]:
    """Record an assessment in the newest trajectory; (its number, False when the very same was recorded before)."""
    registered(connection, client)
    trajectory = newest_trajectories(connection, client).get(client)
    if trajectory is None:
        raise Refused(f"Client {client} is not in scope of ontzorgen: there is no trajectory to assess.")
    if trajectory.state == "ended":
        raise Refused(f"The ontzorgen of {client} has ended; an assessment belongs to an open one.")
    digest = _digest(made, checklist)
    here = (assessments.c.client == client) & (assessments.c.trajectory == trajectory.number)
    before = connection.execute(
        select(assessments.c.sequence, assessments.c.content_sha256, assessments.c.assessed_on)
        .where(here)
        .order_by(assessments.c.sequence)
    ).all()
    same = next((row.sequence for row in before if row.content_sha256 == digest), None)
    if same is not None:
        return same, False
    if before and made.assessed_on < before[-1].assessed_on:
        raise Refused(
            f"{client} was assessed later already, on {before[-1].assessed_on}: an older one would overrule it."
        )
    key = {"client": client, "trajectory": trajectory.number, "sequence": len(before) + 1}
    row = {
        "assessed_on": made.assessed_on,
        "checklist": checklist,
        "waive_proof": made.waive_proof,
        "content_sha256": digest,
        "assessed_by": actor,
        "assessed_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(assessments.insert(), key | row)
    if made.answers:
        connection.execute(
            answers_table.insert(),
            [
                key | {"code": code, "met": answer.met, "score": answer.score, "evidence": answer.evidence}
                for code, answer in made.answers.items()
            ],
        )
    # The trail holds what was decided, by key; the words about a person stay in the dossier.
    outcome = {code: answer.met if answer.met is not None else answer.score for code, answer in made.answers.items()}
    subject = key | {"on": str(made.assessed_on), "checklist": checklist, "answers": outcome, "sha256": digest}
    audit.append(connection, now, actor, "assessed", subject | {"proof_waived": made.waive_proof is not None})
    return len(before) + 1, True


def _digest(made: Answers, checklist: str) -> str:
    """The content of an assessment, whatever the file's order and spacing."""
    content = {
        "assessed_on": made.assessed_on.isoformat(),
        "checklist": checklist,
        "waive_proof": made.waive_proof,
        "answers": {code: [a.met, a.score, a.evidence] for code, a in made.answers.items()},
    }
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def assessments_of(connection: Connection, client: str | None = None) -> Mapping[tuple[str, int], list[AssessmentMade]]:
    """Every assessment per (client, trajectory), oldest first, with the answers that it brought."""
    a, g = assessments.c, answers_table.c
    made_query = select(assessments).order_by(a.client, a.trajectory, a.sequence)
    given_query = select(answers_table)
    if client is not None:
        made_query, given_query = made_query.where(a.client == client), given_query.where(g.client == client)
    given: dict[tuple[str, int, int], dict[str, Answer]] = defaultdict(dict)
    for row in connection.execute(given_query):
        given[row.client, row.trajectory, row.sequence][row.code] = Answer(row.met, row.score, row.evidence)
    found: dict[tuple[str, int], list[AssessmentMade]] = defaultdict(list)
    for row in connection.execute(made_query):
        found[row.client, row.trajectory].append(
            AssessmentMade(
                sequence=row.sequence,
                assessed_on=row.assessed_on,
                checklist=row.checklist,
                waive_proof=row.waive_proof,
                answers=given[row.client, row.trajectory, row.sequence],
                assessed_by=row.assessed_by,
            )
        )
    return found
