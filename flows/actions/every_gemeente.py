"""Whatever is said of all gemeenten is said of those of the books: settings that lack one of them are refused."""

from sqlalchemy import Connection

from config.known import UnknownGemeente
from flows.office import Office
from ledgers.registers.gemeenten import gemeenten_of_books


def every_gemeente(office: Office, connection: Connection) -> list[str]:
    """The gemeenten of the settings, in their order; Refused when the books hold another one."""
    known = list(office.settings.gemeenten)
    strange = [code for code in gemeenten_of_books(connection) if code not in known]
    if strange:
        raise UnknownGemeente(*strange)
    return known
