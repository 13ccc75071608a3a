"""Costs that everybody has and a client does not: said once, so that nobody asks again."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, select

from ledgers.dossier.trajectories import registered
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.schema.dossier import absent_costs
from payments.parties import Category


def absent(connection: Connection, client: str | None = None) -> dict[str, frozenset[Category]]:
    """What each client (or one) is known to be without."""
    a = absent_costs.c
    query = select(a.client, a.category)
    if client is not None:
        query = query.where(a.client == client)
    found: dict[str, set[Category]] = defaultdict(set)
    for code, category in connection.execute(query):
        found[code].add(Category(category))
    return {code: frozenset(categories) for code, categories in found.items()}


def record(connection: Connection, client: str, category: Category, why: str, actor: str, now: datetime) -> bool:
    """Record that a client has no cost of a category; False when it was said before."""
    registered(connection, client)
    if category is Category.OTHER:
        raise Refused("Nobody is asked for `overig`: name huur, energie, water or zorgverzekering.")
    if not why.strip():
        raise Refused("Say with --why why this client has no such cost.")
    if category in absent(connection, client).get(client, frozenset()):
        return False
    row = {
        "client": client,
        "category": category.value,
        "why": why.strip(),
        "recorded_by": actor,
        "recorded_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(absent_costs.insert(), row)
    audit.append(connection, now, actor, "cost_absent", {"client": client, "category": category.value})
    return True
