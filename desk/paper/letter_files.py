"""Letters as files in a folder: written where they are new or changed, left alone where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from desk.paper.letters import letter_text
from flows.actions.review import LetterMade
from flows.delivery import outbox
from payments.dossier.letters_due import Occasion


@dataclass(frozen=True, slots=True)
class Written:
    """The files of the letters; `changed` were written from other facts than when they were made, `void` not at all."""

    written: tuple[str, ...]
    standing: tuple[str, ...]  # the same bytes stood there
    changed: tuple[str, ...]
    void: tuple[str, ...]  # what they tell does not hold any more


def write_letters(made: Iterable[LetterMade], folder: Path) -> Written:
    """Write every letter that still holds, readable by the owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written, standing, changed, void = [], [], [], []
    for one in made:
        name = file_name(one.occasion)
        if one.letter is None:
            void.append(name)
            continue
        if one.changed:
            changed.append(name)
        target, content = folder / name, letter_text(one.letter).encode()
        if target.is_file() and target.read_bytes() == content:
            standing.append(name)
        else:
            outbox.replace(target, content)
            written.append(name)
    return Written(tuple(written), tuple(standing), tuple(changed), tuple(void))


def file_name(occasion: Occasion) -> str:
    """A name of keys only; what a code may hold and a file name may not (a slash) is written as %2F."""
    parts = [occasion.client, occasion.kind.value, occasion.about.isoformat(), occasion.obligation]
    return "-".join(quote(part, safe="") for part in parts if part) + ".txt"
