"""What remains is told to the benefits office once; from then on that money is the client's and cannot be withheld."""

import pytest
from sqlalchemy import select
from support.story import CREDITORS, Office, client_line, ordinary_month

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


COLUMNS = (
    "gemeente;klantnummer;maand;uitkering;ingehouden;restant;teruggave;eerder_opgegeven;nu_uit_te_betalen;"
    "advies;reden;wachten_met;inhouding;inhouding_soort;lijst;toelichting"
)


def export(office: Office, month: str = "2026-11", *more: str) -> list[list[str]]:
    """The lines of the next list, without its header."""
    path = office.folder / "remainders.csv"
    office.do("bram", "export", "remainders", month, "--out", str(path), *more)
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header == COLUMNS
    return [line.split(";") for line in lines]


def amounts(lines: list[list[str]]) -> list[list[str]]:
    """The lines up to what must be paid now."""
    return [line[:9] for line in lines]


def advice(lines: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """Per client: what to pay now, the advice, the reason and what to wait with."""
    return {line[1]: tuple(line[8:12]) for line in lines}


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
    assert amounts(export(planned)) == FIRST_LIST
    assert listed(planned) == [("0010001", 1, 560_93), ("0010002", 1, 560_14), ("0020001", 1, 631_43)]
    assert planned.do("inge", "check").code == 0


def test_the_second_list_lists_nothing_new(planned: Office) -> None:
    export(planned)
    before = planned.digest()
    assert export(planned) == []
    assert planned.digest() == before


def test_an_addition_after_the_list_is_listed_alone(planned: Office) -> None:
    export(planned)
    planned.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    planned.do("bram", "run", "2026-11")
    assert amounts(export(planned)) == [
        ["assen", "0010001", "2026-11", "1381,43", "770,50", "610,93", "0,00", "560,93", "50,00"]
    ]
    assert listed(planned)[:2] == [("0010001", 1, 560_93), ("0010001", 2, 50_00)]
    assert planned.do("inge", "check").code == 0


def test_listed_money_cannot_be_withheld_any_more(planned: Office) -> None:
    """The benefits office pays it: a bill that comes in afterwards is a shortfall, however small, and says why."""
    export(planned)
    planned.obligations("VL-9;0010001;WATER;water;0,01;W-9;2026-10;;")
    answer = planned.do("bram", "run", "2026-11").out
    assert "TEKORT klant 0010001: water VL-9 (EUR 0,01), omdat EUR 560,93 al is opgegeven om uit te betalen" in answer
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
            "told_cents": 560_93,
        }
    ]
    again = planned.do("bram", "run", "2026-11").out  # also when it was done already
    assert "was al gedaan" in again
    assert "al is opgegeven" in again
    assert advice(export(planned)) == {"0010001": ("0,00", "uitbetalen", "tekort", "0,00")}  # only what is different


def test_without_a_list_the_same_bill_is_simply_paid(planned: Office) -> None:
    planned.obligations("VL-9;0010001;WATER;water;20,00;W-9;2026-10;;")
    planned.do("bram", "run", "2026-11")
    assert planned.status()["withheld_cents"] == 770_50 + 771_29 + 20_00
    assert amounts(export(planned))[0][1:] == [
        "0010001",
        *("2026-11", "1331,43", "790,50", "540,93", "0,00", "0,00", "540,93"),
    ]


def test_an_addition_after_the_list_is_free_for_a_bill_that_fits_in_it(planned: Office) -> None:
    export(planned)
    planned.obligations("VL-9;0010001;WATER;water;20,00;W-9;2026-10;;")
    planned.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    planned.do("bram", "run", "2026-11")
    assert planned.status()["shortfalls"] == []
    assert amounts(export(planned))[0][1:] == [
        "0010001",
        *("2026-11", "1381,43", "790,50", "590,93", "0,00", "560,93", "30,00"),
    ]


def test_what_is_set_apart_for_an_unconfirmed_iban_is_no_remainder(office: Office) -> None:
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1331,43;")
    office.do("bram", "run", "2026-11")
    (line,) = export(office)
    assert line[4:12] == [
        *("650,00", "681,43", "0,00", "0,00", "681,43"),
        *("wachten", "iban_unconfirmed", "650,00"),
    ]
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11")
    assert [file["control_sum_cents"] for file in office.files()] == [650_00]
    assert advice(export(office)) == {"0010001": ("0,00", "uitbetalen", "", "0,00")}  # nothing to wait with any more


def test_every_month_has_a_list_of_its_own(planned: Office) -> None:
    export(planned)
    planned.today = "2026-12-16"
    planned.benefits("U-12;0010001;2026-12;regulier;1331,43;")
    planned.do("bram", "run", "2026-12", "--gemeente", "assen")
    assert [line[1:3] + line[5:9] for line in export(planned, "2026-12")] == [
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


# --- everybody with a benefit stands on the list --------------------------------------------------------------------


@pytest.fixture
def mixed(office: Office) -> Office:
    """A month of one who is paid for, and six others who are held, each for another reason or none."""
    office.creditors()
    office.clients(
        client_line("0010001"),
        client_line("0010002"),
        client_line("0010003"),
        client_line("0010004", machtiging_datum=""),
        client_line("0010005", verblijfsgrond="regulier"),
        client_line("0010006", recht_tot="2026-11-10"),
    )
    office.obligations(
        *(f"VL-{n};001000{n};WONEN;huur;600,00;C-{n};2026-10;;" for n in range(1, 7)),
        "VL-8;0010001;STROOM;energie;500,00;5000056789012345;2026-10;;",
    )
    office.benefits(
        "U-1;0010001;2026-11;regulier;1000,00;",
        "U-2;0010002;2026-11;regulier;1000,00;",
        "U-3;0010003;2026-11;regulier;1000,00;ja",
        "U-4;0010004;2026-11;regulier;1000,00;",
        "U-5;0010005;2026-11;regulier;1000,00;",
        "U-6;0010006;2026-11;regulier;1000,00;",
    )
    office.do("dirk", "hold", "0010002", "--why", "gesprek")
    office.do("bram", "run", "2026-11")
    return office


def test_every_client_with_a_benefit_line_is_told_with_advice_and_reason(mixed: Office) -> None:
    lines = export(mixed)
    assert advice(lines) == {
        "0010001": ("400,00", "uitbetalen", "tekort", "0,00"),
        "0010002": ("0,00", "wachten", "on_hold", "1000,00"),
        "0010003": ("0,00", "wachten", "suspended", "1000,00"),
        "0010004": ("1000,00", "uitbetalen", "no_mandate", "0,00"),
        "0010005": ("1000,00", "uitbetalen", "not_in_scope", "0,00"),
        "0010006": ("1000,00", "uitbetalen", "right_ended", "0,00"),
    }
    assert lines[1][15] == "aangehouden door een medewerker, wacht met EUR 1.000,00"
    assert listed(mixed)[:2] == [("0010001", 1, 400_00), ("0010002", 1, 0)]  # only what we hold is booked
    assert mixed.do("inge", "check").code == 0


def test_who_becomes_payable_after_the_whole_benefit_was_told_falls_short(mixed: Office) -> None:
    export(mixed)
    mixed.clients(client_line("0010004"))
    answer = mixed.do("bram", "run", "2026-11").out
    assert "klant 0010004: huur VL-4 (EUR 600,00), omdat EUR 1.000,00 al is opgegeven om uit te betalen" in answer
    assert mixed.status()["withheld_cents"] == 600_00
    assert advice(export(mixed)) == {"0010004": ("0,00", "uitbetalen", "tekort", "0,00")}
    assert listed(mixed)[3:5] == [("0010004", 1, 0), ("0010004", 2, 1000_00)]  # counted now: booked as remainder
    assert mixed.do("inge", "check").code == 0
    assert export(mixed) == []


def test_who_waited_is_told_what_is_left_after_the_run(mixed: Office) -> None:
    export(mixed)
    mixed.do("dirk", "unhold", "0010002", "--why", "opgelost")
    assert export(mixed) == []  # the newest run still holds: nothing is told before a new one
    mixed.do("bram", "run", "2026-11")
    assert advice(export(mixed)) == {"0010002": ("400,00", "uitbetalen", "", "0,00")}


def test_a_hold_after_the_run_stops_what_was_not_told(mixed: Office) -> None:
    mixed.do("dirk", "hold", "0010001", "--why", "adres onbekend")
    assert advice(export(mixed))["0010001"] == ("0,00", "wachten", "on_hold", "400,00")
    mixed.do("dirk", "unhold", "0010001", "--why", "gevonden")
    assert advice(export(mixed)) == {"0010001": ("400,00", "uitbetalen", "tekort", "0,00")}
    mixed.do("dirk", "hold", "0010001", "--why", "weer onbekend")
    assert export(mixed) == []  # told is told: a hold takes nothing back


def test_a_benefit_that_no_run_has_looked_at_waits(mixed: Office) -> None:
    mixed.clients(client_line("0010007"))
    mixed.benefits("U-7;0010007;2026-11;regulier;900,00;")
    lines = export(mixed)
    assert advice(lines)["0010007"] == ("0,00", "wachten", "", "900,00")
    mixed.do("bram", "run", "2026-11")
    assert advice(export(mixed)) == {"0010007": ("900,00", "uitbetalen", "", "0,00")}


def test_before_the_run_nothing_is_told_to_be_paid(office: Office) -> None:
    ordinary_month(office)
    assert {line[8:10] == ["0,00", "wachten"] for line in map(list, export(office))} == {True}
    office.do("bram", "run", "2026-11")
    assert amounts(export(office)) == FIRST_LIST


def test_what_is_deducted_is_named(office: Office) -> None:
    """Net: EUR 50,00 went off already, and the list says so; with the gross benefit it goes off here."""
    office.clients(client_line("0010001"), client_line("0010002", machtiging_datum=""))
    header = "referentie;klantnummer;maand;component;bedrag;inhouding_soort"
    lines = [
        *(f"U-{n};001000{n};2026-11;regulier;1000,00;" for n in (1, 2)),
        *(f"I-{n};001000{n};2026-11;inhouding;50,00;beslag" for n in (1, 2)),
        "I-3;0010001;2026-11;inhouding;20,00;maatregel",
    ]
    path = office.file("deducted.csv", header, *lines)
    office.do("anna", "import", "benefits", path)
    office.do("bram", "run", "2026-11")
    found = {line[1]: (line[3], line[8], line[12], line[13]) for line in export(office)}
    assert found == {
        "0010001": ("1000,00", "1000,00", "70,00", "beslag 50,00 + maatregel 20,00"),
        "0010002": ("1000,00", "1000,00", "50,00", "beslag 50,00"),
    }


# --- money given back is other money --------------------------------------------------------------------------------


def test_a_refund_that_was_listed_is_no_remainder(office: Office) -> None:
    """301,01 was told, and then 650,00 that was given back: a later addition was promised to nobody."""
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;951,01;")
    office.do("bram", "run", "2026-11")
    export(office)
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "verhuurder wil het niet")
    assert amounts(export(office))[0][6:] == ["650,00", "301,01", "650,00"]
    assert listed(office) == [("0010001", 1, 301_01), ("0010001", 2, 650_00)]
    office.do("bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    office.benefits("U-2;0010001;2026-11;aanvulling;150,00;")
    office.obligations("VL-9;0010001;STROOM;energie;150,00;5000056789012345;2026-10;;")
    office.do("bram", "run", "2026-11")
    assert office.status()["shortfalls"] == []
    assert office.status()["withheld_cents"] == 800_00
    assert office.do("inge", "check").code == 0


# --- what is out of proportion --------------------------------------------------------------------------------------


def test_a_remainder_out_of_all_proportion_is_asked(office: Office) -> None:
    office.clients(client_line("0010001"), client_line("0010002"))
    office.benefits("U-1;0010001;2026-11;regulier;95.101,00;", "U-2;0010002;2026-11;regulier;951,01;")
    office.do("bram", "run", "2026-11")
    path = str(office.folder / "remainders.csv")
    refused = office("bram", "export", "remainders", "2026-11", "--out", path)
    assert refused.code == 1
    assert "0010001: EUR 95.101,00, above max_remainder (4.000,00)" in refused.err
    assert "--accept 0010001" in refused.err
    assert "0010002" not in refused.err
    assert listed(office) == []
    assert office("bram", "export", "remainders", "2026-11", "--out", path, "--accept", "0010002").code == 1
    assert len(export(office, "2026-11", "--accept", "0010001")) == 2
    assert office.do("inge", "check").code == 0
