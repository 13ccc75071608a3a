"""Lives: how an ontzorgen begins. The right to bijstand, its decision and mandate, and who else lives there."""

from support.town import Life, Town


def the_ordinary_six_months(town: Town) -> Life:
    """Six months from 1 September; the water is given over two months early, as proof; then everything."""
    town.moves_in("0010001", 1331_43)
    yield "2026-09"
    assert town.month("0010001", "2026-09") == (944_45, 386_98)
    assert town.dossier("0010001")["grounds"] == [
        {"ground": "ART_56A", "from": "2026-09-01", "until": "2027-02-28", "decision": "B-0010001"}
    ]
    yield "2026-12-01"
    first = town.assess("0010001", pays_on_time=1, reserves=0, budget=False)
    assert (first["verdict"], first["points"], first["missing"]) == ("not_passed", 17, ["budget", "proof"])
    yield "2027-01-05"
    assert town.worklist("0010001") == ["ground_ends"]  # within eight weeks
    town.hand_over("0010001-W", "2027-02", "overboeking")
    yield "2027-01"
    assert town.month("0010001", "2027-01") == (929_45, 401_98)
    yield "2027-02-10"
    town.paid_alone("0010001-W", "2027-02")
    town.lets_go("0010001", "2027-04", "HEZ")
    assert town.missing("0010001", "2027-02-28") == ["checklist"]
    yield "2027-02"
    town.paid_alone("0010001-W", "2027-03")
    last = town.assess("0010001")
    assert (last["verdict"], last["points"]) == ("passed", 20)
    assert town.dossier("0010001")["missing_for_end"] == []
    town.ends("0010001", "2027-02-28")
    yield "2027-03"
    assert town.month("0010001", "2027-03") == "ended"
    town.rows("0010001", "2026-10", "2027-03", "HEZ", own=True)
    town.row("0010001-W", "2026-10", "2027-01", own=True)
    town.stands("0010001", "ended", 6)


def a_partner_joins_in_month_four(town: Town) -> Life:
    """From 10 December two in one household: shared costs by halves, insurance each, six months each of their own."""
    first, second = "0010002", "0010003"
    town.moves_in(first, 1331_43)
    yield "2026-12-15"
    town.do("anna", "event", "partner_joined", first, "--on", "2026-12-10", "--why", "partner is aangekomen")
    town.client(
        second,
        huishouden=f"H{first}",
        recht_vanaf="2026-12-10",
        beschikking_datum="2026-12-11",
        machtiging_datum="2026-12-14",
    )
    town.cost(second, "zorgverzekering", 158_95, "2027-01")
    town.gets(first, 951_01)
    town.gets(second, 951_01)
    town.gets(second, 674_91, month="2026-12")  # 22 of 31 days
    yield "2026-12"
    assert town.month(first, "2026-12") == (551_70, 399_31)
    assert town.month(second, "2026-12") == (551_70, 123_21)
    assert (town.dossier(first)["floor"], town.dossier(second)["floor"]) == ("2027-02-28", "2027-06-09")
    yield "2027-02"
    assert town.month(second, "2027-02") == (551_70, 399_31)
    town.lets_go(first, "2027-04")
    town.assess(first, waive="betaalde in het vorige land jarenlang zelf")
    town.ends(first, "2027-02-28")
    yield "2027-03"
    assert town.month(first, "2027-03") == "ended"
    assert town.month(second, "2027-03") == (158_95, 792_06)  # the rent is the first one's, who pays it alone now
    yield "2027-06-05"
    assert town.missing(second, "2027-06-08") == ["floor", "checklist", "handover"]
    town.hand_over(f"{second}-Z", "2027-07")
    town.assess(second, waive="regelt de verzekering al met de app")
    town.ends(second, "2027-06-09")
    yield "2027-06"
    assert town.month(second, "2027-06") == "ended"
    town.rows(first, "2026-10", "2027-03", own=True)
    town.row(f"{second}-Z", "2027-01", "2027-06", own=True)
    town.stands(first, "ended", 6)
    town.stands(second, "ended", 6)


def the_nineteen_year_old_with_a_top_up(town: Town) -> Life:
    """EUR 328,69 does not pay a rent; the top-up comes two days later, and a supplementary file with it."""
    town.moves_in(
        "0010004",
        328_69,
        rent=410_00,
        energy=85_00,
        water=12_00,
        insurance=142_00,
        gemeente="aa-en-hunze",
        geboortedatum="2007-07-01",
    )
    yield "2026-09-20"
    before = town.office.status("2026-09", "aa-en-hunze")
    assert before["shortfalls"] == [
        {
            "client": "0010004",
            "obligation": "0010004-H",
            "category": "huur",
            "covers": "2026-10",
            "needed_cents": 410_00,
            "available_cents": 328_69,
        }
    ]
    assert town.worklist("0010004") == ["gap_or_overlap", "shortage"]  # and nobody pays that month
    town.office.benefits("U-2026-09-0010004-a;0010004;2026-09;aanvulling;1.002,74;")
    said = town.do("bram", "run", "2026-09", "--gemeente", "aa-en-hunze").out
    assert "1 betalingen, EUR 410,00: AA-EN-HUNZE-202609-02-001" in said
    town.gets("0010004", 328_69, top_up=1002_74)
    yield "2026-09"
    assert town.month("0010004", "2026-09") == (649_00, 682_43)
    assert town.not_paid("0010004", "2026-09") == {}
    yield "2027-02"
    town.lets_go("0010004", "2027-04")
    yield "2027-03"
    assert town.dossier("0010004")["missing_for_end"] == ["checklist"]
    assert "lapsed" in town.worklist("0010004")
    town.rows("0010004", "2026-10", "2027-03", own=True)
    town.stands("0010004", "lapsed", 6)


def the_retroactive_award(town: Town) -> Life:
    """Awarded in November from 1 September on: two of the six months are over, their back payment is not touched."""
    yield "2026-11-10"
    town.moves_in("0010005", 1331_43, vanaf="2026-12", beschikking_datum="2026-11-05", machtiging_datum="2026-11-06")
    town.once["0010005", "2026-11"] = [("regulier", 1331_43), ("nabetaling", 2662_86)]
    yield "2026-11"
    assert town.month("0010005", "2026-11") == (944_45, 386_98)
    assert town.dossier("0010005")["floor"] == "2027-02-28"
    yield "2027-02"
    town.lets_go("0010005", "2027-04")
    town.assess("0010005", waive="betaalde september tot en met november alles zelf en op tijd")
    town.ends("0010005", "2027-02-28")
    town.rows("0010005", "2026-12", "2027-03", own=True)
    town.stands("0010005", "ended", 4)


def a_shortage_in_the_partial_first_month(town: Town) -> Life:
    """The right began on 17 September: EUR 621,33 pays the rent whole and nothing else, not a part of it."""
    town.moves_in(
        "0010006",
        1331_43,
        rent=615_00,
        recht_vanaf="2026-09-17",
        beschikking_datum="2026-09-17",
        machtiging_datum="2026-09-17",
    )
    town.gets("0010006", 621_33, month="2026-09")  # 14 of 30 days
    yield "2026-09"
    assert town.month("0010006", "2026-09") == (615_00, 6_33)
    assert town.not_paid("0010006", "2026-09") == dict.fromkeys(("0010006-E", "0010006-W", "0010006-Z"), "shortage")
    assert town.worklist("0010006") == ["gap_or_overlap", "shortage"]
    yield "2026-10"
    assert town.month("0010006", "2026-10") == (909_45, 421_98)
    yield "2027-03"
    assert town.month("0010006", "2027-03") == "no_ground"  # the last of six months was 16 March
    town.rows("0010006", "2026-10", "2027-03", "H")
    gap = {"2026-10": "te weinig uitkering: de consulent regelde een betalingsregeling"}
    for code in ("0010006-E", "0010006-W", "0010006-Z"):
        town.row(code, "2026-10", "2027-03", gaps=gap)
    town.stands("0010006", "lapsed", 6)


def the_decision_and_the_mandate_come_late(town: Town) -> Life:
    """Without beschikking nothing in September, without machtiging nothing in October; the six months run meanwhile."""
    line = {"gemeente": "tynaarlo", "beschikking": "", "beschikking_datum": "", "machtiging_datum": ""}
    town.client("0010007", **line)
    for kind, cents in (("huur", 650_00), ("energie", 120_50), ("water", 15_00), ("zorgverzekering", 158_95)):
        town.cost("0010007", kind, cents, "2026-10")
    town.gets("0010007", 1331_43)
    yield "2026-09"
    assert town.month("0010007", "2026-09") == "no_decision"
    assert {"no_decision", "no_mandate"} <= {*town.worklist("0010007")}
    yield "2026-10-05"
    line |= {"beschikking": "B-0010007", "beschikking_datum": "2026-10-02"}
    town.client("0010007", **line)
    yield "2026-10"
    assert town.month("0010007", "2026-10") == "no_mandate"
    yield "2026-11-06"
    town.client("0010007", **line | {"machtiging_datum": "2026-11-05"})
    yield "2026-11"
    assert town.month("0010007", "2026-11") == (944_45, 386_98)
    yield "2027-03"
    assert town.month("0010007", "2027-03") == "no_ground"
    gaps = {"2026-10": "nog geen beschikking", "2026-11": "nog geen machtiging"}
    town.rows("0010007", "2026-10", "2027-03", gaps=gaps)
    town.stands("0010007", "lapsed", 4)


def the_family_migrant_is_not_ours(town: Town) -> Life:
    """A regular permit is outside art. 56a: no trajectory, no payment, nothing to assess or to end."""
    town.moves_in("0010008", 1331_43, energy=0, water=0, insurance=0, verblijfsgrond="regulier")
    yield "2026-09"
    assert town.month("0010008", "2026-09") == "not_in_scope"
    found = town.dossier("0010008")
    assert (found["state"], found["months_paid"]) == ("none", 0)
    assert "no trajectory" in town.refused("rosa", "end", "propose", "0010008", "--date", "2027-02-28")
    town.row("0010008-H", "2026-10", "2026-09")


LIVES = (
    the_ordinary_six_months,
    a_partner_joins_in_month_four,
    the_nineteen_year_old_with_a_top_up,
    the_retroactive_award,
    a_shortage_in_the_partial_first_month,
    the_decision_and_the_mandate_come_late,
    the_family_migrant_is_not_ours,
)
