"""Seeded months with a bank of any habits: books and bank end equal, each fault is one explained thing.

Eighty months, in which every two habits and events meet; ONTZORGEN_MONTHS=1000 plays more of them.
"""

import os
import random
import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from support.story import Office, client_line

from flows.rehearsal.bank import FakeBank
from flows.rehearsal.bank_model import BankPlan, Habits, Happening
from ledgers.checks.month_close import prove
from ledgers.database import open_engine, reading

ACCOUNT = "NL11BNGH0285012346"
OPENING = 5_000_000
MONTHS = int(os.environ.get("ONTZORGEN_MONTHS", "80"))
GROUPS = 20  # months in one test, so that a failure names a small range of seeds


@dataclass(frozen=True)
class Released:
    """A month of Assen with a released file, to be copied for every seed."""

    database: Path
    file: bytes


@pytest.fixture(scope="module")
def released(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Released:
    folder = tmp_path_factory.mktemp("released")
    database = folder / "books.db"
    shutil.copy(sqlite_template, database)
    office = Office(f"sqlite:///{database}", folder).hire()
    office.creditors()
    people = [f"00100{n:02d}" for n in range(6)]
    office.clients(*(client_line(client) for client in people))
    office.obligations(
        *(f"VL-{c}-H;{c};WONEN;huur;{650 if n < 4 else 612},00;C-{c};2026-10;;" for n, c in enumerate(people)),
        *(f"VL-{c}-E;{c};STROOM;energie;1{n}0,50;5000056789012345;2026-10;;" for n, c in enumerate(people)),
        *(f"VL-{c}-Z;{c};ZORG;zorgverzekering;158,95;P-{c};2026-10;;" for c in people),
    )
    office.benefits(*(f"U-{client};{client};2026-11;regulier;1.331,43;" for client in people))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    (path,) = office.approve_and_release()
    with open_engine(office.url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Released(database, path.read_bytes())


def _kind_of_month(rng: random.Random) -> tuple[Habits, BankPlan]:
    """How the bank tells it, and what happens."""
    habits = Habits(
        booking=rng.choice(["batch", "single"]),
        details=rng.random() < 0.6,
        references=rng.choice(["full", "batch_only", "none"]),
        net=rng.random() < 0.5,
        return_references=rng.random() < 0.6,
        verification=rng.random() < 0.3,
        version=rng.choice(["camt.053.001.02", "camt.053.001.08"]),
        opening=rng.choice(["both", "PRCD", "OPBD"]),
    )
    plan = BankPlan(
        returns=rng.randint(0, 3),
        rejects=rng.randint(0, 2),
        refunds=rng.randint(0, 1),
        stray_credits=rng.randint(0, 1),
        stray_debits=rng.randint(0, 1),
    )
    return habits, plan


EXPECTED = {
    "returned": "returned",
    "rejected": "rejected",
    "refund": "creditor_refund",
    "stray_credit": "unknown_credit",
    "stray_debit": "unknown_debit",
}


def _pairs(months: int) -> set[tuple[tuple[str, object], ...]]:
    """Which two habits and events come together in so many months."""
    found: set[tuple[tuple[str, object], ...]] = set()
    for seed in range(months):
        habits, plan = _kind_of_month(random.Random(seed))
        found |= {*combinations([*asdict(habits).items(), *asdict(plan).items()], 2)}
    return found


def test_every_two_habits_and_events_meet_in_one_of_the_months() -> None:
    assert _pairs(MONTHS) == _pairs(2_000)


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_books_end_equal_to_the_bank_and_every_event_is_told_once(
    released: Released, tmp_path: Path, group: int
) -> None:
    for seed in range(group, MONTHS, GROUPS):
        _one_month(released, tmp_path / str(seed), seed)


def _one_month(released: Released, folder: Path, seed: int) -> None:
    folder.mkdir()
    shutil.copy(released.database, folder / "books.db")
    office = Office(f"sqlite:///{folder / 'books.db'}", folder, today="2026-12-20")
    rng = random.Random(seed)
    habits, plan = _kind_of_month(rng)
    bank = FakeBank(ACCOUNT, OPENING, seed, habits)
    bank.receive(released.file, plan)
    paths = []
    for answer in bank.answers(date(2026, 12, 20)):
        path = folder / answer.name
        path.write_bytes(answer.content)
        paths.append(str(path))
    rng.shuffle(paths)  # whatever order they are given in
    said = office("bram", "--json", "reconcile", *paths)
    assert said.code == 0, (seed, habits, plan, said.err)
    engine = open_engine(office.url)
    with reading(engine) as connection:
        proof = prove(connection, "assen")
    assert (proof.bank_cents, proof.books_cents) == (bank.balance_cents, bank.balance_cents), (seed, habits, plan)
    before = office.digest()
    _every_event_once(office, bank.truth, habits, (seed, habits, plan))
    assert office("bram", "reconcile", *paths).code == 0
    assert office.digest() == before
    engine.dispose()


def _every_event_once(office: Office, truth: list[Happening], habits: Habits, context: object) -> None:
    items = office.do("bram", "--json", "exceptions").document
    found = Counter(item["kind"] for item in items)
    told = Counter(EXPECTED[event.kind] for event in truth if event.kind in EXPECTED)
    # Of two payments at most, once for each account and answer; of one that came back before there is none to doubt.
    assert found.pop("payee_name", 0) <= 2 * habits.verification, (context, found)
    # Where a bank hands back too little to be certain, the one line about it is an exception of its own kind.
    unsure = sum(found.pop(kind, 0) for kind in ("ambiguous_return", "unknown_return"))
    missing = told - found
    assert not found - told, (context, found, told)
    assert set(missing) <= {"returned"}, (context, found, told)
    assert missing.total() == unsure, (context, found, told)
    states = office.status()["payments"]
    assert states["rejected"] == told["rejected"], context
    assert states["returned"] == told["returned"] - unsure, context
    assert states["instructed"] == 0, context


FAULTS = ["repeated", "overlap", "gap", "closing_off_by_a_cent", "amount_off_by_a_cent", "batch_count_wrong"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", range(4))
def test_each_fault_of_the_bank_is_one_refusal_or_one_exception(
    released: Released, tmp_path: Path, fault: str, seed: int
) -> None:
    shutil.copy(released.database, tmp_path / "books.db")
    office = Office(f"sqlite:///{tmp_path / 'books.db'}", tmp_path, today="2026-12-20")
    booking = "batch" if fault == "batch_count_wrong" or seed % 2 else "single"
    bank = FakeBank(ACCOUNT, OPENING, seed, Habits(booking=booking, details=seed < 2))
    bank.receive(released.file, BankPlan(fault=fault))  # type: ignore[arg-type]
    answers = bank.answers(date(2026, 12, 20))
    codes = []
    for answer in answers:
        (tmp_path / answer.name).write_bytes(answer.content)
        codes.append(office("bram", "reconcile", str(tmp_path / answer.name)).code)
    items = office.do("bram", "--json", "exceptions").document
    assert office("bram", "check").code == 0
    if fault in ("overlap", "gap"):
        assert 1 in codes
        assert set(codes) <= {0, 1}
    elif fault == "closing_off_by_a_cent":
        assert 3 in codes
    else:
        assert set(codes) == {0}
        kinds = [item["kind"] for item in items]
        expected = {
            "repeated": [[]],
            "batch_count_wrong": [["batch_differs"], []],
            "amount_off_by_a_cent": [["amount_differs"], ["batch_differs"]],
        }[fault]
        assert kinds in expected, kinds
