"""Sound books with every kind of decision in them, for whoever wants to alter them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from support.by_hand import Move, refusal
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple

from ledgers.checks import self_check
from ledgers.database import initialise, open_engine
from ledgers.journal import audit
from payments.calendar import AMSTERDAM


def make_books(folder: Path) -> tuple[str, Path, tuple[int, str]]:
    """A month with every kind of decision in it; the books, the released file, and the head that stands on paper."""
    url = f"sqlite:///{folder / 'books.db'}"
    engine = open_engine(url)
    initialise(engine, datetime(2026, 11, 1, 9, tzinfo=AMSTERDAM))
    office = Office(url, folder).hire()
    bank = a_couple(office)
    (released,) = (folder / "bank").glob("*.xml")
    office.do("anna", "reconcile", refusal(office, INSURANCE))
    stranger = Move(75_00, iban="NL44RABO0123456789", text="VREEMD")
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), stranger)
    bank.tells("2026-11-26", Move(120_50, ENERGY, reason="AM05"), Move(-9_00, text="KOSTEN"))
    asked: list[dict[str, Any]] = office.do("inge", "--json", "exceptions").document
    ways = {"rejected": "resubmit", "returned": "refund_to_client"}
    for item in asked:
        office.do("bram", "resolve", item["id"], "--as-what", ways.get(item["kind"], "funding"), "--why", "uitgezocht")
    office.do("bram", "export", "remainders", "2026-11", "--out", str(folder / "r.csv"))
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-15")
    second = next(f for f in office.files() if f["state"] == "generated")
    office.do("carla", "approve", second["file_id"], "--total", "158,95")
    office.do("bram", "release", second["file_id"], "--out", str(folder / "bank2"))
    office.today = "2026-12-18"
    bank.tells("2026-12-15", Move(-158_95, second_id(office)))
    office.do("bram", "close", "2026-11")
    _dossier(office)
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;500,00;")
    office.do("bram", "run", "2026-12", "--execution-date", "2026-12-22")
    waiting = next(f for f in office.files("2026-12") if f["state"] == "generated")
    euros, cents = divmod(waiting["control_sum_cents"], 100)
    office.do("carla", "approve", waiting["file_id"], "--total", f"{euros},{cents:02d}")
    with engine.connect() as connection:
        assert self_check.full_check(connection) == []
        head = audit.head(connection)
        connection.rollback()
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return url, released, head


def second_id(office: Office) -> str:
    """The EndToEndId of the payment that was made once more."""
    engine = open_engine(office.url)
    with engine.connect() as connection:
        ids = connection.exec_driver_sql("SELECT payment_id FROM payments WHERE state = 'instructed'").scalars().all()
    engine.dispose()
    assert len(ids) == 1
    return str(ids[0])


def _dossier(office: Office) -> None:
    path = office.folder / "answers.json"
    answers = {"own_account": {"met": True, "evidence": "gezien"}, "pays_on_time": {"score": 2, "evidence": "gezien"}}
    path.write_text(json.dumps({"assessed_on": "2026-12-10", "answers": answers}), encoding="utf-8")
    office.do("rosa", "assess", "0010001", "--file", str(path))
    office.do("dirk", "event", "arrears", "0010001", "--on", "2026-12-01", "--why", "brief gezien")
    office.do("dirk", "hold", "0010002", "--why", "gesprek gepland")
    office.do("dirk", "unhold", "0010002", "--why", "gesprek gehad")
    office.do(
        "dirk",
        "ground",
        "add",
        "0010001",
        "--ground",
        "ART_57",
        "--from",
        "2027-03-01",
        "--until",
        "2027-05-31",
        "--decision",
        "B-57",
    )
    office.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    office.do("rosa", "handover", "proof", "VL-2", "2027-01", "--paid", "ja")
    office.do("rosa", "end", "propose", "0010002", "--date", "2027-01-31", "--reason", "moved", "--why", "verhuist")
    office.do("rosa", "end", "withdraw", "0010002", "--why", "gaat niet door")
    office.do("rosa", "end", "propose", "0010002", "--date", "2027-02-28", "--reason", "moved", "--why", "toch")
    office.do("dirk", "end", "confirm", "0010002")
