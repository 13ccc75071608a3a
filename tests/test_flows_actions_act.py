"""Acts called past the command line: the same roles, no BSN in any text, and nothing stored by a preview."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from support.by_hand import Move
from support.seats import seat
from support.story import CREDITOR_COLUMNS, Office, ordinary_month
from support.story_bank import a_couple, open_exceptions

from flows.actions import (
    council_figures,
    exceptions,
    grounds_and_holds,
    iban_confirmations,
    import_files,
    month_close,
    payment_files,
    reconcile,
    remainders,
    run_month,
    staff,
)
from flows.actions.forecasting import effect_of
from flows.office import Office as Seat
from ledgers.bank.resolution_model import AsWhat
from ledgers.database import initialise, open_engine
from ledgers.errors import Refused
from ledgers.registers.register import InputKind
from ledgers.registers.staff import Role
from payments.bank.pain002 import StatusReport
from payments.calendar import AMSTERDAM
from payments.plan.grounds import Ground, Segment

BSN = "123456782"  # passes the eleven-test, of nobody: the authorities' own example
ASSEN, TOTAL = "ASSEN-202611-01-001", 154179
PEOPLE = {
    "administratie": "anna",
    "finance": "bram",
    "fiatteur": "carla",
    "regievoerder": "rosa",
    "consulent": "dirk",
    "beheer": "chef",
    "inzage": "inge",
}
MONEY = {"administratie", "finance"}
CASEWORK = {"regievoerder", "consulent"}
GROUND = Segment(Ground.ART_57, date(2027, 4, 1), date(2027, 5, 31), "B")
NOBODYS = reconcile.BankFile("r.xml", "0" * 64, StatusReport(3, "M", None, "NIET-VAN-ONS", None, None, (), (), ()))

ACTS: dict[str, tuple[Callable[[Seat, Path], object], set[str]]] = {
    "approve": (lambda at, _: payment_files.approve(at, ASSEN, TOTAL), {"fiatteur"}),
    "release": (lambda at, folder: payment_files.release(at, ASSEN, folder / "bank"), {"finance"}),
    "cancel": (lambda at, _: payment_files.cancel(at, ASSEN, "verkeerd"), MONEY | {"fiatteur"}),
    "run": (lambda at, _: run_month.run_gemeente(at, "tynaarlo", "2026-11"), MONEY),
    "import": (lambda at, folder: import_files.import_file(at, InputKind.CLIENTS, folder / "clients.csv"), MONEY),
    "reconcile": (lambda at, _: reconcile.reconcile(at, NOBODYS), MONEY),
    "confirm": (lambda at, _: iban_confirmations.confirm(at, ["NIEUW"], "gebeld"), MONEY),
    "give back": (lambda at, _: exceptions.give_back(at, "VL-1", "2026-12", "verhuisd"), {"finance"}),
    "close": (lambda at, _: month_close.close(at, "2026-11"), {"finance"}),
    "tell": (
        lambda at, folder: remainders.tell_remainders(at, "2026-11", folder / "r.csv", "csv", lambda *_: b""),
        MONEY,
    ),
    "staff": (lambda at, _: staff.add_staff(at, "eva", [Role.READER]), {"beheer"}),
    "figures": (
        lambda at, _: council_figures.council_figures(at, "2026-11", "2026-11", cases=True),
        CASEWORK | {"finance"},
    ),
    "ground": (lambda at, _: grounds_and_holds.add_ground(at, "0010001", GROUND, None), CASEWORK),
    "hold": (lambda at, _: grounds_and_holds.hold(at, "0010001", "gesprek"), CASEWORK | MONEY),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with books in mid-month, and one IBAN that waits for a second person."""
    folder = tmp_path_factory.mktemp("acts")
    engine = open_engine(f"sqlite:///{folder / 'books.db'}")
    initialise(engine, datetime(2026, 11, 1, 9, tzinfo=AMSTERDAM))
    engine.dispose()
    office = Office(f"sqlite:///{folder / 'books.db'}", folder).hire()
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("chef", "staff", "add", "piet", "--role", "administratie")
    new = office.file("creditors.csv", CREDITOR_COLUMNS, "NIEUW;Nieuw;NL39RABO0300065264;huur;")
    office.do("piet", "import", "creditors", new)
    (folder / "clients.csv").write_text("leeg\n", encoding="utf-8")
    return folder


@pytest.fixture
def month(prepared: Path, tmp_path: Path) -> Office:
    """Those books, for one test alone."""
    shutil.copytree(prepared, tmp_path / "office")
    return Office(f"sqlite:///{tmp_path / 'office' / 'books.db'}", tmp_path / "office")


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_refused_to_every_role_but_its_own(name: str, month: Office) -> None:
    do, allowed = ACTS[name]
    before = month.digest()
    for who in ["eve", *(who for role, who in PEOPLE.items() if role not in allowed)]:
        with pytest.raises(Refused, match="it needs the role"):
            do(seat(month, who), month.folder)
    assert month.digest() == before
    assert not (month.folder / "bank").exists()
    assert not (month.folder / "r.csv").exists()
    for role in sorted(allowed):
        try:
            do(seat(month, PEOPLE[role]), month.folder)
        except Exception as other:  # noqa: BLE001 - whatever else the act has to say, it is not about the role
            assert "it needs the role" not in str(other)  # noqa: PT017


@pytest.mark.parametrize(
    ("who", "act", "field"),
    [
        ("bram", lambda at, text: payment_files.cancel(at, ASSEN, text), "why"),
        ("bram", lambda at, text: exceptions.give_back(at, "VL-1", "2026-12", text), "why"),
        ("bram", lambda at, text: iban_confirmations.confirm(at, ["NIEUW"], text), "how"),
        ("rosa", lambda at, text: grounds_and_holds.hold(at, "0010001", text), "why"),
        ("rosa", lambda at, text: grounds_and_holds.unhold(at, "0010001", text), "why"),
    ],
    ids=["cancel", "give back", "confirm", "hold", "unhold"],
)
def test_no_act_takes_a_text_with_a_bsn(
    who: str, act: Callable[[Seat, str], object], field: str, month: Office
) -> None:
    before = month.digest()
    for written in (BSN, "1234.56.782"):
        with pytest.raises(Refused, match=f"'{field}' contains a BSN") as refused:
            act(seat(month, who), f"gezien: {written}")
        assert written not in str(refused.value)
    assert month.digest() == before


def test_an_exception_is_not_settled_with_a_bsn_nor_by_a_stranger(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(25_00, iban="NL39RABO0300065264", text="ONBEKEND"))
    (item,) = open_exceptions(office)
    before = office.digest()
    with pytest.raises(Refused, match="'why' contains a BSN"):
        exceptions.resolve(seat(office, "bram"), item["id"], AsWhat.FUNDING, f"gezien: {BSN}")
    for who in ("anna", "carla", "rosa", "eve"):
        with pytest.raises(Refused, match="it needs the role finance"):
            exceptions.resolve(seat(office, who), item["id"], AsWhat.FUNDING, "voorschot")
    assert office.digest() == before


def test_an_act_within_a_preview_is_refused_alike_and_stores_nothing(month: Office) -> None:
    before = month.digest()
    assert effect_of(seat(month, "bram"), lambda at: payment_files.cancel(at, ASSEN, "verkeerd"))
    with pytest.raises(Refused, match="it needs the role"):
        effect_of(seat(month, "inge"), lambda at: payment_files.cancel(at, ASSEN, "verkeerd"))
    with pytest.raises(Refused, match="contains a BSN"):
        effect_of(seat(month, "bram"), lambda at: payment_files.cancel(at, ASSEN, BSN))
    assert month.digest() == before
    assert month.files()[0]["state"] == "generated"
