"""Lives: what the bank answers. Payments returned and refused, accounts that change, money that comes back."""

from datetime import date

from support.town import Life, Town

FIRST_IBAN, OTHER_IBAN, THIRD_IBAN = "NL48RABO0412345609", "NL26RABO0412345617", "NL04RABO0412345625"


def a_returned_rent_is_paid_again(town: Town) -> Life:
    """The account is closed, says the bank: blocked until somebody called, then paid again with the next month."""
    client, rent = "0010023", "0010023-H"
    town.creditor("VERHUUR-A", "huur", FIRST_IBAN)
    town.moves_in(client, 1331_43, rent=0)
    town.cost(client, "huur", 650_00, "2026-10", creditor="VERHUUR-A")
    task = town.bank_returns(rent, "2026-11", "AC04")
    yield "2026-10"
    assert town.received(rent) == ["2026-10"]
    assert {"returned", "iban_unconfirmed"} <= {*town.worklist(client)}
    assert "open_exceptions" in town.missing(client, "2027-02-28")
    yield "2026-11-02"
    town.do("bram", "resolve", task, "--as-what", "resubmit", "--why", "verhuurder gebeld, rekening klopt")
    assert "second person" in town.refused("anna", "creditor", "confirm", "VERHUUR-A", "--how", "zelf gezien")
    town.do("bram", "creditor", "confirm", "VERHUUR-A", "--how", "teruggebeld op het bekende nummer")
    yield "2026-11"
    proof = town.do("inge", "report", "proof", client, "2026-10", "--obligation", rent).out
    assert "202611-1-0010023-H" in proof
    assert "202611-2-0010023-H" in proof
    assert town.month(client, "2026-11") == (944_45, 386_98)  # the second attempt is October's money
    yield "2027-02"
    town.lets_go(client, "2027-04")
    town.rows(client, "2026-10", "2027-03", own=True)
    town.stands(client, "open", 6)


def a_refused_payment_is_paid_again(town: Town) -> Life:
    """Refused before it was booked; it never left, and goes with the next run under an id of its own."""
    client, energy = "0010024", "0010024-E"
    town.moves_in(client, 1331_43, energy=166_00)
    task = town.bank_refuses(energy, "2026-10")
    yield "2026-09"
    assert town.month(client, "2026-09") == (989_95, 341_48)
    assert town.received(energy) == []
    yield "2026-10-02"
    town.do("bram", "resolve", task, "--as-what", "resubmit", "--why", "bank had een storing")
    yield "2026-10"
    assert town.received(energy) == ["2026-10", "2026-11"]
    yield "2027-02"
    town.rows(client, "2026-10", "2027-03")
    town.stands(client, "open", 6)


def a_couples_rent_comes_back_to_both(town: Town) -> Life:
    """EUR 700,01 was paid by two, 350,01 and 350,00, and goes back to both with the next remainder list."""
    one, two = "0010025", "0010026"
    town.moves_in(one, 951_01, rent=700_01, energy=166_00, water=25_00, huishouden="H0010025")
    town.moves_in(two, 951_01, rent=0, energy=0, water=0, insurance=142_00, huishouden="H0010025")
    task = town.bank_returns(f"{one}-H", "2026-12")
    yield "2026-11"
    assert town.month(one, "2026-11") == (604_46, 346_55)
    assert town.month(two, "2026-11") == (587_50, 363_51)
    yield "2026-12-02"
    town.do("bram", "resolve", task, "--as-what", "refund_to_client", "--why", "zij hebben december zelf betaald")
    found = town.dossier(two)
    assert found["ledger_cents"] == 350_00
    yield "2026-12"
    assert (town.refunded(one), town.refunded(two)) == (350_01, 350_00)
    yield "2027-02"
    town.row(f"{one}-H", "2026-10", "2027-03", gaps={"2026-12": "kwam terug; het paar betaalde zelf"})
    town.rows(one, "2026-10", "2027-03", "EWZ")
    town.row(f"{two}-Z", "2026-10", "2027-03")
    town.stands(one, "open", 6)
    town.stands(two, "open", 6)


def the_landlord_changes_his_account(town: Town) -> Life:
    """A new IBAN waits for a second person: the rent stays reserved, and two months are paid once it is confirmed."""
    client, rent = "0010027", "0010027-H"
    town.creditor("VERHUUR-B", "huur", OTHER_IBAN)
    town.moves_in(client, 1331_43, rent=0)
    town.cost(client, "huur", 650_00, "2026-10", creditor="VERHUUR-B")
    yield "2026-12-03"
    town.creditor("VERHUUR-B", "huur", THIRD_IBAN, first="2026-12", confirm=False)
    yield "2026-12"
    assert town.month(client, "2026-12") == (944_45, 386_98)  # withheld, not sent: no rest for the client
    assert town.not_paid(client, "2026-12") == {rent: "iban_unconfirmed"}
    assert "iban_unconfirmed" in town.worklist(client)
    found = town.dossier(client)
    assert found["open_payments"] == [
        {"key": f"{rent} 2027-01", "kind": "reserved", "since": "2026-12-01", "amount_cents": 650_00}
    ]
    assert town.received(rent) == ["2026-10", "2026-11", "2026-12"]
    yield "2027-01-05"
    town.refused("anna", "creditor", "confirm", "VERHUUR-B", "--how", "brief gezien")
    town.do("bram", "creditor", "confirm", "VERHUUR-B", "--how", "teruggebeld op het oude nummer")
    yield "2027-01"
    assert town.received(rent)[-2:] == ["2027-01", "2027-02"]
    yield "2027-02"
    town.rows(client, "2026-10", "2027-03")
    town.stands(client, "open", 6)


def the_annual_settlement(town: Town) -> Life:
    """The water company gives EUR 86,40 back: the client's own, and no end before it stands on a list."""
    client = "0010028"
    town.moves_in(client, 1331_43, water=22_50)
    yield "2027-02-10"
    bank = town.banks["assen"]
    bank.credit(date(2027, 2, 19), 86_40, "Waterbedrijf Bronwel", "NL44RABO0123456789", f"jaarnota {client}")
    yield "2027-02"
    (item,) = [x for x in town.do("bram", "--json", "exceptions").document if x["amount_cents"] == 86_40]
    assert item["kind"] == "creditor_refund"
    town.do("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--client", client, "--why", "jaarnota")
    town.lets_go(client, "2027-04")
    town.assess(client, waive="betaalde de tandarts in termijnen, steeds op tijd")
    assert town.dossier(client)["ledger_cents"] == 86_40
    assert town.missing(client, "2027-02-28") == ["open_payments"]
    yield "2027-03"
    assert town.refunded(client) == 86_40
    town.ends(client, "2027-02-28")
    town.rows(client, "2026-10", "2027-03", own=True)
    town.stands(client, "ended", 6)


def nobody_is_left_to_resubmit_for(town: Town) -> Life:
    """A rent came back and was to be paid again, but the right ended first: the money goes back to the client."""
    client, rent = "0010029", "0010029-H"
    town.moves_in(client, 1331_43)
    task = town.bank_returns(rent, "2026-12")
    yield "2026-12-02"
    town.do("bram", "resolve", task, "--as-what", "resubmit", "--why", "nogmaals proberen")
    town.do("anna", "event", "right_ended", client, "--on", "2026-11-30", "--why", "vertrokken uit Nederland")
    town.gets(client, 0)
    yield "2026-12"
    assert town.month(client, "2026-12") == "right_ended"
    reserved = town.do("inge", "--json", "status", "2026-12").document["proof"]["reserved_items"]
    assert [(i["obligation"], i["covers"], i["amount_cents"]) for i in reserved if i["client"] == client] == [
        (rent, "2026-12", 650_00)
    ]
    yield "2027-01-05"
    town.do("bram", "give-back", rent, "2026-12", "--why", "klant is vertrokken")
    town.ends(client, "2026-11-30", "--reason", "right_ended")
    yield "2027-01"
    assert town.refunded(client) == 650_00
    town.row(rent, "2026-10", "2026-11")
    town.rows(client, "2026-10", "2026-12", "EWZ")
    town.stands(client, "ended", 3)


LIVES = (
    a_returned_rent_is_paid_again,
    a_refused_payment_is_paid_again,
    a_couples_rent_comes_back_to_both,
    the_landlord_changes_his_account,
    the_annual_settlement,
    nobody_is_left_to_resubmit_for,
)
