"""Money that is set apart and that no run pays any more has an owner: worklist, status and close say so."""

import pytest
from support.story import Office, client_line
from support.story_bank import a_couples_registers


def reserved(office: Office) -> None:
    """No IBAN was confirmed: three costs of December are set apart and in no file."""
    a_couples_registers(office, confirm=False)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("bram", "creditor", "confirm", "STROOM", "ZORG", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()


def ended_cost(office: Office) -> None:
    office.obligations("VL-1;0010001;WONEN;huur;650,01;C-77;2026-10;2026-11;", first="2026-12")


def other_creditor(office: Office) -> None:
    office.obligations("VL-1;0010001;WATER;huur;650,01;C-77;2026-10;;", first="2026-12")


def moved(office: Office) -> None:
    for client in ("0010001", "0010002"):
        office.clients(client_line(client, huishouden="H1", gemeente="tynaarlo"), first="2026-11")


def handed_over(office: Office) -> None:
    office.do("rosa", "handover", "VL-1", "--first-own-month", "2026-12", "--method", "incasso")


CHANGES = {
    "ended": (ended_cost, {"not_due"}),
    "at another creditor": (other_creditor, {"creditor_changed"}),
    "of a client who moved": (moved, {"not_due"}),
    "the client's own": (handed_over, {"not_due"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_no_run_pays_any_more_waits_for_a_decision(office: Office, what: str) -> None:
    reserved(office)
    change, reasons = CHANGES[what]
    assert [item for item in office.do("rosa", "--json", "worklist").document if "staat EUR" in item["text"]] == []
    change(office)
    (item,) = [item for item in office.do("rosa", "--json", "worklist").document if "staat EUR" in item["text"]]
    assert (item["client"], item["kind"]) == ("0010001", "gap_or_overlap")
    assert "Voor VL-1 over 2026-12 staat EUR 650,01 apart" in item["text"]
    assert "`ontzorgen give-back VL-1 2026-12 --why REDEN`" in item["text"]
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-11-24")
    found = {held["reason"] for held in office.status()["held"] if held["obligation"] == "VL-1"}
    assert found == reasons
    closing = office("bram", "close", "2026-11")
    assert (closing.code, "650,01 is set apart for VL-1 2026-12, and no run pays it any more" in closing.err) == (
        5,
        True,
    )
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "wordt niet meer betaald")
    assert [item for item in office.do("rosa", "--json", "worklist").document if "staat EUR" in item["text"]] == []
    office.do("inge", "check")


def test_what_only_waits_for_a_confirmation_waits_for_nobody_else(office: Office) -> None:
    reserved(office)
    assert "is set apart" not in office("bram", "close", "2026-11").err


def test_a_run_after_a_cancel_in_a_closed_month_names_no_file_that_is_gone(office: Office) -> None:
    """`was al gedaan` speaks of files that count: a file that was taken back is none of them."""
    a_couples_registers(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("carla", "cancel", "ASSEN-202611-01-001", "--why", "klanten zijn weg")
    for client in ("0010001", "0010002"):
        office.clients(client_line(client, huishouden="H1", recht_tot="2026-11-20"), first="2026-11")
    for _ in (1, 2):
        said = office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert "was al gedaan" in said.out
    assert "ASSEN-202611-01-001" not in said.out
    assert "0 betalingen" in said.out
