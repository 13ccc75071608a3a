"""Somebody's seat in the office of a story: what a use case is handed where no command stands before it."""

from flows.office import Office as Seat
from flows.office import open_office
from support.story import Office


def seat(office: Office, who: str) -> Seat:
    """The same books, settings and day as the commands of the story have, in the name of one person."""
    return open_office(office.url, office.config, who, office.today)
