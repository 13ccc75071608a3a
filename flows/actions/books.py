"""Acts on the books as a whole: make them, and prove that they hold together."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.office import Office
from ledgers.checks import self_check
from ledgers.database import initialise, reading
from ledgers.errors import ProofFailed
from ledgers.journal import audit


@dataclass(frozen=True, slots=True)
class BooksCreated:
    """Where the books are, without a password; not `created` when they were there already."""

    database: str
    created: bool


@dataclass(frozen=True, slots=True)
class BooksProven:
    """The digest of books in which every check holds: the same books, the same digest."""

    digest: str


@dataclass(frozen=True, slots=True)
class NotedHead:
    """The head of the audit trail as it stands on paper: the number of a row, and the start of its hash."""

    number: int
    start: str


@dataclass(frozen=True, slots=True)
class TrailProven:
    """The length of an unbroken audit trail, and the hash of its newest row."""

    rows: int
    head: str


def create_books(office: Office) -> BooksCreated:
    """Create the books; again: nothing changes."""
    created = initialise(office.engine, office.now)
    return BooksCreated(office.engine.url.render_as_string(hide_password=True), created)


def prove_books(office: Office) -> None:
    """ProofFailed with every violation of the daily checks; stands at both ends of a run."""
    with reading(office.engine) as connection:
        self_check.require_sound(connection)


def check_books(office: Office) -> BooksProven:
    """Prove all books, from the first row to the last; ProofFailed with every violation."""
    with reading(office.engine) as connection:
        violations = self_check.full_check(connection)
        digest = self_check.digest(connection)
    if violations:
        raise ProofFailed("\n".join([f"{len(violations)} violation(s):", *(f"  {text}" for text in violations)]))
    return BooksProven(digest)


def verify_trail(office: Office, noted: Sequence[NotedHead] = ()) -> TrailProven:
    """Walk the audit trail from its start; ProofFailed when it is broken, or a head from paper is not in it."""
    with reading(office.engine) as connection:
        broken = audit.first_broken_link(connection)
        rows, head = audit.head(connection)
        lost = [
            each.number for each in noted if not (audit.hash_of(connection, each.number) or "").startswith(each.start)
        ]
    if broken:
        raise ProofFailed(f"The audit trail is broken: {broken}.")
    if lost:
        raise ProofFailed(
            f"The audit trail is not the one that was noted: row {lost[0]} is gone or another (the trail has {rows} "
            "rows). It was cut off or made anew since: stop, and keep the paper."
        )
    return TrailProven(rows, head)
