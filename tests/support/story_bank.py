"""What the stories about the bank's answers share: a couple's month, and the proof that all is well at the end."""

from typing import Any

from support.by_hand import Bank, Move
from support.story import Office, client_line

RENT, ENERGY, INSURANCE = "202612-1-VL-1", "202612-1-VL-2", "202612-1-VL-3"


def a_couples_registers(office: Office, *, confirm: bool = True) -> None:
    """Two in one household with rent of EUR 650,01 (325,01 + 325,00) and energy, one insurance; benefits are in.

    Without `confirm` no IBAN is.
    """
    office.creditors(confirm=confirm)
    office.clients(client_line("0010001", huishouden="H1"), client_line("0010002", huishouden="H1"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,01;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
    )
    office.benefits("U-1;0010001;2026-11;regulier;900,00;", "U-2;0010002;2026-11;regulier;900,00;")


def a_couple(office: Office, *, confirm: bool = True) -> Bank:
    """Their month released to the bank; without `confirm` no file is made."""
    office.begin(_a_couples_month, confirm=confirm)
    return Bank(office)


def _a_couples_month(office: Office, *, confirm: bool) -> None:
    a_couples_registers(office, confirm=confirm)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-12-10"


def open_exceptions(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.do("inge", "--json", "exceptions").document
    return found


def settle(office: Office, exception: str, as_what: str, *more: str, why: str = "uitgezocht met de bank") -> None:
    office.do("bram", "resolve", exception, "--as-what", as_what, "--why", why, *more)


def proof(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = office.do("inge", "--json", "status", "2026-11").document["proof"]
    return found


def refunds(office: Office, month: str = "2026-11") -> dict[str, str]:
    """The column `teruggave` of the next remainder list, per client."""
    path = office.folder / "remainders.csv"
    office.do("bram", "export", "remainders", month, "--out", str(path))
    lines = [line.split(";") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {line[1]: line[6] for line in lines if line[6] != "0,00"}


def all_is_well(office: Office) -> None:
    """The books hold together and equal the bank; what is reserved is told one by one."""
    office.do("inge", "check")
    office.do("inge", "audit", "verify")
    found = proof(office)
    assert found["difference_cents"] == 0
    reserved = sum(item["amount_cents"] for item in found["reserved"])
    assert sum(item["amount_cents"] for item in found["reserved_items"]) == reserved


NEIGHBOUR = "202612-1-VL-9"


def a_couple_and_a_neighbour(office: Office) -> Bank:
    """The couple of above and client 0010003, who rents from the same landlord for EUR 600,00; all booked."""
    a_couples_registers(office)
    office.clients(
        client_line("0010001", huishouden="H1"), client_line("0010002", huishouden="H1"), client_line("0010003")
    )
    office.obligations("VL-9;0010003;WONEN;huur;600,00;C-79;2026-10;;")
    office.benefits("U-9;0010003;2026-11;regulier;900,00;")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    office.today = "2026-12-10"
    bank = Bank(office)
    paid = ((-650_01, RENT), (-120_50, ENERGY), (-158_95, INSURANCE), (-600_00, NEIGHBOUR))
    bank.tells("2026-11-25", *(Move(cents, payment) for cents, payment in paid))
    return bank
