"""The act of handing a client's dossier on to the gemeente where the client moves to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from flows.actions.act import CASEWORK, act
from flows.actions.rules import rules_of
from flows.delivery import outbox
from flows.office import Office
from ledgers.cases import ends
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.registers.register import creditors_in_force
from payments.dossier.checklist import Checklist
from payments.parties import Creditor


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """All that a package for the next gemeente is written from; `sender` is the name of ours."""

    standing: ends.Standing
    sender: str
    creditors: Mapping[str, Creditor]
    checklists: Mapping[str, Checklist]
    today: date


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The package as it stands in its folder, SHA-256 by file name; not `written` when it stood there already."""

    client: str
    files: tuple[Path, ...]
    sha256: Mapping[str, str]
    written: bool


def hand_on(
    office: Office, client: str, folder: Path, write: Callable[[TransferFacts], Mapping[str, bytes]]
) -> HandedOn:
    """Write what the next gemeente needs of a client; `write` gives the files by name.

    A package that stands there already with other content is a Conflict: it is never replaced.
    """
    rules = rules_of(office)
    with act(office, *CASEWORK) as books:
        found = ends.standing(books, client, rules, office.today)
        if found.case.trajectory is None:
            raise Refused(f"Client {client} has no trajectory: unknown, or never in scope of ontzorgen.")
        sender = office.settings.gemeenten[found.case.client.gemeente].name
        facts = TransferFacts(found, sender, creditors_in_force(books), rules.checklists, office.today)
        files = write(facts)
        missing = _missing(folder, files)
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        if missing:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The trail first: of two that can fail, a package nobody wrote does less harm than one nobody knows of.
            audit.append(books, office.now, office.actor, "transfer_made", {"client": client, "sha256": hashes})
    for name in missing:
        outbox.replace(folder / name, files[name])
    return HandedOn(client, tuple(folder / name for name in files), hashes, bool(missing))


def _missing(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The names that do not stand there yet; Conflict when one does with another content."""
    standing = [name for name in files if (folder / name).exists()]
    if any((folder / name).read_bytes() != files[name] for name in standing):
        raise Conflict(
            f"{folder} holds a package of this client with another content; perhaps it was sent already. Move it away, "
            "or choose another folder with --out; then send the new one with word of what changed."
        )
    return [name for name in files if name not in standing]
