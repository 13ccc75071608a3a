"""Lives: how an ontzorgen ends, or goes on. Checklist, hand-over, new grounds, and what is refused until then."""

from support.town import Life, Town


def creditor_by_creditor(town: Town) -> Life:
    """Insurance from December, water from January, energy from February, rent from April: each month the rest grows."""
    client = "0010030"
    town.moves_in(client, 1331_43)
    yield "2026-10"
    town.hand_over(f"{client}-Z", "2026-12")
    yield "2026-11"
    assert town.month(client, "2026-11") == (785_50, 545_93)
    town.hand_over(f"{client}-W", "2027-01", "overboeking")
    yield "2026-12"
    assert town.month(client, "2026-12") == (770_50, 560_93)
    town.hand_over(f"{client}-E", "2027-02")
    town.paid_alone(f"{client}-Z", "2026-12")
    town.refused("rosa", "handover", "proof", f"{client}-Z", "2026-11", "--paid", "ja")  # that one was ours
    yield "2027-01"
    assert town.month(client, "2027-01") == (650_00, 681_43)
    town.do("rosa", "handover", "proof", f"{client}-W", "2027-01", "--paid", "nee")
    town.paid_alone(f"{client}-Z", "2027-01")
    yield "2027-02"
    town.hand_over(f"{client}-H", "2027-04")
    assert town.assess(client)["verdict"] == "passed"  # the proof is the insurance: two months in a row
    town.ends(client, "2027-02-28")
    for letter, last in (("Z", "2026-11"), ("W", "2026-12"), ("E", "2027-01"), ("H", "2027-03")):
        town.row(f"{client}-{letter}", "2026-10", last, own=True)
    town.stands(client, "ended", 6)


def not_passed_and_on_by_art_57(town: Town) -> Life:
    """A failed checklist lengthens nothing by itself: three months more rest on a decision, and allow a debt too."""
    client, debt = "0010031", "0010031-O"
    town.moves_in(client, 1331_43)
    yield "2026-12-10"
    town.creditor("KREDIET", "overig", "NL79RABO0412345633")
    town.cost(client, "overig", 25_00, "2027-03", tot="2027-06", creditor="KREDIET")
    yield "2027-02-10"
    assert town.assess(client, pays_on_time=0)["missing"][0] == "pays_on_time"
    assert town.missing(client, "2027-02-28") == ["checklist", "handover"]
    ground = ("ground", "add", client, "--ground", "ART_57", "--until", "2027-05-31", "--decision", "ART57-2027-8")
    town.refused("dirk", *ground, "--from", "2027-02-15")  # grounds may not overlap
    town.do("dirk", *ground, "--from", "2027-03-01")
    yield "2027-02"
    assert town.month(client, "2027-02") == (944_45, 386_98)
    assert town.not_paid(client, "2027-02") == {debt: "other_not_allowed"}
    yield "2027-03"
    assert town.month(client, "2027-03") == (969_45, 361_98)
    yield "2027-05-10"
    assert "reassessment_due" in town.worklist(client)
    yield "2027-05"
    town.lets_go(client, "2027-07")
    assert town.assess(client, waive="drie maanden budgetcursus, betaalt de cursus zelf")["verdict"] == "passed"
    town.ends(client, "2027-05-31")
    yield "2027-06"
    assert town.month(client, "2027-06") == "ended"
    town.rows(client, "2026-10", "2027-06", own=True)
    town.row(debt, "2027-03", "2027-06", gaps={"2027-03": "art. 56a laat geen andere kosten toe"})
    town.stands(client, "ended", 9)


def lapsed_without_a_decision(town: Town) -> Life:
    """No decision before 1 March: nothing may be withheld, the client gets all; in April they give a mandate anew."""
    client = "0010032"
    town.moves_in(client, 1331_43)
    yield "2027-01"
    assert "ground_ends" in town.worklist(client)
    yield "2027-03"
    assert town.month(client, "2027-03") == "no_ground"
    assert town.dossier(client)["state"] == "lapsed"
    assert "lapsed" in town.worklist(client)
    yield "2027-04-06"
    town.do(
        "dirk",
        "ground",
        "add",
        client,
        "--ground",
        "VRIJWILLIG",
        "--from",
        "2027-04-06",
        "--until",
        "2027-06-30",
        "--decision",
        "M-2027-32",
    )
    yield "2027-04"
    assert town.month(client, "2027-04") == (944_45, 386_98)
    yield "2027-06"
    town.lets_go(client, "2027-08")
    town.assess(client, waive="betaalde april zelf, afschriften gezien")
    town.ends(client, "2027-06-30")
    town.rows(client, "2026-10", "2027-07", own=True, gaps={"2027-04": "geen grondslag: zelf betaald"})
    town.stands(client, "ended", 9)


def water_is_paid_by_the_quarter(town: Town) -> Life:
    """EUR 45,00 for October to December and for January to March: given over at a term, never inside one."""
    client, water = "0010033", "0010033-W"
    town.moves_in(client, 1331_43, water=0)
    town.cost(client, "water", 45_00, "2026-10", every="kwartaal")
    yield "2026-10"
    assert town.month(client, "2026-09") == (974_45, 356_98)
    assert town.month(client, "2026-10") == (929_45, 401_98)
    yield "2027-02"
    assert "inside a term" in town.refused(
        "rosa", "handover", water, "--first-own-month", "2027-03", "--method", "incasso"
    )
    town.lets_go(client, "2027-04")
    town.assess(client, waive="zet elke maand geld voor het water apart")
    town.ends(client, "2027-02-28")
    town.rows(client, "2026-10", "2027-03", "HEZ", own=True)
    town.row(water, "2026-10", "2027-01", own=True)
    town.stands(client, "ended", 6)


def an_end_by_maatwerk(town: Town) -> Life:
    """An individual deviation in month five: possible without checklist, and shown as what it is."""
    client = "0010034"
    town.moves_in(client, 1331_43)
    yield "2027-01-08"
    town.lets_go(client, "2027-02")
    town.do(
        "rosa",
        "end",
        "propose",
        client,
        "--date",
        "2027-01-08",
        "--reason",
        "maatwerk",
        "--why",
        "bewindvoerder benoemd per 8 januari",
    )
    assert "end_to_confirm" in town.worklist(client)
    town.do("dirk", "end", "confirm", client)
    text = " ".join(town.do("rosa", "dossier", client).out.split())
    assert "!! Maatwerk als reden van het einde: bewindvoerder benoemd per 8 januari" in text
    assert "!! Het einde gaat voorbij aan: de zes maanden, de checklist" in text
    yield "2027-01"
    assert town.month(client, "2027-01") == "ended"
    town.rows(client, "2026-10", "2027-01", own=True)
    town.stands(client, "ended", 4)


def refused_until_all_is_in_place(town: Town) -> Life:
    """Every code stands in the way once; one by one they go, and only then the end can be proposed."""
    client, rent = "0010035", "0010035-H"
    town.moves_in(client, 1331_43)
    task = town.bank_returns(rent, "2027-02")
    yield "2027-02-20"  # February was released on the 18th, the bank has not booked it
    last = "2027-02-28"
    everything = ["floor", "checklist", "handover", "open_exceptions", "open_payments"]
    assert town.missing(client, "2027-02-27") == everything
    assert town.missing(client, last) == town.dossier(client)["missing_for_end"][1:] == everything[1:]
    town.lets_go(client, "2027-04")
    assert town.missing(client, last) == ["checklist", "open_exceptions", "open_payments"]
    assert town.assess(client)["missing"] == ["no_arrears", "proof"]  # the books know of the rent that came back
    town.do("bram", "resolve", task, "--as-what", "refund_to_client", "--why", "klant betaalde de verhuurder zelf")
    assert town.missing(client, last) == ["checklist", "open_payments"]
    assert town.assess(client, waive="bracht de huur zelf op orde")["verdict"] == "passed"
    assert town.missing(client, last) == ["open_payments"]
    yield "2027-02"
    assert town.refunded(client) == 650_00
    assert town.dossier(client)["missing_for_end"] == []
    town.ends(client, last)
    town.row(rent, "2026-10", "2027-03", own=True, gaps={"2027-02": "kwam terug; de klant betaalde zelf"})
    town.rows(client, "2026-10", "2027-03", "EWZ", own=True)
    town.stands(client, "ended", 6)


def one_person_cannot_do_both(town: Town) -> Life:
    """Noor may propose and may confirm, but not the same end; the waived proof stands above the dossier."""
    client = "0010036"
    town.moves_in(client, 1331_43)
    yield "2027-02"
    town.lets_go(client, "2027-04")
    assert town.assess(client)["missing"] == ["proof"]
    assert town.assess(client, waive="drie jaar zelf betaald in Zwolle")["verdict"] == "passed"
    town.refused("dirk", "end", "confirm", client)  # nothing is proposed yet
    town.refused("dirk", "end", "propose", client, "--date", "2027-02-28")  # not his role
    town.do("noor", "end", "propose", client, "--date", "2027-02-28")
    assert "second person" in town.refused("noor", "end", "confirm", client)
    town.refused("rosa", "end", "confirm", client)  # not her role
    town.do("dirk", "end", "confirm", client)
    assert "as confirmed before" in town.do("dirk", "end", "confirm", client).out
    assert "afgezien: drie jaar zelf betaald in Zwolle" in " ".join(town.do("rosa", "dossier", client).out.split())
    town.rows(client, "2026-10", "2027-03", own=True)
    town.stands(client, "ended", 6)


def an_end_is_withdrawn(town: Town) -> Life:
    """Proposed for 28 February and taken back: three months more by mandate, with hand-overs moved along and why."""
    client = "0010037"
    town.moves_in(client, 1331_43)
    yield "2027-02"
    town.lets_go(client, "2027-04")
    town.assess(client, waive="betaalde eerder zelf")
    town.do("rosa", "end", "propose", client, "--date", "2027-02-28")
    town.refused("rosa", "end", "propose", client, "--date", "2027-03-31", code=4)
    town.do("rosa", "end", "withdraw", client, "--why", "klant wil nog drie maanden hulp")
    assert town.dossier(client)["state"] == "open"
    town.refused("dirk", "end", "confirm", client)
    town.do(
        "dirk",
        "ground",
        "add",
        client,
        "--ground",
        "VRIJWILLIG",
        "--from",
        "2027-03-01",
        "--until",
        "2027-05-31",
        "--decision",
        "M-2027-37",
    )
    later = ("--first-own-month", "2027-07", "--method", "incasso")
    town.refused("rosa", "handover", f"{client}-H", *later, code=4)  # agreed otherwise: say why
    for letter in "HEWZ":
        town.hand_over(f"{client}-{letter}", "2027-07", why="drie maanden later")
    yield "2027-03"
    assert town.month(client, "2027-03") == (944_45, 386_98)
    yield "2027-05"
    town.ends(client, "2027-05-31")
    town.rows(client, "2026-10", "2027-06", own=True)
    town.stands(client, "ended", 9)


def an_overlap_and_a_gap_are_mended(town: Town) -> Life:
    """Energy was agreed from a month that we had paid, the rent from a month too late: no end until both fit."""
    client, energy, rent = "0010038", "0010038-E", "0010038-H"
    town.moves_in(client, 1331_43)
    yield "2027-01"
    said = town.do("rosa", "handover", energy, "--first-own-month", "2027-02", "--method", "incasso")
    assert "Overlap" in said.err
    assert "gap_or_overlap" in town.worklist(client)
    town.hand_over(energy, "2027-03", why="februari was al door ons betaald")
    yield "2027-02"
    assert town.month(client, "2027-02") == (823_95, 507_48)
    town.lets_go(client, "2027-04", "WZ")
    town.hand_over(rent, "2027-05")
    town.assess(client, waive="betaalt energie al twee maanden zelf")
    assert town.missing(client, "2027-02-28") == ["handover"]
    (gap,) = [j for j in town.dossier(client)["junctions"] if j["fit"] not in ("fits", "not_needed")]
    assert gap == {
        "obligation": rent,
        "fit": "gap",
        "last_ours": "2027-03",
        "expected": "2027-04",
        "first_own": "2027-05",
    }
    town.hand_over(rent, "2027-04", why="april valt anders tussen wal en schip")
    town.ends(client, "2027-02-28")
    town.row(energy, "2026-10", "2027-02", own=True)
    town.rows(client, "2026-10", "2027-03", "HWZ", own=True)
    town.stands(client, "ended", 6)


LIVES = (
    creditor_by_creditor,
    not_passed_and_on_by_art_57,
    lapsed_without_a_decision,
    water_is_paid_by_the_quarter,
    an_end_by_maatwerk,
    refused_until_all_is_in_place,
    one_person_cannot_do_both,
    an_end_is_withdrawn,
    an_overlap_and_a_gap_are_mended,
)
