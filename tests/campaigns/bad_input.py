"""Malformed files by seed over every reader: refused with place and value, or taken exactly as they stand.

    python tests/campaigns/bad_input.py [--files 20000] [--seed 1] [--json PATH] [--only READER --number N]

Each reader gets an equal share. Every fiftieth file also goes through the real command, on books whose digest must
stay as it was unless the file was accepted. The same seed makes the same files; `--only` with a number repeats one.
"""

import argparse
import gc
import json
import platform
import re
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from campaigns.bombs import SECONDS_FOR_A_BOMB, bombs, set_off
from campaigns.broken_bytes import Bad
from campaigns.readers import Reader, readers
from campaigns.samples import Samples, open_books
from support.story import Office, Said

from config.settings import SettingsRefused
from payments.problems import InputRefused, Problem

COMMAND_EVERY = 50
SECONDS = 2.0  # on a processor, for one file of at most a few hundred kilobytes
LONGEST_SENTENCE = 1_000
_LEAKED_INSIDES = re.compile(
    r"Traceback|File \"|(?<!\w)0x[0-9a-f]{8}|Error\(|Exception|Internal error|<class |object at "
)
# After these a name can stand under a column where anybody would show it.
_MOVES = frozenset(
    {
        "cells_swapped",
        "texts_swapped",
        "column_lost",
        "field_added",
        "field_lost",
        "block_lost",
        "block_doubled",
        "element_moved",
        "rows_moved",
        "header_again",
        "place_wrong",
        "flipped",
        "truncated",
        "header_wrong",
        "columns_shuffled",
        "tag_renamed",
        "line_doubled",
        "written_twice",
    }
)


@dataclass(frozen=True, slots=True)
class Defect:
    """One file that was not treated as it should be, and how to see it again."""

    reader: str
    number: int
    how: tuple[str, ...]
    what: str


@dataclass
class Tally:
    """What became of the files of one reader."""

    files: int = 0
    refused: int = 0
    accepted: int = 0
    internal: int = 0
    commands: int = 0
    slowest_ms: int = 0
    defects: list[Defect] = field(default_factory=list)


@dataclass
class Books:
    """An office whose books must not change by what is refused."""

    office: Office
    digest: str

    def send(self, reader: Reader, content: bytes) -> tuple[Said, str | None]:
        """Give a file to the real command: its answer, and what was wrong with that."""
        path = self.office.folder / reader.file
        path.write_bytes(content)
        if 2 in reader.codes:
            said = self._with_settings(path, reader)
        else:
            said = self.office(reader.who, *reader.command, str(path))
        digest = self.office.digest()
        changed, self.digest = digest != self.digest, digest
        if said.code and changed:
            return said, f"exit {said.code}, and the books have changed"
        if said.code and said.code not in reader.codes:
            return said, f"exit {said.code}: {said.err[:300]}"
        if said.code and (reader.file not in said.err and said.code not in {1, 4}):
            return said, f"does not name the file: {said.err[:200]}"
        return said, _unfit(said.err) if said.code else None

    def _with_settings(self, path: Path, reader: Reader) -> Said:
        self.office.config = path
        try:
            return self.office(reader.who, *reader.command)
        finally:
            self.office.config = None


def examine(reader: Reader, content: bytes, how: tuple[str, ...], secrets: Iterable[str], tally: Tally) -> list[str]:
    """Read one file and judge what came of it; every complaint in a sentence."""
    start = time.process_time()
    complaints: list[str] = []
    try:
        taken = reader.read(content, reader.file)
    except InputRefused as refused:
        tally.refused += 1
        sentences = [str(problem) for problem in refused.problems]
        complaints += [c for problem in refused.problems[:50] if (c := _misplaced(reader, problem))]
    except SettingsRefused as refused:
        tally.refused += 1
        sentences = str(refused).split("\n")
        complaints += [f"lines of one problem: {s[:80]!r}" for s in sentences if reader.file not in s][:1]
    except Exception as error:  # noqa: BLE001 - this is what the campaign looks for
        tally.internal += 1
        place = traceback.extract_tb(error.__traceback__)[-1]
        return [f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {str(error)[:100]}"]
    else:
        tally.accepted += 1
        sentences = [str(warning) for warning in _warnings(taken)]
        if difference := _difference(reader, content, taken):
            complaints.append(f"accepted, but {difference[:300]}")
    seconds = time.process_time() - start
    tally.slowest_ms = max(tally.slowest_ms, round(seconds * 1000))
    if seconds > SECONDS:
        complaints.append(f"takes {seconds:.1f} s for {len(content)} bytes")
    complaints += filter(None, map(_unfit, sentences[:50]))
    if not _MOVES & set(how):
        complaints += [f"tells {secret!r}" for secret in secrets if any(secret in sentence for sentence in sentences)]
    return complaints[:3]


def _warnings(taken: Any) -> list[Problem]:
    statements = getattr(taken, "statements", ())
    return [*getattr(taken, "warnings", ()), *(warning for s in statements for warning in s.warnings)]


def _difference(reader: Reader, content: bytes, taken: Any) -> str | None:
    try:
        return reader.differs(content, taken)
    except Exception as error:  # noqa: BLE001 - an oracle that cannot read an accepted file disagrees with it
        return f"{type(error).__name__} on reading it once more: {error}"


def _misplaced(reader: Reader, problem: Problem) -> str | None:
    if problem.file != reader.file or not problem.what.strip():
        return f"names no file, or nothing wrong: {problem}"
    if reader.by_line and problem.line is None and (problem.column or problem.value):
        return f"names no line: {problem}"
    return None


def _unfit(sentence: str) -> str | None:
    """What makes a message unfit to be shown."""
    if found := _LEAKED_INSIDES.search(sentence):
        return f"shows its insides ({found[0]}): {sentence[:200]}"
    lines = sentence.split("\n")
    if longest := [line for line in lines if len(line) > LONGEST_SENTENCE]:
        return f"says {len(longest[0])} characters in one sentence: {longest[0][:120]}"
    unseen = next((sign for line in lines for sign in line if not sign.isprintable()), None)
    return f"sends U+{ord(unseen):04X} to the screen: {sentence[:120]!r}" if unseen else None


def campaign(
    files: int,
    seed: int,
    office: Office,
    *,
    only: str | None = None,
    number: int | None = None,
    with_bombs: bool = True,
) -> dict[str, Tally]:
    """Run so many files, an equal share for each reader; with a number, that one file of that one reader."""
    samples = open_books(office)
    books = Books(office, office.digest())
    found = readers(samples, office.folder)
    chosen = {only: found[only]} if only else found
    share = max(1, files // len(chosen))
    tallies = {name: Tally() for name in chosen}
    for name, reader in chosen.items():
        reader.read(reader.samples[0], reader.file)  # schemas and imports are no part of the first file's time
        for each in range(share) if number is None else (number,):
            _one(
                reader, each, reader.bad(seed, each), books, samples, tallies[name], through_command=number is not None
            )
    if with_bombs:
        tallies["bombs"] = _bombs(found)
    return tallies


def _bombs(found: dict[str, Reader]) -> Tally:
    tally = Tally()
    for number, (name, reader, content) in enumerate(bombs(found)):
        outcome, seconds = set_off(reader, content)
        tally.files += 1
        tally.refused += outcome == "refused"
        tally.internal += outcome != "refused"
        tally.slowest_ms = max(tally.slowest_ms, round(seconds * 1000))
        if outcome != "refused" or seconds > SECONDS_FOR_A_BOMB:
            tally.defects.append(Defect(reader.name, number, (name,), f"{outcome} after {seconds:.1f} s"))
    return tally


def _one(
    reader: Reader, number: int, bad: Bad, books: Books, samples: Samples, tally: Tally, *, through_command: bool
) -> None:
    tally.files += 1
    complaints = examine(reader, bad.content, bad.how, samples.secrets, tally)
    if reader.command and (through_command or number % COMMAND_EVERY == 1):
        tally.commands += 1
        _, complaint = books.send(reader, bad.content)
        complaints += [f"command: {complaint}"] if complaint else []
    tally.defects += [Defect(reader.name, number, bad.how, what) for what in complaints]


def report(tallies: dict[str, Tally], seed: int) -> str:
    """The table of a campaign, with its defects and what it ran on."""
    lines = [
        f"{'reader':<18}{'files':>8}{'refused':>9}{'accepted':>10}{'internal':>10}{'commands':>10}{'slowest ms':>12}"
    ]
    lines += [
        f"{name:<18}{t.files:>8}{t.refused:>9}{t.accepted:>10}{t.internal:>10}{t.commands:>10}{t.slowest_ms:>12}"
        for name, t in tallies.items()
    ]
    defects = [defect for tally in tallies.values() for defect in tally.defects]
    lines += [f"DEFECT {d.reader} --number {d.number} ({', '.join(d.how)}): {d.what}" for d in defects]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pandas", "lxml", "openpyxl", "pydantic", "hypothesis"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return "\n".join(
        [
            *lines,
            f"seed {seed}, {len(defects)} defects, peak memory {peak} MB",
            f"Python {platform.python_version()}, {packages}",
        ]
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--files", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--json", type=Path, help="also write the figures here")
    words.add_argument("--only", metavar="READER")
    words.add_argument("--number", type=int, help="repeat this one file of --only, also through the command")
    chosen = words.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        office = Office(f"sqlite:///{place}/books.db", Path(place))
        office.do("chef", "init")
        tallies = campaign(
            chosen.files,
            chosen.seed,
            office.hire(),
            only=chosen.only,
            number=chosen.number,
            with_bombs=chosen.only is None,
        )
    sys.stdout.write(report(tallies, chosen.seed) + "\n")
    if chosen.json:
        seconds = round(time.monotonic() - start, 1)
        readers = {name: asdict(tally) for name, tally in tallies.items()}
        figures = {"seed": chosen.seed, "seconds": seconds, "readers": readers}
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if any(tally.defects for tally in tallies.values()) else 0


if __name__ == "__main__":
    gc.set_threshold(50_000)
    sys.exit(main())
