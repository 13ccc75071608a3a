"""One small month written out by hand: every transfer with its debit, credit and cents, and what they add up to.

Amira (0010001) lives alone: EUR 1.331,43 benefit, EUR 650,00 rent, EUR 120,50 energy. Bilal (0010002) and Dunya
(0010003) share a home: EUR 951,01 each, EUR 700,01 rent, and Dunya's own insurance of EUR 158,95. The water company's
account is not confirmed: Bilal and Dunya's EUR 20,00 is set apart and waits.
"""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from support.story import CREDITORS, Office, client_line

from ledgers.checks.self_check import full_check
from ledgers.database import open_engine, reading, writing
from ledgers.journal.bookings import Booking, Transfer, client_account, creditor_account, withheld_key
from ledgers.journal.posting import balances, post
from ledgers.schema.core import transfers

Line = tuple[str, int, str, str, int]  # event, line, debit, credit, cents

PLANNED: list[Line] = [
    ("benefit:assen-202611-01:0010001", 1, "benefit_clearing", "client:0010001", 1_331_43),
    ("benefit:assen-202611-01:0010002", 1, "benefit_clearing", "client:0010002", 951_01),
    ("benefit:assen-202611-01:0010003", 1, "benefit_clearing", "client:0010003", 951_01),
    ("withheld:VL-1:2026-12", 1, "client:0010001", "creditor:WONEN", 650_00),
    ("withheld:VL-2:2026-12", 1, "client:0010001", "creditor:STROOM", 120_50),
    ("withheld:VL-3:2026-12", 1, "client:0010002", "creditor:WONEN", 350_01),  # the odd cent: lowest klantnummer
    ("withheld:VL-3:2026-12", 2, "client:0010003", "creditor:WONEN", 350_00),
    ("withheld:VL-4:2026-12", 1, "client:0010003", "creditor:ZORG", 158_95),
    ("withheld:VL-5:2026-12", 1, "client:0010002", "creditor:WATER", 10_00),
    ("withheld:VL-5:2026-12", 2, "client:0010003", "creditor:WATER", 10_00),
]
RELEASED: list[Line] = [
    ("released:202612-1-VL-1", 1, "creditor:WONEN", "in_transit", 650_00),
    ("released:202612-1-VL-2", 1, "creditor:STROOM", "in_transit", 120_50),
    ("released:202612-1-VL-3", 1, "creditor:WONEN", "in_transit", 700_01),
    ("released:202612-1-VL-4", 1, "creditor:ZORG", "in_transit", 158_95),
]
LISTED: list[Line] = [
    ("remainder:assen:2026-11:0010001:1", 1, "client:0010001", "benefit_clearing", 560_93),
    ("remainder:assen:2026-11:0010002:1", 1, "client:0010002", "benefit_clearing", 591_00),
    ("remainder:assen:2026-11:0010003:1", 1, "client:0010003", "benefit_clearing", 432_06),
]
CONFIRMED_LATER: list[Line] = [("released:202612-1-VL-5", 1, "creditor:WATER", "in_transit", 20_00)]


def the_registers(office: Office) -> None:
    office.creditors(*(CREDITORS[code] for code in ("WONEN", "STROOM", "ZORG")))
    office.creditors(CREDITORS["WATER"], confirm=False)
    office.clients(
        client_line("0010001"),
        client_line("0010002", huishouden="H2"),
        client_line("0010003", huishouden="H2"),
    )
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010002;WONEN;huur;700,01;C-78;2026-10;;",
        "VL-4;0010003;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
        "VL-5;0010002;WATER;water;20,00;W-1;2026-10;;",
    )
    office.benefits(
        "U-1;0010001;2026-11;regulier;1.331,43;",
        "U-2;0010002;2026-11;regulier;951,01;",
        "U-3;0010003;2026-11;regulier;951,01;",
    )


def booked(engine: Engine) -> list[Line]:
    columns = [transfers.c[name] for name in ("event_key", "line", "debit", "credit", "amount_cents")]
    with reading(engine) as connection:
        assert full_check(connection) == []
        assert set(connection.execute(select(transfers.c.gemeente, transfers.c.month)).all()) <= {("assen", "2026-11")}
        return sorted(
            (row.event_key, row.line, row.debit, row.credit, row.amount_cents)
            for row in connection.execute(select(*columns))
        )


def held(engine: Engine) -> dict[str, int]:
    """Every account that is not even, debit minus credit."""
    with reading(engine) as connection:
        return {account: cents for account, cents in balances(connection, "assen").items() if cents}


def test_a_small_month_from_plan_to_bank_line_by_line(office: Office) -> None:
    the_registers(office)
    engine = open_engine(office.url)
    assert booked(engine) == []

    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert booked(engine) == sorted(PLANNED)
    assert held(engine) == {
        "benefit_clearing": 3_233_45,
        "client:0010001": -560_93,
        "client:0010002": -591_00,
        "client:0010003": -432_06,
        "creditor:WONEN": -1_350_01,
        "creditor:STROOM": -120_50,
        "creditor:ZORG": -158_95,
        "creditor:WATER": -20_00,
    }

    office.do("carla", "approve", "ASSEN-202611-01-001", "--total", "1.629,46")
    assert booked(engine) == sorted(PLANNED)  # an approval moves no money
    office.do("bram", "release", "ASSEN-202611-01-001", "--out", str(office.folder / "bank"))
    assert booked(engine) == sorted(PLANNED + RELEASED)
    assert held(engine) == {
        "benefit_clearing": 3_233_45,
        "client:0010001": -560_93,
        "client:0010002": -591_00,
        "client:0010003": -432_06,
        "creditor:WATER": -20_00,
        "in_transit": -1_629_46,
    }

    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "remainders.csv"))
    assert booked(engine) == sorted(PLANNED + RELEASED + LISTED)
    assert held(engine) == {"benefit_clearing": 1_649_46, "creditor:WATER": -20_00, "in_transit": -1_629_46}

    office.do("bram", "creditor", "confirm", "WATER", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert booked(engine) == sorted(PLANNED + RELEASED + LISTED)  # the water was set apart before
    office.do("carla", "approve", "ASSEN-202611-02-001", "--total", "20,00")
    office.do("bram", "release", "ASSEN-202611-02-001", "--out", str(office.folder / "bank"))
    assert booked(engine) == sorted(PLANNED + RELEASED + LISTED + CONFIRMED_LATER)
    assert held(engine) == {"benefit_clearing": 1_649_46, "in_transit": -1_649_46}
    engine.dispose()


def test_a_late_addition_books_only_what_is_new(office: Office) -> None:
    the_registers(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    office.obligations("VL-6;0010001;WATER;water;20,00;W-2;2026-10;;")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    engine = open_engine(office.url)
    assert set(booked(engine)) - set(PLANNED) == {
        ("benefit:assen-202611-02:0010001", 1, "benefit_clearing", "client:0010001", 50_00),
        ("withheld:VL-6:2026-12", 1, "client:0010001", "creditor:WATER", 20_00),
    }
    assert held(engine)["client:0010001"] == -(560_93 + 50_00 - 20_00)
    engine.dispose()


def test_whatever_is_booked_debits_and_credits_are_the_same(office: Office) -> None:
    the_registers(office)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    engine = open_engine(office.url)
    assert sum(held(engine).values()) == 0
    totals: Counter[str] = Counter()
    for _, _, debit, credit, cents in booked(engine):
        totals.update({debit: cents})
        totals.subtract({credit: cents})
    assert {account: cents for account, cents in totals.items() if cents} == held(engine)
    with reading(engine) as connection:
        assert balances(connection, "tynaarlo") == {}  # every gemeente has its own accounts
        assert balances(connection, "assen", ["in_transit"]) == {"in_transit": -1_629_46}
    engine.dispose()


def test_each_event_says_debit_and_credit_by_name() -> None:
    booking = Booking("assen", "2026-11", date(2026, 11, 18))
    assert booking.benefit("r", "1", 5) == Transfer(
        "benefit:r:1", 1, "assen", "2026-11", date(2026, 11, 18), "benefit_clearing", "client:1", 5
    )
    told = [
        booking.benefit("r", "1", 5),
        booking.withheld(withheld_key("VL-1", "2026-12", 1), 2, "1", "WONEN", 5),
        booking.released("202612-1-VL-1", "WONEN", 5),
        booking.remainder_listed("2026-11", 3, "1", 5),
    ]
    assert [(line.debit, line.credit) for line in told] == [
        ("benefit_clearing", client_account("1")),
        (client_account("1"), creditor_account("WONEN")),
        (creditor_account("WONEN"), "in_transit"),
        (client_account("1"), "benefit_clearing"),
    ]
    assert [line.event_key for line in told] == [
        "benefit:r:1",
        "withheld:VL-1:2026-12",
        "released:202612-1-VL-1",
        "remainder:assen:2026-11:1:3",
    ]


def test_an_event_is_posted_once(engine: Engine) -> None:
    line = Booking("assen", "2026-11", date(2026, 11, 18)).benefit("r", "1", 5)

    def post_it() -> None:
        with writing(engine) as connection:
            post(connection, [line])

    post_it()
    with pytest.raises(IntegrityError):
        post_it()
    with reading(engine) as connection:
        assert balances(connection, "assen") == {"benefit_clearing": 5, "client:1": -5}
