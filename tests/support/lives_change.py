"""Lives: what happens on the way. Moves, work, a mandate taken back, an interrupted right, other amounts."""

import json

from support.town import Life, Town


def the_mover_within_the_gemeente(town: Town) -> Life:
    """Two rents in December; special assistance of EUR 300,00 makes both fit. The old rent needs no hand-over."""
    client, old, new = "0010010", "0010010-H", "0010010-H2"
    town.moves_in(client, 1331_43, rent=612_34)
    yield "2026-10"
    assert town.month(client, "2026-10") == (906_79, 424_64)
    yield "2026-11-10"
    town.do("dirk", "event", "moved_within", client, "--on", "2026-12-15", "--why", "woning Kloosterveen")
    town.cost(client, "huur", 612_34, "2026-10", tot="2026-12", first="2026-11")
    town.cost(client, "huur", 689_50, "2026-12", code=new)
    town.gets(client, 1331_43, top_up=300_00, month="2026-11")
    yield "2026-11-12"
    assert "double_cost" in town.worklist(client)  # the landlord knows both homes by the same number
    town.do("dirk", "obligation", "accept-double", new, "--why", "twee woningen in december")
    yield "2026-11"
    assert town.month(client, "2026-11") == (1596_29, 35_14)
    yield "2026-12"
    assert town.month(client, "2026-12") == (983_95, 347_48)
    yield "2027-02"
    town.lets_go(client, "2027-04", "EWZ")
    town.hand_over(new, "2027-04")
    town.assess(client, waive="betaalt de huur al met een doorlopende opdracht")
    town.ends(client, "2027-02-28")
    town.row(old, "2026-10", "2026-12")
    town.row(new, "2026-12", "2027-03", own=True)
    town.rows(client, "2026-10", "2027-03", "EWZ", own=True)
    town.stands(client, "ended", 6)


def the_mover_out_of_the_gemeente(town: Town) -> Life:
    """To Groningen on 15 January: four months done, a package for the next gemeente, the end needs no checklist."""
    client = "0010011"
    town.moves_in(client, 1331_43)
    yield "2026-12"
    town.do("dirk", "event", "moved_out", client, "--on", "2027-01-15", "--why", "woning in Groningen")
    town.lets_go(client, "2027-02")
    proposed = town.do("rosa", "--json", "end", "propose", client, "--date", "2027-01-15", "--reason", "moved").document
    assert proposed["missing"] == ["floor", "checklist"]
    town.do("dirk", "end", "confirm", client)
    out = str(town.office.folder / "overdracht")
    assert town.do("rosa", "--json", "transfer", client, "--out", out).document["written"] is True
    assert town.do("rosa", "--json", "transfer", client, "--out", out).document["written"] is False
    with (town.office.folder / "overdracht" / f"{client}-overdracht.json").open(encoding="utf-8") as file:
        package = json.load(file)
    assert package["trajectory"]["months_paid"] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    assert package["trajectory"]["months_over"] == 4
    assert package["end"]["date"] == "2027-01-15"
    assert {cost["obligation"] for cost in package["obligations"]} == {f"{client}-{letter}" for letter in "HEWZ"}
    yield "2027-01"  # the benefits office sent one line too many: still nothing is paid after the end
    assert town.month(client, "2027-01") == "ended"
    town.gets(client, 0)
    town.rows(client, "2026-10", "2027-01", own=True)
    town.stands(client, "ended", 4)


def the_mover_between_two_of_our_gemeenten(town: Town) -> Life:
    """From Assen to Tynaarlo on 1 December: another account pays, the same six months run on."""
    client, new = "0010012", "0010012-H2"
    town.moves_in(client, 1331_43)
    yield "2026-11-20"
    town.client(client, gemeente="tynaarlo", first="2026-12")
    town.cost(client, "huur", 650_00, "2026-10", tot="2026-12", first="2026-12")
    town.cost(client, "huur", 598_12, "2027-01", code=new)
    yield "2026-11"
    assert [g for g in ("assen", "tynaarlo") if town.pays(g, client, "2026-11")] == ["assen"]
    yield "2026-12"
    assert [g for g in ("assen", "tynaarlo") if town.pays(g, client, "2026-12")] == ["tynaarlo"]
    assert town.month(client, "2026-12") == (892_57, 438_86)
    yield "2027-02"
    town.lets_go(client, "2027-04", "EWZ")
    town.hand_over(new, "2027-04", "overboeking")
    town.assess(client, waive="regelde de verhuizing en alle betalingen zelf")
    town.ends(client, "2027-02-28")
    town.row(f"{client}-H", "2026-10", "2026-12")
    town.row(new, "2027-01", "2027-03", own=True)
    town.rows(client, "2026-10", "2027-03", "EWZ", own=True)
    assert town.dossier(client)["gemeente"] == "tynaarlo"
    town.stands(client, "ended", 6)


def the_one_who_finds_work_in_month_three(town: Town) -> Life:
    """The right ends on 30 November: the rent of December is paid on the 25th, that of January is the client's."""
    client = "0010013"
    town.moves_in(client, 1331_43)
    yield "2026-12-03"
    town.do(
        "anna",
        "event",
        "right_ended",
        client,
        "--on",
        "2026-11-30",
        "--why",
        "baan in de zorg",
        "--decision",
        "BE-2026-113",
    )
    town.gets(client, 0)
    town.lets_go(client, "2027-01")
    yield "2026-12"
    assert town.month(client, "2026-12") == "right_ended"
    found = town.dossier(client)
    assert (found["grounds"][0]["until"], found["missing_for_end"]) == ("2026-11-30", ["floor", "checklist"])
    town.ends(client, "2026-11-30", "--reason", "right_ended")
    town.rows(client, "2026-10", "2026-12", own=True)
    town.stands(client, "ended", 3)


def the_mandate_is_revoked(town: Town) -> Life:
    """Taken back on 5 December: from that day nothing is paid in the client's name, though the six months run."""
    client = "0010014"
    town.moves_in(client, 1331_43)
    yield "2026-12-05"
    town.do("dirk", "event", "mandate_revoked", client, "--on", "2026-12-05", "--why", "klant betaalt liever zelf")
    assert "no_mandate" in town.worklist(client)
    town.lets_go(client, "2027-01", "HEWZ")
    yield "2026-12"
    assert town.month(client, "2026-12") == "no_mandate"
    town.ends(client, "2026-12-31", "--reason", "mandate_revoked")
    town.rows(client, "2026-10", "2026-12", own=True)
    town.stands(client, "ended", 3)


def the_mandate_is_given_again(town: Town) -> Life:
    """Revoked in November, given again in December: the months between are nobody's debt, the client paid them."""
    client = "0010015"
    town.moves_in(client, 1331_43)
    yield "2026-11-10"
    town.do("dirk", "event", "mandate_revoked", client, "--on", "2026-11-10", "--why", "wil het zelf proberen")
    yield "2026-11"
    assert town.month(client, "2026-11") == "no_mandate"
    yield "2026-12-07"
    town.do("dirk", "event", "mandate_given", client, "--on", "2026-12-07", "--why", "nieuwe machtiging getekend")
    yield "2026-12"
    assert town.month(client, "2026-12") == (944_45, 386_98)
    yield "2027-02"
    town.lets_go(client, "2027-04")
    town.assess(client, waive="betaalde december zelf, afschriften gezien")
    town.ends(client, "2027-02-28")
    town.rows(client, "2026-10", "2027-03", own=True, gaps={"2026-12": "klant betaalde zelf"})
    town.stands(client, "ended", 5)


def the_benefit_is_suspended_and_resumed(town: Town) -> Life:
    """Suspended on 3 November, resumed on 2 December: what was missed is paid late, by a supplementary run."""
    client = "0010016"
    town.moves_in(client, 1331_43, gemeente="aa-en-hunze")
    yield "2026-11-03"
    town.do("anna", "event", "suspended", client, "--on", "2026-11-03", "--why", "gegevens niet ingeleverd")
    yield "2026-11"
    assert town.month(client, "2026-11") == "on_hold"
    yield "2026-12-02"
    town.do("anna", "event", "resumed", client, "--on", "2026-12-02", "--why", "gegevens ontvangen")
    again = ("run", "2026-11", "--gemeente", "aa-en-hunze")
    assert "execution date 2026-11-25 is past" in town.refused("bram", *again)
    town.do("bram", *again, "--execution-date", "2026-12-04")
    town.release()
    yield "2026-12"
    (november,) = [r for r in town.office.status("2026-11", "aa-en-hunze")["remainders"] if r["client"] == client]
    assert (november["withheld_cents"], november["remainder_cents"]) == (944_45, 386_98)
    assert town.month(client, "2026-12") == (944_45, 386_98)
    yield "2027-02"
    town.lets_go(client, "2027-04")
    town.assess(client, waive="leverde daarna alles op tijd in en betaalt zelf")
    town.ends(client, "2027-02-28")
    town.rows(client, "2026-10", "2027-03", own=True)
    town.stands(client, "ended", 6)


def interrupted_and_continued(town: Town) -> Life:
    """Two months of work: the right ends on 15 November, a new one begins on 11 January, the old six months run on."""
    client = "0010017"
    town.moves_in(client, 1331_43, rent=560_00)
    yield "2026-11-16"
    town.do("anna", "event", "right_ended", client, "--on", "2026-11-15", "--why", "tijdelijk werk")
    town.gets(client, 0)
    yield "2026-11"
    assert town.month(client, "2026-11") == "right_ended"
    yield "2027-01-12"
    town.client(client, recht_vanaf="2027-01-11", beschikking="B-2", beschikking_datum="2027-01-12", first="2027-01")
    town.gets(client, 1331_43)
    town.gets(client, 901_94, month="2027-01")  # 21 of 31 days
    yield "2027-01-14"
    assert town.dossier(client)["period_from"] is None
    assert town.dossier(client)["grounds"] == []
    why = ("--why", "binnen een half jaar terug: dezelfde periode")
    town.do("dirk", "period", client, "--continue", *why)
    assert "as decided before" in town.do("dirk", "period", client, "--continue", *why).out
    town.refused("dirk", "period", client, "--new", *why, code=4)
    yield "2027-01"
    assert town.month(client, "2027-01") == (854_45, 47_49)
    assert [(g["from"], g["until"]) for g in town.dossier(client)["grounds"]] == [("2026-09-01", "2027-02-28")]
    yield "2027-02"
    town.lets_go(client, "2027-04")
    town.assess(client, waive="betaalde tijdens het werk twee maanden alles zelf")
    town.ends(client, "2027-02-28")
    gaps = {"2026-12": "werkte en betaalde zelf", "2027-01": "werkte en betaalde zelf"}
    town.rows(client, "2026-10", "2027-03", own=True, gaps=gaps)
    town.stands(client, "ended", 4)


def interrupted_and_begun_anew(town: Town) -> Life:
    """The same interruption, but six new months from 11 January; until that is decided nothing is paid."""
    client = "0010018"
    town.moves_in(client, 1331_43, rent=560_00, gemeente="tynaarlo")
    yield "2026-11-16"
    town.do("anna", "event", "right_ended", client, "--on", "2026-11-15", "--why", "tijdelijk werk")
    town.gets(client, 0)
    yield "2027-01-12"
    town.client(
        client,
        recht_vanaf="2027-01-11",
        beschikking="B-2",
        beschikking_datum="2027-01-12",
        first="2027-01",
        gemeente="tynaarlo",
    )
    town.gets(client, 1331_43)
    town.gets(client, 901_94, month="2027-01")
    yield "2027-01-20"
    (held,) = [h for h in town.office.status("2027-01", "tynaarlo")["held"] if h["client"] == client]
    assert held["reason"] == "no_ground"
    assert "lapsed" in town.worklist(client)
    town.do("dirk", "period", client, "--new", "--why", "nieuw recht na eigen inkomen")
    town.do("bram", "run", "2027-01", "--gemeente", "tynaarlo")
    yield "2027-01"
    assert town.month(client, "2027-01") == (854_45, 47_49)
    assert [(g["from"], g["until"]) for g in town.dossier(client)["grounds"]] == [("2027-01-11", "2027-07-10")]
    yield "2027-06"
    town.lets_go(client, "2027-08")
    town.assess(client, waive="betaalde tijdens het werk twee maanden alles zelf")
    assert town.missing(client, "2027-07-09") == ["floor"]
    town.ends(client, "2027-07-10")
    gaps = {"2026-12": "werkte en betaalde zelf", "2027-01": "werkte en betaalde zelf"}
    town.rows(client, "2026-10", "2027-07", own=True, gaps=gaps)
    town.stands(client, "ended", 8)


def a_death(town: Town) -> Life:
    """Everything is held at once; a person decides, and a second one."""
    client = "0010019"
    town.moves_in(client, 1331_43, energy=128_00)
    yield "2026-12-03"
    town.do("dirk", "event", "death", client, "--on", "2026-12-02", "--why", "bericht van de gemeente")
    yield "2026-12"
    assert town.month(client, "2026-12") == "on_hold"
    town.gets(client, 0)
    town.ends(client, "2026-12-02", "--reason", "death")
    yield "2027-01"
    assert town.month(client, "2027-01") == "unknown"  # ended before the payday of December: counted, not listed
    town.rows(client, "2026-10", "2026-12")
    town.stands(client, "ended", 3)


def the_right_ended_in_retrospect(town: Town) -> Life:
    """On 8 January it turns out to have ended on 15 December; what was paid on the 24th stays in the books as paid."""
    client = "0010020"
    town.moves_in(client, 1331_43)
    yield "2027-01-08"
    town.do("anna", "event", "right_ended", client, "--on", "2026-12-15", "--why", "samen gaan wonen elders")
    town.gets(client, 0)
    town.lets_go(client, "2027-02")
    yield "2027-01"
    assert town.month(client, "2027-01") == "right_ended"
    assert town.month(client, "2026-12") == (944_45, 386_98)
    town.ends(client, "2026-12-15", "--reason", "right_ended")
    town.rows(client, "2026-10", "2027-01", own=True)
    town.stands(client, "ended", 4)


def a_beslag_lowers_the_benefit(town: Town) -> Life:
    """EUR 1.180,00 still fits, EUR 940,00 leaves EUR 154,50: the insurance of EUR 158,95 is not paid in part."""
    client = "0010021"
    town.moves_in(client, 1331_43)
    town.gets(client, 1180_00, month="2026-12")
    yield "2026-12"
    assert town.month(client, "2026-12") == (944_45, 235_55)
    town.gets(client, 940_00)
    yield "2027-01"
    assert town.month(client, "2027-01") == (785_50, 154_50)
    assert town.not_paid(client, "2027-01") == {f"{client}-Z": "shortage"}
    assert town.dossier(client)["shortages"] == [{"month": "2027-01", "obligation": f"{client}-Z"}]
    assert "shortage" in town.worklist(client)
    town.hand_over(f"{client}-Z", "2027-02", "overboeking")  # from the zorgtoeslag, on the client's own account
    yield "2027-02"
    assert town.month(client, "2027-02") == (785_50, 154_50)
    assert town.not_paid(client, "2027-02") == {}
    town.lets_go(client, "2027-04", "HEW")
    town.row(f"{client}-Z", "2026-10", "2027-01", own=True)
    town.rows(client, "2026-10", "2027-03", "HEW", own=True)
    town.stands(client, "open", 6)


def a_tariff_changes(town: Town) -> Life:
    """Energy goes from EUR 120,50 to EUR 142,00 with the benefit of January; what was paid stays as it was."""
    client = "0010022"
    town.moves_in(client, 1331_43)
    yield "2027-01-05"
    town.cost(client, "energie", 142_00, "2026-10", first="2027-01")
    yield "2027-01-10"
    january, february, march = town.do("rosa", "--json", "forecast", client, "--months", "3").document["months"]
    assert [(m["month"], m["withheld_cents"], m["remainder_cents"]) for m in (january, february, march)] == [
        ("2027-01", 965_95, 365_48),
        ("2027-02", 965_95, 365_48),
        ("2027-03", 0, 1331_43),
    ]
    yield "2027-01"
    assert town.month(client, "2026-12") == (944_45, 386_98)
    assert town.month(client, "2027-01") == (965_95, 365_48)
    yield "2027-02"
    town.rows(client, "2026-10", "2027-03")
    town.stands(client, "open", 6)


LIVES = (
    the_mover_within_the_gemeente,
    the_mover_out_of_the_gemeente,
    the_mover_between_two_of_our_gemeenten,
    the_one_who_finds_work_in_month_three,
    the_mandate_is_revoked,
    the_mandate_is_given_again,
    the_benefit_is_suspended_and_resumed,
    interrupted_and_continued,
    interrupted_and_begun_anew,
    a_death,
    the_right_ended_in_retrospect,
    a_beslag_lowers_the_benefit,
    a_tariff_changes,
)
