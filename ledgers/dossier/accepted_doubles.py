"""Obligations that look like a bill of the household once more, of which a person said that they are not."""

from datetime import datetime

from sqlalchemy import Connection, select

from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.registers.register import clients_in_force, obligations_in_force
from ledgers.schema.dossier import accepted_doubles
from payments.plan.double_costs import doubles


def accepted(connection: Connection) -> frozenset[str]:
    """The codes that are paid beside the same bill under another code."""
    return frozenset(connection.execute(select(accepted_doubles.c.obligation)).scalars())


def accept(connection: Connection, code: str, why: str, actor: str, now: datetime) -> bool:
    """Pay this obligation too from now on; False when that was said before, Refused where nothing is double."""
    if not why.strip():
        raise Refused("Say with --why how you know that these are two bills.")
    every = obligations_in_force(connection)
    if code not in every:
        raise Refused(f"There is no vaste last {code} in the register.")
    said = accepted(connection)
    if code in said:
        return False
    clients = clients_in_force(connection)
    home = clients[every[code].client]
    place = (home.gemeente, home.household)
    household = [o for o in every.values() if (clients[o.client].gemeente, clients[o.client].household) == place]
    found = doubles(household, said)
    if code not in found:
        second = sorted(other for other, first in found.items() if first == code)
        way_out = f" It is the one that is paid; held is {', '.join(second)}." if second else ""
        raise Refused(f"{code} is no bill that stands in its household twice.{way_out}")
    row = {"obligation": code, "why": why, "accepted_by": actor, "accepted_at": now.isoformat(timespec="seconds")}
    connection.execute(accepted_doubles.insert(), row)
    audit.append(connection, now, actor, "double_accepted", {"obligation": code, "beside": found[code]})
    return True
