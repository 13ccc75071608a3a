"""Closed months: what is booked later goes to the first month that is still open."""

from sqlalchemy import Connection, select

from ledgers.schema.bank import month_closings
from payments.month import Month, add_months


def closed_months(connection: Connection) -> frozenset[Month]:
    """Every month that was closed."""
    return frozenset(connection.execute(select(month_closings.c.month)).scalars())


def open_month(connection: Connection, month: Month) -> Month:
    """The month itself while it is open, else the first open one after it: corrections are counter-entries there."""
    return first_open(closed_months(connection), month)


def first_open(closed: frozenset[Month], month: Month) -> Month:
    """The same, with the closed months at hand."""
    while month in closed:
        month = add_months(month, 1)
    return month
