"""The staff of an office, for tests that call the books themselves: no decision counts without a role."""

from datetime import datetime

from sqlalchemy import Engine

from ledgers.database import writing
from ledgers.registers import staff
from ledgers.registers.staff import Role
from payments.calendar import AMSTERDAM

PEOPLE = {
    "chef": Role.MANAGEMENT,
    "anna": Role.ADMINISTRATION,
    "bram": Role.FINANCE,
    "carla": Role.APPROVER,
    "rosa": Role.CASE_DIRECTOR,
    "dirk": Role.CONSULTANT,
    "inge": Role.READER,
}
FIRST_DAY = datetime(2026, 9, 1, 9, tzinfo=AMSTERDAM)


def hire(engine: Engine) -> Engine:
    """Give every role to a person of its own, the same people as in a story."""
    with writing(engine) as connection:
        for name, role in PEOPLE.items():
            staff.add(connection, name, [role], "chef", FIRST_DAY)
    return engine
