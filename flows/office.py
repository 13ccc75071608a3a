"""What one call works with: the books, the settings, the clock and the person; made once, passed to everything."""

import getpass
import os
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import Connection, Engine

from config.defaults import DEFAULT_DATABASE
from config.parameters import Parameters, load_parameters
from config.settings import Settings, load_settings
from ledgers.database import ensure_ready, open_engine
from ledgers.errors import Refused
from ledgers.registers.staff import SYSTEM
from payments.calendar import AMSTERDAM
from payments.month import parse_date
from payments.problems import ExitCode, Refusal

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Office:
    """The surroundings of one command or flow."""

    engine: Engine
    settings: Settings
    parameters: Parameters
    actor: str
    now: datetime
    within: Connection | None = None  # the transaction of a preview, which stores nothing

    @property
    def today(self) -> date:
        """The day in Amsterdam."""
        return self.now.date()

    @property
    def art_56a_months(self) -> int:
        """The length of the mandatory ground, in calendar months."""
        return self.parameters.number("art_56a_months", self.today)


def open_office(database: str, config: Path | None, actor: str | None, today: str | None) -> Office:
    """Open everything; a stated actor or day is believed only where the settings say `trusted_actors = true`."""
    settings = load_settings(config)
    if (actor or today) and not settings.trusted_actors:
        raise Refused(
            "The settings do not trust a stated person or day (trusted_actors = false): leave out --as and --today."
        )
    now = datetime.now(AMSTERDAM) if today is None else datetime.combine(_day(today), NOON, AMSTERDAM)
    return Office(open_engine(database), settings, load_parameters(), actor or getpass.getuser(), now)


def scheduled_office() -> Office:
    """The surroundings of a scheduled run: places from the environment, the real clock, `systeem` as the maker."""
    config = os.environ.get("ONTZORGEN_CONFIG")
    office = Office(
        open_engine(os.environ.get("ONTZORGEN_DATABASE", DEFAULT_DATABASE)),
        load_settings(Path(config) if config else None),
        load_parameters(),
        SYSTEM,
        datetime.now(AMSTERDAM),
    )
    ensure_ready(office.engine)
    return office


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(f"--today: '{text}' {error}") from None


class UsageError(Refusal):
    """The words of a command cannot be used as they are."""

    code = "usage"
    exit_code = ExitCode.USAGE
