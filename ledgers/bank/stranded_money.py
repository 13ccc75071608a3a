"""Money that is set apart for a creditor and that no run can pay any more: a person has to decide about it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from ledgers.bank.reserved_money import ReservedItem, reserved_items
from ledgers.dossier.handovers import own_months_of
from ledgers.dossier.trajectories import ended_clients
from ledgers.month.month_facts import RESERVED_MONTHS
from ledgers.registers.register import clients_in_force, obligations_in_force
from payments.month import add_months, month_of
from payments.parties import Client, Obligation
from payments.plan.terms import claims


def stranded_items(connection: Connection, gemeente: str, today: date) -> list[ReservedItem]:
    """What is reserved in one gemeente, and by the registers and decisions of today is paid by no run."""
    reserved = reserved_items(connection, gemeente)
    if not reserved:
        return []
    month = month_of(today)
    registered, clients = obligations_in_force(connection, month), clients_in_force(connection, month)
    own, ended = own_months_of(connection), ended_clients(connection)
    return [
        item
        for item in reserved
        if not _asks_for_it(item, registered.get(item.obligation))
        or any(stretch.holds(item.covers) for stretch in own.get(item.obligation, ()))
        or _is_gone(item, clients, ended, today)
        or item.covers < add_months(month, -RESERVED_MONTHS)
    ]


def _asks_for_it(item: ReservedItem, obligation: Obligation | None) -> bool:
    """Whether the register still has this cost for that month, at the creditor that the money is set apart for."""
    return obligation is not None and obligation.creditor == item.creditor and claims(obligation, item.covers)


def _is_gone(item: ReservedItem, clients: Mapping[str, Client], ended: Mapping[str, date], today: date) -> bool:
    client = clients.get(item.client)
    if client is None or client.gemeente != item.gemeente:
        return True
    over = client.right_until is not None and client.right_until < today
    return over or (item.client in ended and ended[item.client] < today)
