"""Grounds and holds: a month rests on decisions about a client, each with who, when and why."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select
from support.factories import a_client
from support.registers import accept_register
from support.staff import hire
from support.story import Office, client_line, ordinary_month

from ledgers.checks.self_check import digest
from ledgers.database import reading, writing
from ledgers.dossier.grounds_and_holds import GroundLimits, add_ground, added_segments, clients_on_hold, set_hold
from ledgers.errors import Refused
from ledgers.registers.register import InputKind
from ledgers.registers.register_files import RegisterFile
from ledgers.schema.core import audit_trail, holds
from payments.calendar import AMSTERDAM
from payments.plan.grounds import Ground, Segment

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)
LIMITS = GroundLimits(6, 3)
# The client's right began on 1 September 2026: ART_56A is in force until 28 February 2027 by itself.
AFTER = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), "B-57-1")


@pytest.fixture
def books(engine: Engine) -> Engine:
    with writing(hire(engine)) as connection:
        accept_register(
            connection, RegisterFile(InputKind.CLIENTS, "c" * 64, [a_client("10001")], "2026-11"), "anna", NOW
        )
    return engine


def add(engine: Engine, segment: Segment, client: str = "10001") -> bool:
    with writing(engine) as connection:
        return add_ground(connection, client, segment, LIMITS, "dirk", NOW)


def hold(engine: Engine, on_hold: bool, why: str = "nagekeken", client: str = "10001") -> bool:
    with writing(engine) as connection:
        return set_hold(connection, client, on_hold, why, "dirk", NOW)


def grounds_of(engine: Engine, client: str = "10001") -> list[Segment]:
    with reading(engine) as connection:
        return list(added_segments(connection).get(client, []))


def test_a_ground_may_begin_the_day_after_the_mandatory_one(books: Engine) -> None:
    assert add(books, AFTER)
    assert grounds_of(books) == [AFTER]


@pytest.mark.parametrize(
    ("start", "until"),
    [
        (date(2027, 2, 28), date(2027, 8, 31)),
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 1, 1), date(2028, 1, 1)),
    ],
    ids=["its last day", "its first day", "a day inside", "all of it"],
)
def test_a_ground_does_not_overlap_the_mandatory_one(books: Engine, start: date, until: date) -> None:
    with pytest.raises(Refused, match="has ART_56A from 2026-09-01 until 2027-02-28; grounds may not overlap"):
        add(books, Segment(Ground.VOLUNTARY, start, until, "M-1"))
    assert grounds_of(books) == []


def test_a_ground_does_not_overlap_one_that_was_added_before(books: Engine) -> None:
    add(books, AFTER)
    with pytest.raises(Refused, match="has ART_57 from 2027-03-01 until 2027-08-31"):
        add(books, Segment(Ground.VOLUNTARY, date(2027, 8, 31), date(2027, 12, 31), "M-1"))
    assert add(books, Segment(Ground.VOLUNTARY, date(2027, 9, 1), date(2027, 12, 31), "M-1"))
    assert [segment.ground for segment in grounds_of(books)] == [Ground.ART_57, Ground.VOLUNTARY]


def test_the_same_ground_again_answers_and_adds_nothing(books: Engine) -> None:
    add(books, AFTER)
    with reading(books) as connection:
        before = digest(connection)
    assert add(books, AFTER) is False
    with reading(books) as connection:
        assert digest(connection) == before
    with pytest.raises(Refused, match="grounds may not overlap"):  # on another decision it is another ground
        add(books, Segment(AFTER.ground, AFTER.start, AFTER.until, "B-57-2"))


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        (Segment(Ground.ART_56A, date(2027, 3, 1), date(2027, 8, 31), "B-1"), "ART_56A exists by itself"),
        (Segment(Ground.ART_57, date(2027, 3, 2), date(2027, 3, 1), "B-1"), "2027-03-01 lies before the first day"),
        (Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 3, 2), "  "), "rests on a decision"),
    ],
    ids=["by hand", "ends before it starts", "no decision"],
)
def test_what_is_no_ground_is_refused(books: Engine, segment: Segment, told: str) -> None:
    with pytest.raises(Refused, match=told):
        add(books, segment)
    assert grounds_of(books) == []


def test_a_client_of_nobody_gets_no_ground_and_no_hold(books: Engine) -> None:
    with pytest.raises(Refused, match="There is no client 99999 in the register"):
        add(books, AFTER, client="99999")
    for on_hold in (True, False):
        with pytest.raises(Refused, match="There is no client 99999 in the register"):
            hold(books, on_hold, client="99999")


def test_a_hold_is_set_once_and_lifted_once(books: Engine) -> None:
    def held() -> bool:
        with reading(books) as connection:
            return clients_on_hold(connection) == {"10001"}

    assert hold(books, False) is False  # never held: nothing to lift
    assert (hold(books, True), held()) == (True, True)
    assert hold(books, True) is False
    assert hold(books, True, why="ook de beschikking ontbreekt") is True  # another reason is kept beside the first
    assert (hold(books, False, why=""), held()) == (True, False)
    assert hold(books, False) is False
    assert (hold(books, True), held()) == (True, True)
    with reading(books) as connection:
        rows = connection.execute(select(holds.c.sequence, holds.c.on_hold).order_by(holds.c.sequence)).all()
        trail = connection.execute(select(audit_trail.c.action).order_by(audit_trail.c.sequence)).scalars().all()
    assert rows == [(1, True), (2, True), (3, False), (4, True)]
    assert trail[-3:] == ["held", "hold_lifted", "held"]


def test_a_hold_has_a_reason(books: Engine) -> None:
    with pytest.raises(Refused, match="Say with --why"):
        hold(books, True, why=" ")


def test_a_held_client_is_not_paid_until_the_hold_is_lifted(office: Office) -> None:
    ordinary_month(office)
    office.do("dirk", "hold", "0010001", "--why", "machtiging wordt nagekeken")
    again = office.do("bram", "hold", "0010001", "--why", "machtiging wordt nagekeken")
    assert "was on hold already" in again.out
    office.do("bram", "run", "2026-11")
    assert office.status()["held"] == [{"client": "0010001", "obligation": None, "reason": "on_hold"}]
    assert office.status()["withheld_cents"] == 612_34 + 158_95
    office.do("rosa", "unhold", "0010001")
    office.do("bram", "run", "2026-11")
    assert office.status()["held"] == []
    assert [file["control_sum_cents"] for file in office.files() if file["gemeente"] == "assen"] == [771_29, 770_50]


def test_after_six_months_only_a_new_ground_pays_the_rent(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001", recht_vanaf="2026-05-01", geboortedatum="1990-05-04"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1331,43;")
    office.do("bram", "run", "2026-11")
    assert office.status()["held"] == [{"client": "0010001", "obligation": None, "reason": "no_ground"}]
    ground = ("ground", "add", "0010001", "--ground", "ART_57", "--from", "2026-11-01", "--until", "2027-04-30")
    for who in ("anna", "bram", "carla", "inge"):  # a legal ground is casework
        assert office(who, *ground, "--decision", "B-57").code == 1
    assert office.do("dirk", "--json", *ground, "--decision", "B-57").document == {"client": "0010001", "added": True}
    assert office.do("rosa", "--json", *ground, "--decision", "B-57").document["added"] is False
    assert office("dirk", *ground[:5], "--from", "1-11-2026", "--until", "2027-04-30", "--decision", "B").code == 2
    office.do("bram", "run", "2026-11")
    assert office.status()["withheld_cents"] == 650_00
