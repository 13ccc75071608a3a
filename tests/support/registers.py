"""Register files for tests that call the books themselves: compared and stored in one step."""

from datetime import datetime

from sqlalchemy import Connection

from ledgers.registers.register import Imported
from ledgers.registers.register_files import RegisterFile, compare_register, store_register


def accept_register(connection: Connection, file: RegisterFile, actor: str, now: datetime) -> Imported:
    """Import a register file, without a look at what it changes in the next run."""
    return store_register(connection, compare_register(connection, file), actor, now)
