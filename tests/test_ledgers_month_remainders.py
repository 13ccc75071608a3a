"""What remains is told to the benefits office once; from then on that money is the client's and cannot be withheld."""

import pytest
from sqlalchemy import select
from support.story import Office, client_line, ordinary_month

from ledgers.database import open_engine, reading
from ledgers.journal.posting import balances
from ledgers.schema.core import remainder_lists


def listed(office: Office) -> list[tuple[str, int, int]]:
    """(client, sequence, cents) of everything that was ever told."""
    columns = (remainder_lists.c.client, remainder_lists.c.sequence, remainder_lists.c.amount_cents)
    engine = open_engine(office.url)
    with reading(engine) as connection:
        found = sorted((row.client, row.sequence, row.amount_cents) for row in connection.execute(select(*columns)))
    engine.dispose()
    return found


def export(office: Office, month: str = "2026-11") -> list[list[str]]:
    """The lines of the list, without its header."""
    path = office.folder / "remainders.csv"
    office.do("bram", "export", "remainders", month, "--out", str(path))
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = "uitkering;ingehouden;restant;teruggave;eerder_opgegeven;nu_uit_te_betalen"
    assert header == f"gemeente;klantnummer;maand;{columns}"
    return [line.split(";") for line in lines]


@pytest.fixture
def planned(office: Office) -> Office:
    """An office whose month waits for approval."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    return office


FIRST_LIST = [
    ["assen", "0010001", "2026-11", "1331,43", "770,50", "560,93", "0,00", "0,00", "560,93"],
    ["assen", "0010002", "2026-11", "1331,43", "771,29", "560,14", "0,00", "0,00", "560,14"],
    ["tynaarlo", "0020001", "2026-11", "1331,43", "700,00", "631,43", "0,00", "0,00", "631,43"],
]


def test_the_list_says_what_to_pay_and_the_books_remember_it(planned: Office) -> None:
    assert export(planned) == FIRST_LIST
    assert listed(planned) == [("0010001", 1, 560_93), ("0010002", 1, 560_14), ("0020001", 1, 631_43)]
    assert planned.do("inge", "check").code == 0


def test_the_second_list_lists_nothing_new(planned: Office) -> None:
    export(planned)
    before = planned.digest()
    again = export(planned)
    assert [(line[7], line[8]) for line in again] == [("560,93", "0,00"), ("560,14", "0,00"), ("631,43", "0,00")]
    assert planned.digest() == before


def test_an_addition_after_the_list_is_listed_alone(planned: Office) -> None:
    export(planned)
    planned.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    planned.do("bram", "run", "2026-11")
    assert export(planned)[0][1:] == ["0010001", "2026-11", "1381,43", "770,50", "610,93", "0,00", "560,93", "50,00"]
    assert listed(planned)[:2] == [("0010001", 1, 560_93), ("0010001", 2, 50_00)]
    assert planned.do("inge", "check").code == 0


def test_listed_money_cannot_be_withheld_any_more(planned: Office) -> None:
    """The benefits office pays it: a bill that comes in afterwards is a shortfall, however small."""
    export(planned)
    planned.obligations("VL-9;0010001;WATER;water;0,01;W-9;2026-10;;")
    planned.do("bram", "run", "2026-11")
    status = planned.status()
    assert status["withheld_cents"] == 770_50 + 771_29
    assert status["shortfalls"] == [
        {
            "client": "0010001",
            "obligation": "VL-9",
            "category": "water",
            "covers": "2026-12",
            "needed_cents": 1,
            "available_cents": 0,
        }
    ]
    assert [line[8] for line in export(planned)] == ["0,00"] * 3


def test_without_a_list_the_same_bill_is_simply_paid(planned: Office) -> None:
    planned.obligations("VL-9;0010001;WATER;water;20,00;W-9;2026-10;;")
    planned.do("bram", "run", "2026-11")
    assert planned.status()["withheld_cents"] == 770_50 + 771_29 + 20_00
    assert export(planned)[0][1:] == ["0010001", "2026-11", "1331,43", "790,50", "540,93", "0,00", "0,00", "540,93"]


def test_an_addition_after_the_list_is_free_for_a_bill_that_fits_in_it(planned: Office) -> None:
    export(planned)
    planned.obligations("VL-9;0010001;WATER;water;20,00;W-9;2026-10;;")
    planned.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    planned.do("bram", "run", "2026-11")
    assert planned.status()["shortfalls"] == []
    assert export(planned)[0][1:] == ["0010001", "2026-11", "1381,43", "790,50", "590,93", "0,00", "560,93", "30,00"]


def test_what_is_set_apart_for_an_unconfirmed_iban_is_no_remainder(office: Office) -> None:
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1331,43;")
    office.do("bram", "run", "2026-11")
    assert [line[4:] for line in export(office)] == [["650,00", "681,43", "0,00", "0,00", "681,43"]]
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11")
    assert [file["control_sum_cents"] for file in office.files()] == [650_00]
    assert [line[8] for line in export(office)] == ["0,00"]


def test_every_month_has_a_list_of_its_own(planned: Office) -> None:
    export(planned)
    planned.today = "2026-12-16"
    planned.benefits("U-12;0010001;2026-12;regulier;1331,43;")
    planned.do("bram", "run", "2026-12", "--gemeente", "assen")
    assert [line[1:3] + line[5:] for line in export(planned, "2026-12")] == [
        ["0010001", "2026-12", "560,93", "0,00", "0,00", "560,93"]
    ]
    assert export(planned, "2027-01") == []


def test_after_list_and_release_nothing_is_held_of_anybody(planned: Office) -> None:
    planned.approve_and_release()
    export(planned)
    engine = open_engine(planned.url)
    with reading(engine) as connection:
        found = {a: c for a, c in balances(connection, "assen").items() if c}
    engine.dispose()
    assert found == {"benefit_clearing": 1_541_79, "in_transit": -1_541_79}


def test_only_finance_and_administration_list(planned: Office) -> None:
    path = planned.folder / "remainders.csv"
    for who in ("carla", "rosa", "dirk", "inge", "chef", "eve"):
        assert planned(who, "export", "remainders", "2026-11", "--out", str(path)).code == 1
    assert not path.exists()
    assert listed(planned) == []
