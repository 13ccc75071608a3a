"""Triggers that refuse edits of history, generated from the data model for SQLite and PostgreSQL."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table

from ledgers.schema import core
from ledgers.schema.bank import BANK_APPEND_ONLY, LOCKED_BY_CLOSING
from ledgers.schema.dossier import DOSSIER_APPEND_ONLY, DOSSIER_STATEFUL

APPEND_ONLY = (*core.APPEND_ONLY, *BANK_APPEND_ONLY, *DOSSIER_APPEND_ONLY)
STATEFUL = core.STATEFUL | DOSSIER_STATEFUL


def install(connection: Connection) -> None:
    """Create the triggers; called once, in the transaction that creates the tables."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> Iterator[str]:
    """What makes the triggers on `sqlite` or on `postgresql`, in order."""
    sqlite = dialect == "sqlite"
    if not sqlite:
        yield _REFUSE
    for table in (*APPEND_ONLY, *STATEFUL):
        yield from _sqlite(table) if sqlite else _postgresql(table)
    for name in LOCKED_BY_CLOSING:
        yield from _sqlite_lock(name) if sqlite else _postgresql_lock(name)
    yield from _SQLITE_ONCE if sqlite else _POSTGRESQL_ONCE


def _rules(table: Table) -> list[tuple[str, str, str, str]]:
    """(trigger, event, condition, refusal) for one table."""
    name = table.name
    history = f"append_only_{name}"
    if table in APPEND_ONLY:
        return [(f"{name}_update", "UPDATE", "", history), (f"{name}_delete", "DELETE", "", history)]
    fixed = ", ".join(column.name for column in table.columns if column.name != "state")
    steps = " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in STATEFUL[table])
    return [
        (f"{name}_delete", "DELETE", "", history),
        (f"{name}_fixed", f"UPDATE OF {fixed}", "", history),
        (f"{name}_step", "UPDATE OF state", f"WHEN (NOT (OLD.state = NEW.state OR {steps}))", f"transition_{name}"),
    ]


def _sqlite(table: Table) -> list[str]:
    return [
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table.name} {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for trigger, event, condition, refusal in _rules(table)
    ]


_REFUSE = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _postgresql(table: Table) -> list[str]:
    statements = [
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table.name} FOR EACH ROW {condition} "
        f"EXECUTE FUNCTION refuse_change('{refusal}')"
        for trigger, event, condition, refusal in _rules(table)
    ]
    statements.append(
        f"CREATE TRIGGER {table.name}_truncate BEFORE TRUNCATE ON {table.name} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION refuse_change('append_only_{table.name}')"
    )
    return statements


_CLOSED = "EXISTS (SELECT 1 FROM month_closings WHERE month = NEW.month)"


def _sqlite_lock(name: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'closed_month_{name}'); END"
    return [f"CREATE TRIGGER {name}_closed BEFORE INSERT ON {name} WHEN {_CLOSED} {refuse}"]


def _postgresql_lock(name: str) -> list[str]:
    # A trigger condition may not query: the function does.
    refuse = f"RAISE EXCEPTION USING MESSAGE = 'closed_month_{name}', ERRCODE = 'integrity_constraint_violation'"
    body = f"$$ BEGIN IF {_CLOSED} THEN {refuse}; END IF; RETURN NEW; END $$"
    return [
        f"CREATE FUNCTION refuse_closed_{name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER {name}_closed BEFORE INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION refuse_closed_{name}()",
    ]


# The time before was given back, or its payment came back and was given to the clients.
_TWICE = (
    "NEW.sequence <> 1 AND NOT EXISTS (SELECT 1 FROM given_back g WHERE g.obligation = NEW.obligation "
    "AND g.covers = NEW.covers AND g.withholding = NEW.sequence - 1) "
    "AND NOT EXISTS (SELECT 1 FROM payments p JOIN exceptions e ON e.payment_id = p.payment_id "
    "JOIN exception_resolutions r ON r.exception_id = e.exception_id WHERE p.obligation = NEW.obligation "
    "AND p.covers = NEW.covers AND p.withholding = NEW.sequence - 1 AND r.as_what = 'refund_to_client')"
)
_TOLD = "withheld_once_until_given_back"
_RAISE = f"RAISE EXCEPTION USING MESSAGE = '{_TOLD}', ERRCODE = 'integrity_constraint_violation'"
_BODY = f"$$ BEGIN IF {_TWICE} THEN {_RAISE}; END IF; RETURN NEW; END $$"
_ONCE = "CREATE TRIGGER withholdings_once BEFORE INSERT ON withholdings"

_SQLITE_ONCE = (f"{_ONCE} WHEN ({_TWICE}) BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END",)
_POSTGRESQL_ONCE = (
    f"CREATE FUNCTION refuse_withheld_twice() RETURNS trigger LANGUAGE plpgsql AS {_BODY}",
    f"{_ONCE} FOR EACH ROW EXECUTE FUNCTION refuse_withheld_twice()",
)
