"""Looking ahead, told as stories: what a household may expect, and what a change does before it happens."""

import json
import random
from datetime import date, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from sqlalchemy import Engine
from support.story import CREDITORS, Office, client_line, ordinary_month

from config.parameters import load_parameters
from config.settings import load_settings
from flows.actions.forecasting import effect_of
from flows.actions.grounds_and_holds import hold
from flows.actions.import_files import import_file
from flows.office import Office as Surroundings
from flows.rehearsal.invent import invent
from ledgers.registers.register import InputKind
from payments.calendar import AMSTERDAM
from payments.month import add_months


def one_client(office: Office, **changes: str) -> None:
    """Klant 0010001 in Assen with rent, energy and insurance, known benefit of October."""
    office.begin(_one_client, **changes)


def _one_client(office: Office, **changes: str) -> None:
    office.creditors()
    office.clients(client_line("0010001", **changes))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010001;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
    )
    office.benefits("U-10-1;0010001;2026-10;regulier;1.331,43;")


def forecast(office: Office, who: str, months: int = 6) -> Any:
    return office.do("dirk", "--json", "forecast", who, "--months", str(months)).document


def preview(office: Office, who: str, *words: str) -> list[dict[str, Any]]:
    """What a command with --preview answers per client; the books must not have moved."""
    before = office.digest()
    said = office.do(who, "--json", *words, "--preview").document
    assert office.digest() == before, "a preview stored something"
    assert said["preview"] is True
    return [
        client | {"gemeente": run["gemeente"], "month": run["month"]}
        for run in said["runs"]
        for client in run["clients"]
    ]


def import_words(office: Office, kind: str, header: str, *lines: str, first: str = "2026-11") -> list[str]:
    return ["import", kind, office.file(f"{kind}.csv", header, *lines), "--from", first]


OBLIGATIONS = "vaste_last;klantnummer;schuldeiser;soort;bedrag;kenmerk;vanaf;tot;frequentie"
CLIENTS = (
    "klantnummer;gemeente;naam;huishouden;geboortedatum;recht_vanaf;recht_tot;verblijfsgrond;inburgeringsplichtig;"
    "beschikking;beschikking_datum;machtiging_datum;iban;taal"
)


def outcomes(month: dict[str, Any]) -> dict[str, str]:
    return {cost["obligation"]: cost["outcome"] for cost in month["obligations"]}


def paid_by_run(office: Office, month: str = "2026-11") -> dict[str, int]:
    """What the newest run of Assen has withheld, per client."""
    return {r["client"]: r["withheld_cents"] for r in office.status(month)["remainders"]}


def test_the_ground_ends_in_the_window_and_from_then_on_the_costs_are_the_clients_own(office: Office) -> None:
    one_client(office)
    seen = forecast(office, "0010001")
    assert [m["month"] for m in seen["months"]] == [add_months("2026-11", n) for n in range(6)]
    december, march = seen["months"][1], seen["months"][4]
    assert december["assumed"]
    assert december["members"] == [
        {
            "client": "0010001",
            "benefit_cents": 1331_43,
            "withheld_cents": 929_45,
            "held": None,
            "known_in": "2026-10",
            "suspended_in": None,
            "remainder_cents": 401_98,
        }
    ]
    assert december["balance_cents"] == 401_98
    assert march["members"][0]["held"] == "no_ground"
    assert set(outcomes(march).values()) == {"held"}
    assert march["balance_cents"] == 401_98, "the same money, but the client has to pay every bill alone"
    assert march["own_costs_cents"] == 929_45
    assert {"on": "2027-02-28", "kind": "ground_ends", "client": "0010001", "obligation": None} in seen["coming"]
    text = office.do("dirk", "forecast", "0010001").out
    assert "28-02-2027 klant 0010001: laatste dag van de wettelijke grondslag" in text
    assert "Naïma" not in text


def test_a_forecast_of_a_household_is_that_of_its_member_and_a_stranger_is_refused(office: Office) -> None:
    one_client(office)
    assert forecast(office, "H0010001")["months"] == forecast(office, "0010001")["months"]
    assert office("dirk", "forecast", "9999999").code == 1


def test_a_household_code_in_two_gemeenten_is_not_guessed(office: Office) -> None:
    office.clients(client_line("1", huishouden="H"), client_line("2", huishouden="H", gemeente="tynaarlo"))
    refused = office("dirk", "forecast", "H")
    assert refused.code == 1
    assert "assen and tynaarlo" in refused.err


def test_only_the_last_known_regular_benefit_is_expected_never_a_one_off(office: Office) -> None:
    one_client(office)
    office.benefits(
        "U-10-2;0010001;2026-10;aanvulling;100,00;",
        "U-10-3;0010001;2026-10;nabetaling;800,00;",
        "U-09-1;0010001;2026-09;regulier;900,00;",
    )
    month = forecast(office, "0010001", 1)["months"][0]
    assert month["benefit_cents"] == 1431_43


def test_a_suspended_month_is_passed_over_and_said(office: Office) -> None:
    one_client(office)
    office.today = "2026-12-01"
    office.benefits("U-11-1;0010001;2026-11;regulier;1.331,43;ja")
    seen = forecast(office, "0010001", 1)
    assert seen["months"][0]["month"] == "2026-12"
    assert seen["months"][0]["members"][0]["known_in"] == "2026-10"
    assert seen["months"][0]["members"][0]["suspended_in"] == "2026-11"
    assert seen["outdated"] == [{"client": "0010001", "known_in": "2026-10"}]
    text = office.do("dirk", "forecast", "0010001").out
    assert "LET OP: de uitkering van klant 0010001 is voor het laatst bekend in 2026-10" in text
    assert "opgeschort in 2026-11" in text


def test_a_deficit_is_seen_months_before_it_happens(office: Office) -> None:
    """A yearly bill in February and a repayment from January: January is still fine, February is not."""
    one_client(office)
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010001;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
        "VL-4;0010001;WATER;water;390,00;W-1;2027-02;;jaar",
    )
    add = ("budget", "add", "0010001", "--name", "inrichting", "--amount", "150,00", "--from", "2026-12")
    office.do("rosa", *add, "--kind", "aflossing")
    office.do(
        "rosa",
        "budget",
        "add",
        "0010001",
        "--kind",
        "toeslag",
        "--name",
        "zorgtoeslag",
        "--amount",
        "100,00",
        "--from",
        "2027-01",
    )
    months = {m["month"]: m for m in forecast(office, "0010001", 4)["months"]}
    assert months["2026-11"]["balance_cents"] == 401_98
    assert months["2026-12"]["balance_cents"] == 251_98
    assert outcomes(months["2027-01"])["VL-4"] == "paid", "the January benefit pays the water of February"
    assert months["2027-01"]["balance_cents"] == 401_98 - 390_00 - 150_00 + 100_00
    assert [m["month"] for m in months.values() if m["deficit"]] == ["2027-01"]
    text = office.do("dirk", "forecast", "0010001").out
    assert "TEKORT: over om van te leven -38,02" in text
    assert "toeslag zorgtoeslag (klant 0010001): + 100,00" in text


def test_a_shortage_counts_as_a_bill_that_the_household_still_owes(office: Office) -> None:
    one_client(office)
    office.benefits("U-11-1;0010001;2026-11;regulier;700,00;")
    month = forecast(office, "0010001", 1)["months"][0]
    assert not month["assumed"]
    assert outcomes(month) == {"VL-1": "paid", "VL-2": "shortage", "VL-3": "shortage"}
    assert month["balance_cents"] == 700_00 - 650_00 - 120_50 - 158_95


def test_an_unconfirmed_iban_is_reserved_once_and_never_again(office: Office) -> None:
    one_client(office)
    changed = CREDITORS["WONEN"].replace("NL91ABNA0417164300", "NL39RABO0300065264")
    office.creditors(changed, confirm=False)
    months = forecast(office, "0010001", 3)["months"]
    for month in months:
        rent = next(c for c in month["obligations"] if c["obligation"] == "VL-1")
        assert (rent["outcome"], rent["reason"], rent["reserved"]) == ("held", "iban_unconfirmed", True)
        assert month["withheld_cents"] == 929_45
        assert month["balance_cents"] == 401_98


def test_a_handed_over_cost_is_the_clients_own_from_its_month_and_an_ended_one_is_said_once(office: Office) -> None:
    one_client(office)
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;2027-01;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010001;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
    )
    office.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    seen = forecast(office, "0010001", 4)
    november, december, january, february = seen["months"]
    assert outcomes(november) == {"VL-1": "paid", "VL-2": "paid", "VL-3": "paid"}
    assert outcomes(december) == {"VL-1": "paid", "VL-2": "handed_over", "VL-3": "paid"}
    assert december["balance_cents"] == 401_98, "not withheld, but not the client's to spend either"
    assert outcomes(january) == {"VL-1": "ended", "VL-2": "handed_over", "VL-3": "paid"}
    assert outcomes(february) == {"VL-2": "handed_over", "VL-3": "paid"}
    kinds = {(item["kind"], item["on"], item["obligation"]) for item in seen["coming"]}
    assert ("handed_over", "2027-01-01", "VL-2") in kinds
    assert ("obligation_ends", "2027-01-31", "VL-1") in kinds


def test_a_right_that_ends_and_a_proposed_end_are_seen_coming(office: Office) -> None:
    one_client(office, recht_tot="2027-01-10")
    seen = forecast(office, "0010001", 4)
    assert [m["members"][0]["held"] for m in seen["months"]] == [None, None, "right_ended", "right_ended"]
    assert seen["months"][2]["benefit_cents"] == 0
    assert seen["months"][2]["deficit"]
    assert ("right_ends", "2027-01-10") in {(item["kind"], item["on"]) for item in seen["coming"]}
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", "maatwerk", "--why", "vertrek")
    coming = forecast(office, "0010001", 4)["coming"]
    assert ("end_proposed", "2026-12-31") in {(item["kind"], item["on"]) for item in coming}
    office.do("dirk", "end", "confirm", "0010001")
    seen = forecast(office, "0010001", 4)
    assert ("ends", "2026-12-31") in {(item["kind"], item["on"]) for item in seen["coming"]}
    assert [m["members"][0]["held"] for m in seen["months"]][:2] == [None, None]


def test_a_reassessment_is_seen_coming_until_it_is_made(office: Office) -> None:
    one_client(office)
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
        "2027-08-31",
        "--decision",
        "B-57",
        "--reassess-on",
        "2027-04-15",
    )
    seen = forecast(office, "0010001")
    assert ("reassessment_due", "2027-04-15") in {(item["kind"], item["on"]) for item in seen["coming"]}
    assert all(m["members"][0]["held"] is None for m in seen["months"])


def test_who_moves_to_another_gemeente_leaves_the_forecast_there(office: Office) -> None:
    one_client(office)
    office.clients(client_line("0010001", gemeente="tynaarlo"), first="2027-01")
    seen = forecast(office, "0010001")
    assert [m["month"] for m in seen["months"]] == ["2026-11", "2026-12"]
    assert ("moves_away", "2027-01-01") in {(item["kind"], item["on"]) for item in seen["coming"]}


def test_a_budget_line_is_added_once_and_the_newest_of_a_name_counts_from_its_month(office: Office) -> None:
    one_client(office)
    line = ("budget", "add", "0010001", "--kind", "toeslag", "--name", "huurtoeslag")
    first = (*line, "--amount", "300,00", "--from", "2026-11")
    assert office.do("dirk", "--json", *first).document == {"client": "0010001", "added": True}
    office.do("dirk", *line, "--amount", "320,00", "--from", "2027-01", "--until", "2027-02")
    digest = office.digest()
    assert office.do("dirk", "--json", *first).document["added"] is False
    assert office.digest() == digest
    found = [sum(line["amount_cents"] for line in m["budget"]) for m in forecast(office, "0010001", 5)["months"]]
    assert found == [300_00, 300_00, 320_00, 320_00, 0]


UNUSABLE: list[tuple[str, dict[str, str], int]] = [
    ("anna", {}, 1),
    ("dirk", {"--amount": "12.50"}, 1),
    ("dirk", {"--amount": "0,00"}, 1),
    ("dirk", {"--name": " "}, 1),
    ("dirk", {"--name": "n" * 71}, 1),
    ("dirk", {"--name": "van 111222333"}, 1),
    ("dirk", {"--until": "2026-10"}, 1),
    ("dirk", {"--from": "2026-13"}, 2),
    ("dirk", {"--kind": "gift"}, 2),
]


def test_a_budget_line_that_cannot_be_is_refused(office: Office) -> None:
    office.clients(client_line("0010001"))
    digest = office.digest()
    for who, change, code in UNUSABLE:
        options = {"--kind": "inkomen", "--name": "baan", "--amount": "12,50", "--from": "2026-11"} | change
        said = office(who, "budget", "add", "0010001", *(word for pair in options.items() for word in pair))
        assert said.code == code, (change, said.err)
    assert office.digest() == digest


def test_a_budget_line_of_a_stranger_is_refused_and_the_audit_row_has_keys_only(office: Office, engine: Engine) -> None:
    words = ("--kind", "kosten", "--name", "oppas", "--amount", "12,50", "--from", "2026-11")
    assert office("dirk", "budget", "add", "0010001", *words).code == 1
    office.clients(client_line("0010001"))
    office.do("dirk", "budget", "add", "0010001", *words)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT subject FROM audit_trail WHERE action = 'budget_line_added'").all()
    (subject,) = [json.loads(row[0]) for row in rows]
    assert {key: subject[key] for key in subject if key != "sealed"} == {
        "client": "0010001",
        "kind": "kosten",
        "sequence": 1,
    }


def test_a_previewed_tariff_change_is_exactly_what_the_next_run_pays(office: Office) -> None:
    ordinary_month(office)
    words = import_words(office, "obligations", OBLIGATIONS, "VL-1;0010001;WONEN;huur;681,10;C-77;2026-10;;")
    (client,) = preview(office, "anna", *words)
    assert client["gemeente"] == "assen"
    assert client["month"] == "2026-11"
    assert client["payments"] == [
        {
            "obligation": "VL-1",
            "covers": "2026-12",
            "before": {"creditor": "WONEN", "amount_cents": 650_00},
            "after": {"creditor": "WONEN", "amount_cents": 681_10},
        }
    ]
    office.do("anna", *words)
    office.do("bram", "run", "2026-11")
    assert paid_by_run(office)["0010001"] == 681_10 + 120_50
    remainder = next(r["remainder_cents"] for r in office.status()["remainders"] if r["client"] == "0010001")
    assert client["remainder_after_cents"] == remainder
    assert client["remainder_before_cents"] == remainder + 31_10


def test_a_tariff_that_holds_from_a_later_month_changes_nothing_now(office: Office) -> None:
    ordinary_month(office)
    line = "VL-1;0010001;WONEN;huur;681,10;C-77;2026-10;;"
    assert preview(office, "anna", *import_words(office, "obligations", OBLIGATIONS, line, first="2027-01")) == []
    said = office.do("anna", *import_words(office, "obligations", OBLIGATIONS, line, first="2027-01"), "--preview").out
    assert "Dit verandert niets aan de eerstvolgende run." in said
    office.do("anna", *import_words(office, "obligations", OBLIGATIONS, line, first="2027-01"))
    rents = [
        next(c["amount_cents"] for c in m["obligations"] if c["obligation"] == "VL-1")
        for m in forecast(office, "0010001", 4)["months"]
    ]
    assert rents == [650_00, 681_10, 681_10, 681_10], "the benefit of December pays January"


def test_the_partner_who_joins_shares_the_rent_from_the_next_run(office: Office) -> None:
    """Without a benefit line in the month the partner is only listed; with one both pay half."""
    one_client(office)
    words = import_words(
        office, "clients", CLIENTS, client_line("0010009", huishouden="H0010001", recht_vanaf="2026-11-01")
    )
    (partner,) = preview(office, "anna", *words)
    assert partner["client"] == "0010009"
    assert partner["held_after"] == [{"obligation": None, "reason": "no_benefit"}]
    office.do("anna", *words)
    office.do("rosa", "event", "partner_joined", "0010001", "--on", "2026-11-01", "--why", "partner is ingetrokken")
    office.benefits("U-11-1;0010001;2026-11;regulier;951,01;", "U-11-9;0010009;2026-11;regulier;951,01;")
    month = forecast(office, "H0010001", 1)["months"][0]
    assert {m["client"]: m["withheld_cents"] for m in month["members"]} == {
        "0010001": 325_00 + 60_25 + 158_95,
        "0010009": 325_00 + 60_25,
    }
    office.do("bram", "run", "2026-11")
    assert {m["client"]: m["withheld_cents"] for m in month["members"]} == paid_by_run(office)


def test_the_mover_pays_two_rents_in_one_month_and_sees_the_shortage_before(office: Office) -> None:
    one_client(office)
    words = import_words(
        office,
        "obligations",
        OBLIGATIONS,
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;2026-12;",
        "VL-9;0010001;WONEN;huur;640,00;C-99;2026-12;;",
    )
    (client,) = preview(office, "anna", *words)
    assert [(p["obligation"], p["after"]) for p in client["payments"]] == [
        ("VL-2", None),
        ("VL-3", None),
        ("VL-9", {"creditor": "WONEN", "amount_cents": 640_00}),
    ]
    assert [s["obligation"] for s in client["short_after"]] == ["VL-2", "VL-3"]
    assert client["remainder_after_cents"] == 41_43
    office.do("anna", *words)
    november, december = forecast(office, "0010001", 2)["months"]
    assert outcomes(november) == {"VL-1": "paid", "VL-9": "paid", "VL-2": "shortage", "VL-3": "shortage"}
    assert november["deficit"]
    assert outcomes(december) == {"VL-1": "ended", "VL-9": "paid", "VL-2": "paid", "VL-3": "paid"}


def test_a_revoked_mandate_stops_everything_in_the_preview_as_in_the_run(office: Office) -> None:
    ordinary_month(office)
    words = ("event", "mandate_revoked", "0010002", "--on", "2026-11-17", "--why", "klant trekt in")
    (client,) = preview(office, "dirk", *words)
    assert client["held_after"] == [{"obligation": None, "reason": "no_mandate"}]
    assert {p["obligation"]: p["after"] for p in client["payments"]} == {"VL-3": None, "VL-4": None}
    assert client["remainder_after_cents"] is None
    text = office.do("dirk", *words, "--preview").out
    assert "er is niets opgeslagen" in text
    assert "vervalt: VL-3 2026-12 612,34 aan WONEN" in text
    assert "wordt niet betaald: geen machtiging (no_mandate)" in text
    office.do("dirk", *words)
    office.do("bram", "run", "2026-11")
    assert {h["client"]: h["reason"] for h in office.status()["held"]} == {"0010002": "no_mandate"}


def test_a_new_iban_takes_the_payment_out_of_the_next_run_and_keeps_its_money(office: Office) -> None:
    ordinary_month(office)
    header = "schuldeiser;naam;iban;soort;kenmerk_soort"
    changed = CREDITORS["ZORG"].replace("NL02ABNA0123456789", "NL39RABO0300065264")
    (client,) = preview(office, "anna", *import_words(office, "creditors", header, changed))
    assert client["client"] == "0010002"
    assert [(p["obligation"], p["after"]) for p in client["payments"]] == [("VL-4", None)]
    assert client["held_after"] == [{"obligation": "VL-4", "reason": "iban_unconfirmed"}]
    assert client["remainder_before_cents"] == client["remainder_after_cents"]


def test_hold_unhold_and_ground_show_what_they_do(office: Office) -> None:
    ordinary_month(office)
    (held,) = preview(office, "rosa", "hold", "0010001", "--why", "onderzoek")
    assert held["held_after"] == [{"obligation": None, "reason": "on_hold"}]
    office.do("rosa", "hold", "0010001", "--why", "onderzoek")
    (freed,) = preview(office, "rosa", "unhold", "0010001")
    assert freed["held_before"] == held["held_after"]
    assert freed["payments"] == [p | {"before": p["after"], "after": p["before"]} for p in held["payments"]]
    assert freed["remainder_after_cents"] == held["remainder_before_cents"]

    office.today = "2027-03-05"
    (paid,) = preview(
        office,
        "dirk",
        "ground",
        "add",
        "0010002",
        "--ground",
        "ART_57",
        "--from",
        "2027-03-01",
        "--until",
        "2027-05-31",
        "--decision",
        "B-57",
    )
    assert paid["held_before"] == [{"obligation": None, "reason": "no_ground"}]
    assert {p["obligation"]: p["before"] for p in paid["payments"]} == {"VL-3": None, "VL-4": None}


def test_a_hand_over_and_an_end_show_what_they_do(office: Office) -> None:
    ordinary_month(office)
    words = ("handover", "VL-4", "--first-own-month", "2026-12", "--method", "overboeking")
    (client,) = preview(office, "rosa", *words)
    assert [(p["obligation"], p["after"]) for p in client["payments"]] == [("VL-4", None)]
    assert client["remainder_after_cents"] - client["remainder_before_cents"] == 158_95
    assert office("rosa", "handover", "proof", "VL-4", "2026-12", "--paid", "ja", "--preview").code == 2

    early = ("end", "propose", "0010001", "--reason", "maatwerk", "--why", "afspraak", "--date")
    (ended,) = preview(office, "rosa", *early, "2026-11-20")
    assert ended["held_after"] == [{"obligation": None, "reason": "ended"}]
    assert {p["obligation"]: p["after"] for p in ended["payments"]} == {"VL-1": None, "VL-2": None}
    assert preview(office, "rosa", *early, "2026-12-31") == [], "November is still paid when it ends in December"
    office.do("rosa", *early, "2026-11-20")
    assert preview(office, "rosa", *early, "2026-11-20") == [ended], "proposed already, and still not confirmed"
    assert preview(office, "dirk", "end", "confirm", "0010001") == [ended]


def test_a_decided_period_shows_that_payments_come_back(office: Office) -> None:
    one_client(office, recht_tot="2026-10-31")
    office.clients(client_line("0010001", recht_vanaf="2026-11-10"), first="2026-11")
    words = ("period", "0010001", "--continue", "--why", "kort werk")
    (client,) = preview(office, "dirk", *words)
    assert client["held_before"] == [{"obligation": None, "reason": "no_ground"}]
    assert len(client["payments"]) == 3
    office.do("dirk", *words)
    assert forecast(office, "0010001", 1)["months"][0]["members"][0]["held"] is None


REFUSED: list[tuple[str, tuple[str, ...]]] = [
    ("inge", ("hold", "0010001", "--why", "onderzoek")),
    ("rosa", ("hold", "9999999", "--why", "onderzoek")),
    ("rosa", ("end", "propose", "0010001", "--date", "2026-12-31")),
    ("dirk", ("end", "confirm", "0010001")),
    ("rosa", ("handover", "VL-X", "--first-own-month", "2026-12", "--method", "incasso")),
    ("dirk", ("period", "0010001", "--new", "--why", "zomaar")),
]


def test_a_preview_is_refused_where_the_command_is(office: Office) -> None:
    ordinary_month(office)
    digest = office.digest()
    for who, words in REFUSED:
        shown, real = office(who, *words, "--preview"), office(who, *words)
        assert (shown.code, shown.err) == (real.code, real.err)
        assert shown.code == 1
    assert office.digest() == digest


def test_an_invalid_file_is_refused_in_the_preview_as_in_the_import(office: Office) -> None:
    ordinary_month(office)
    words = import_words(office, "obligations", OBLIGATIONS, "VL-1;0010001;WONEN;huur;650.00;C-77;2026-10;;")
    shown, real = office("anna", *words, "--preview"), office("anna", *words)
    assert shown.code == real.code == 3
    assert shown.err == real.err


def test_after_the_run_of_a_month_a_preview_speaks_of_the_next_month(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    (client,) = preview(office, "rosa", "hold", "0010001", "--why", "onderzoek")
    assert client["month"] == "2026-12"
    (other,) = preview(office, "rosa", "hold", "0020001", "--why", "onderzoek")
    assert (other["gemeente"], other["month"]) == ("tynaarlo", "2026-11")


def random_households(office: Office, chance: random.Random, *, confirmed: bool) -> tuple[list[str], set[str]]:
    """A dozen clients in six households, with whatever can be wrong with them."""
    office.creditors(*list(CREDITORS.values())[:3])
    office.creditors(CREDITORS["ZORG"], confirm=confirmed)
    clients = [f"{n:04d}" for n in range(12)]
    rights = [
        ("2026-05-01", ""),
        ("2026-06-01", ""),
        ("2026-09-01", ""),
        ("2026-11-24", ""),
        ("2027-01-01", ""),
        ("2026-09-01", "2026-11-20"),
        ("2026-09-01", "2026-12-15"),
    ]
    lines, households = [], set()
    for client in clients:
        first, last = chance.choice(rights)
        mandate = chance.choice(["2026-09-04", "2026-09-04", ""])
        home = f"H{chance.randrange(6)}"
        households.add(home)
        lines.append(client_line(client, huishouden=home, recht_vanaf=first, recht_tot=last, machtiging_datum=mandate))
    office.clients(*lines)
    kinds = [("WONEN", "huur"), ("STROOM", "energie"), ("WATER", "water"), ("ZORG", "zorgverzekering")]
    lines = []
    for number in range(30):
        (creditor, kind), client = chance.choice(kinds), chance.choice(clients)
        reference = "5000056789012345" if creditor == "STROOM" else f"K-{number}"
        first = chance.choice(["2026-10", "2026-11", "2026-12"])
        last = chance.choice(["", "", "2026-12", "2027-02"])
        frequency = chance.choice(["maand", "maand", "kwartaal", "jaar"])
        euros = chance.randrange(20, 900)
        lines.append(
            f"VL-{number};{client};{creditor};{kind};{euros},{number:02d};{reference};{first};{last};{frequency}"
        )
    office.obligations(*lines)
    return clients, households


def run_says(office: Office, month: str) -> tuple[dict[str, tuple[int, int]], set[tuple[str, str, str]], set[str]]:
    status = office.status(month)
    return (
        {r["client"]: (r["benefit_cents"], r["withheld_cents"]) for r in status["remainders"]},
        {(h["client"], h["obligation"] or "", h["reason"]) for h in status["held"]},
        {s["obligation"] for s in status["shortfalls"]},
    )


@pytest.mark.parametrize(("seed", "months"), [(0, 2), (1, 1)])
def test_a_forecast_month_is_what_the_run_then_does(office: Office, seed: int, months: int) -> None:
    """For random households: the month with its benefits imported, and the month after on the same benefits."""
    chance = random.Random(seed)
    clients, households = random_households(office, chance, confirmed=months > 1)
    granted = {c: f"{chance.randrange(0, 1900)},{chance.randrange(100):02d}" for c in clients if chance.random() < 0.9}
    office.benefits(*(f"U-11-{c};{c};2026-11;regulier;{euros};" for c, euros in granted.items()))
    seen = [forecast(office, household, months)["months"] for household in households]
    for place, month in enumerate(["2026-11", "2026-12"][:months]):
        office.today = f"{month}-18"
        if place:
            office.benefits(*(f"U-12-{c};{c};2026-12;regulier;{euros};" for c, euros in granted.items()))
        office.do("bram", "run", month)
        included, held, short = run_says(office, month)
        members = {m["client"]: m for months in seen for m in months[place]["members"]}
        costs = {(c["obligation"], c["covers"]): c for months in seen for c in months[place]["obligations"]}
        assert {c: (m["benefit_cents"], m["withheld_cents"]) for c, m in members.items() if not m["held"]} == included
        assert {(c, "", m["held"]) for c, m in members.items() if m["held"]} == {h for h in held if not h[1]}
        assert {c["obligation"] for c in costs.values() if c["outcome"] == "shortage"} == short
        waiting = {(c["client"], c["obligation"], c["reason"]) for c in costs.values() if c["reserved"]}
        assert bool(waiting) == (months == 1), "the insurer's IBAN waits in the short stories only"
        assert waiting == {h for h in held if h[1] and h[2] != "double_cost"}
        twice = {c["obligation"] for c in costs.values() if c["reason"] == "double_cost"}
        assert twice == {h[1] for h in held if h[2] == "double_cost"}


def test_a_thousand_clients_are_previewed_within_a_few_seconds(engine: Engine, tmp_path: Path) -> None:
    settings = load_settings()
    now = datetime(2026, 11, 18, 12, tzinfo=AMSTERDAM)
    invent(1000, "2026-11", 7, tmp_path, tuple(settings.gemeenten))
    around = Surroundings(engine, settings, load_parameters(), "systeem", now)
    from ledgers.database import reading
    from ledgers.registers.register import clients_in_force

    for kind in (InputKind.CREDITORS, InputKind.CLIENTS, InputKind.OBLIGATIONS, InputKind.BENEFITS):
        import_file(around, kind, next(tmp_path.glob(f"{kind.value}*")))
    with reading(engine) as connection:
        chosen = min(clients_in_force(connection))
    began = process_time()
    effects = effect_of(around, lambda at: hold(at, chosen, "onderzoek"))
    assert process_time() - began < 20  # far above what it takes, far below what clients times clients would
    assert {client.client for run in effects for client in run.clients} == {chosen}
    assert {run.execution_date for run in effects} == {date(2026, 11, 25)}
