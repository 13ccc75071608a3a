"""A life takes turns: ended and begun anew, wrongly told and told again, dates that cannot be."""

from support.story import Office, client_line, ordinary_month


def dossier(office: Office, client: str = "0010001") -> dict[str, object]:
    found: dict[str, object] = office.do("rosa", "--json", "dossier", client).document
    return found


def held(office: Office, month: str) -> set[tuple[str, str]]:
    return {(h["client"], h["reason"]) for h in office.status(month)["held"]}


def begun_anew(office: Office) -> None:
    """Both costs were handed over in the first period; it ended in December, a new right began in February 2028."""
    ordinary_month(office)
    for obligation in ("VL-1", "VL-2"):
        office.do("rosa", "handover", obligation, "--first-own-month", "2026-12", "--method", "incasso")
    office.today = "2027-01-11"
    office.do("rosa", "handover", "proof", "VL-1", "2026-12", "--paid", "ja")
    office.do("rosa", "handover", "proof", "VL-1", "2027-01", "--paid", "ja")
    office.do("rosa", "end", "propose", "0010001", "--date", "2027-01-11", "--reason", "right_ended")
    office.do("dirk", "end", "confirm", "0010001")
    office.today = "2028-02-03"
    office.clients(client_line("0010001", recht_vanaf="2028-02-01", machtiging_datum="2028-02-01"), first="2028-02")
    office.benefits("U-9;0010001;2028-02;regulier;1.331,43;")


def test_a_new_period_starts_with_everything_in_our_hands_again(office: Office) -> None:
    begun_anew(office)
    office.do("bram", "run", "2028-02", "--gemeente", "assen")
    assert "0010001" not in {client for client, _ in held(office, "2028-02")}  # nobody decided yet: ended long ago
    assert office.status("2028-02")["ended_before"] == 1
    office.do("dirk", "period", "0010001", "--new", "--why", "nieuwe aanvraag na vertrek")
    office.do("bram", "run", "2028-02", "--gemeente", "assen")
    (remainder,) = office.status("2028-02")["remainders"]
    assert (remainder["client"], remainder["withheld_cents"]) == ("0010001", 650_00 + 120_50)
    found = dossier(office)
    assert (found["trajectory"], found["state"]) == (2, "open")
    assert found["score"]["proof_met"] is False  # type: ignore[index] - what was seen then says nothing of now
    office.do("rosa", "handover", "VL-1", "--first-own-month", "2028-04", "--method", "overboeking")
    office.do("inge", "check")


def test_a_right_that_went_on_is_taken_up_again_where_it_was(office: Office) -> None:
    ordinary_month(office)
    office.do("rosa", "event", "mandate_revoked", "0010001", "--on", "2026-11-10", "--why", "brief")
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-11-10", "--reason", "mandate_revoked")
    office.do("dirk", "end", "confirm", "0010001")
    office.do("rosa", "event", "mandate_given", "0010001", "--on", "2026-11-17", "--why", "nieuw formulier")
    assert office("dirk", "period", "0010001", "--new", "--why", "nieuw").code == 1
    office.do("dirk", "period", "0010001", "--continue", "--why", "machtiging is terug")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office, "2026-11") == set()
    office.do("inge", "check")


def test_a_decision_about_a_period_is_made_once_and_never_turned_round(office: Office) -> None:
    begun_anew(office)
    assert office("dirk", "period", "0010001", "--new", "--why", " ").code == 1
    for changed in (True, False):
        said = office.do("dirk", "--json", "period", "0010001", "--new", "--why", "nieuwe aanvraag")
        assert (said.document["changed"], said.document["period_from"]) == (changed, "2028-02-01")
    other = office("dirk", "period", "0010001", "--continue", "--why", "toch niet")
    assert other.code == 4
    assert "ground add 0010001 --ground MAATWERK" in other.err
    assert dossier(office)["trajectory"] == 2


def test_what_was_taken_up_again_is_taken_up_once(office: Office) -> None:
    """Also after new months: the mandate goes and comes back, and the same months run on."""
    begun_anew(office)
    office.do("dirk", "period", "0010001", "--new", "--why", "nieuwe aanvraag")
    office.today = "2028-02-10"
    office.do("rosa", "event", "mandate_revoked", "0010001", "--on", "2028-02-08", "--why", "brief")
    office.do("rosa", "end", "propose", "0010001", "--date", "2028-02-08", "--reason", "mandate_revoked")
    office.do("dirk", "end", "confirm", "0010001")
    office.today = "2028-02-14"
    office.do("rosa", "event", "mandate_given", "0010001", "--on", "2028-02-12", "--why", "nieuw formulier")
    for changed in (True, False):
        said = office.do("dirk", "--json", "period", "0010001", "--continue", "--why", "machtiging is terug")
        assert (said.document["changed"], said.document["period_from"]) == (changed, "2028-02-01")
    assert dossier(office)["trajectory"] == 3


def test_months_that_run_on_in_a_trajectory_that_was_reopened_are_said_once(office: Office) -> None:
    ordinary_month(office)
    assert office("dirk", "period", "0010001", "--continue", "--why", "niets gebeurd").code == 1
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-11-10", "--reason", "moved")
    office.do("dirk", "end", "confirm", "0010001")
    for changed in (True, False):
        said = office.do("dirk", "--json", "period", "0010001", "--continue", "--why", "toch niet verhuisd")
        assert said.document["changed"] == changed
    assert office("dirk", "period", "0010001", "--new", "--why", "nieuw").code == 4
    assert dossier(office)["trajectory"] == 2


def test_an_end_is_taken_back_once(office: Office) -> None:
    ordinary_month(office)
    withdraw = ("--json", "end", "withdraw", "0010001", "--why", "te vroeg")
    assert office("rosa", *withdraw).code == 1
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", "moved")
    first, second = office.do("rosa", *withdraw).document, office.do("rosa", *withdraw).document
    assert (first["withdrawn"], first["changed"]) == (second["withdrawn"], True) == (1, True)
    assert second["changed"] is False
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", "moved")
    assert office.do("rosa", *withdraw).document["withdrawn"] == 2
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", "moved")
    office.do("dirk", "end", "confirm", "0010001")
    assert office("rosa", *withdraw).code == 1


def test_who_never_was_in_scope_has_a_state_of_their_own(office: Office) -> None:
    ordinary_month(office)
    office.clients(client_line("0010009", verblijfsgrond="regulier"))
    assert dossier(office, "0010009")["state"] == "none"


def test_a_dossier_judges_by_the_register_of_this_month_and_tells_what_will_change(office: Office) -> None:
    ordinary_month(office)
    later = client_line("0010001", gemeente="tynaarlo", recht_tot="2027-04-30", huishouden="H9")
    office.clients(later, first="2027-03")
    office.obligations("VL-1;0010001;WONEN;huur;700,00;C-77;2026-10;2027-06;", first="2027-05")
    found = dossier(office)
    assert (found["gemeente"], found["household"], found["right_until"]) == ("assen", "H0010001", None)
    assert found["known_changes"] == [
        {"from": "2027-03", "code": "0010001", "fields": ["gemeente", "household", "right_until"]},
        {"from": "2027-04", "code": "VL-1", "fields": ["amount_cents", "last_covered"]},
    ]
    text = office.do("rosa", "dossier", "0010001").out
    assert "vanaf uitkeringsmaand maart 2027: gemeente, huishouden, recht tot" in text
    assert "EUR 650,00" in text
    assert office("rosa", "household", "H9").code == 1
    office.do("rosa", "household", "H0010001")
    office.today = "2027-03-02"
    found = dossier(office)
    assert (found["gemeente"], found["right_until"]) == ("tynaarlo", "2027-04-30")
    assert [change["from"] for change in found["known_changes"]] == ["2027-04"]  # type: ignore[attr-defined]
    office.clients(later, first="2027-03")
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;", first="2027-05")  # overrules what was to come
    assert dossier(office)["known_changes"] == []


def test_the_end_of_a_suspension_frees_nobody_who_is_held_for_another_reason(office: Office) -> None:
    ordinary_month(office)
    for words in (
        ("event", "death", "0010001", "--on", "2026-11-16", "--why", "bericht"),
        ("event", "suspended", "0010001", "--on", "2026-11-17", "--why", "geen gegevens"),
        ("event", "resumed", "0010001", "--on", "2026-11-18", "--why", "gegevens zijn er"),
        ("event", "suspended", "0010002", "--on", "2026-11-17", "--why", "geen gegevens"),
        ("event", "resumed", "0010002", "--on", "2026-11-18", "--why", "gegevens zijn er"),
    ):
        office.do("rosa", *words)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office, "2026-11") == {("0010001", "on_hold")}


def test_the_newest_word_about_an_ended_right_counts(office: Office) -> None:
    ordinary_month(office)
    office.do("rosa", "event", "right_ended", "0010001", "--on", "2026-11-10", "--why", "loonstrook gezien")
    office.do("rosa", "event", "right_ended", "0010001", "--on", "2027-01-31", "--why", "contract begint in februari")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office, "2026-11") == set()
    assert dossier(office)["right_until"] == "2027-01-31"


def test_a_corrected_first_day_is_not_the_start_of_the_period_that_runs_on(office: Office) -> None:
    office.clients(client_line("0010001", recht_vanaf="2026-10-01"))
    office.clients(client_line("0010001", recht_vanaf="2026-09-01", recht_tot="2026-11-30"), first="2026-09")
    office.today = "2027-01-12"
    office.clients(client_line("0010001", recht_vanaf="2027-01-01"), first="2027-01")
    office.do("dirk", "period", "0010001", "--continue", "--why", "zes weken onderbreking")
    assert dossier(office)["grounds"] == [
        {"ground": "ART_56A", "from": "2026-09-01", "until": "2027-02-28", "decision": "B-0010001"}
    ]


def test_days_far_away_stop_nobody_elses_month(office: Office) -> None:
    ordinary_month(office)
    office.clients(client_line("0010009", recht_vanaf="9999-07-01"))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    for words in (("worklist",), ("dossier", "0010009"), ("household", "H0010009"), ("forecast", "0010009")):
        office.do("rosa", *words)
    ground = ("ground", "add", "0010001", "--ground", "ART_57", "--decision", "B-1")
    assert office("dirk", *ground, "--from", "9999-11-01", "--until", "9999-12-31").code == 1
    office.do("dirk", *ground, "--from", "2027-03-01", "--until", "9999-12-31")
    office.do("rosa", "worklist")


def test_what_no_database_takes_is_refused_in_words(office: Office) -> None:
    ordinary_month(office)
    event = ("event", "partner_joined", "0010001", "--on", "2026-11-10", "--why")
    too_long = office("rosa", *event, "gezin", "--decision", "B" * 141)
    assert (too_long.code, "1 to 140 characters" in too_long.err) == (1, True)
    assert office("rosa", *event, "ge\udce9n").code == 2
    future = office("rosa", "event", "mandate_given", "0010001", "--on", "2027-01-15", "--why", "formulier")
    assert (future.code, "still to come" in future.err) == (1, True)
