"""The month as an office lives it: the real commands, their exit codes and what they leave, on both databases."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from support.story import Office, client_line, ordinary_month

from payments.pain001.reader import read


def test_a_month_from_registers_to_the_bank(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    assen = office.status()
    assert (assen["state"], assen["execution_date"]) == ("waiting_for_approval", "2026-11-25")
    assert (assen["benefit_cents"], assen["withheld_cents"], assen["remainder_cents"]) == (266286, 154179, 112107)
    assert assen["remainders"] == [
        {"client": "0010001", "benefit_cents": 133143, "withheld_cents": 77050, "remainder_cents": 56093},
        {"client": "0010002", "benefit_cents": 133143, "withheld_cents": 77129, "remainder_cents": 56014},
    ]
    (first, second) = office.approve_and_release()
    message = read(first.read_bytes())
    assert message.message_id == "ASSEN-202611-01-001" == first.stem
    assert message.control_sum_cents == 154179
    assert [(t.end_to_end_id, t.amount_cents) for t in message.transactions] == [
        ("202612-1-VL-1", 65000),
        ("202612-1-VL-2", 12050),
        ("202612-1-VL-3", 61234),
        ("202612-1-VL-4", 15895),
    ]
    rent, energy, *_ = message.transactions
    assert rent.unstructured == ("huur 2026-12 C-77",)
    assert rent.ultimate_debtor == "Naima Voorbeeld 0010001"
    assert energy.structured[0].reference == "5000056789012345"
    assert second.stem == "TYNAARLO-202611-01-001"
    assert office.status()["state"] == "done"
    assert office.status()["payments"]["instructed"] == 4
    office.do("inge", "check")
    office.do("inge", "audit", "verify")


def test_everything_twice_changes_nothing_and_says_so(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    (file, _) = office.files()
    office.do("carla", "approve", file["file_id"], "--total", "1.541,79")
    office.do("bram", "release", file["file_id"], "--out", str(office.folder / "bank"))
    released = (office.folder / "bank" / f"{file['file_id']}.xml").read_bytes()
    before = office.digest()
    assert "was al gedaan" in office.do("bram", "run", "2026-11").out
    assert "approved already" in office.do("carla", "approve", file["file_id"], "--total", "1541,79").out
    assert "released already" in office.do("bram", "release", file["file_id"], "--out", str(office.folder / "bank")).out
    elsewhere = office.folder / "again"
    office.do("bram", "release", file["file_id"], "--out", str(elsewhere))
    assert (elsewhere / f"{file['file_id']}.xml").read_bytes() == released
    assert "exist already" in office.do("anna", "init").out
    assert "these roles already" in office.do("chef", "staff", "add", "bram", "--role", "finance").out
    assert office.digest() == before


def test_the_maker_does_not_approve_and_the_approver_does_not_release(office: Office) -> None:
    ordinary_month(office)
    office.do("chef", "staff", "add", "bram", "--role", "fiatteur")
    office.do("chef", "staff", "add", "carla", "--role", "finance")
    office.do("bram", "run", "2026-11")
    (file, _) = office.files()
    own = office("bram", "approve", file["file_id"], "--total", "1.541,79")
    assert (own.code, "second person" in own.err) == (1, True)
    early = office("bram", "release", file["file_id"], "--out", str(office.folder))
    assert (early.code, "not approved" in early.err) == (1, True)
    office.do("carla", "approve", file["file_id"], "--total", "1.541,79")
    own = office("carla", "release", file["file_id"], "--out", str(office.folder))
    assert (own.code, "somebody else" in own.err) == (1, True)
    assert not list(office.folder.glob("*.xml"))


@pytest.mark.parametrize("total", ["1.541,78", "154.179,00", "1541.79", "154179", "-1.541,79", "1.541,790", ""])
def test_any_other_total_than_that_of_the_file_is_refused(office: Office, total: str) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    said = office("carla", "approve", "ASSEN-202611-01-001", f"--total={total}")
    assert said.code == 1
    assert office.files()[0]["state"] == "generated"


@pytest.mark.parametrize("who", ["anna", "bram", "rosa", "dirk", "inge", "chef", "stranger"])
def test_only_a_fiatteur_approves(office: Office, who: str) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    assert office(who, "approve", "ASSEN-202611-01-001", "--total", "1.541,79").code == 1


def test_the_wrong_people_change_nothing(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    before = office.digest()
    benefits = office.file("benefits.csv", "referentie;klantnummer;maand;component;bedrag;opgeschort")
    for who, *words in (
        ("carla", "run", "2026-11"),
        ("rosa", "run", "2026-11"),
        ("inge", "import", "benefits", benefits),
        ("carla", "creditor", "confirm", "WONEN", "--how", "x"),
        ("anna", "release", "ASSEN-202611-01-001", "--out", str(office.folder)),
        (
            "bram",
            "ground",
            "add",
            "0010001",
            "--ground",
            "ART_57",
            "--from",
            "2027-03-01",
            "--until",
            "2027-05-31",
            "--decision",
            "B",
        ),
        ("inge", "hold", "0010001", "--why", "x"),
        ("anna", "staff", "add", "x", "--role", "finance"),
        ("carla", "export", "remainders", "2026-11"),
    ):
        said = office(who, *words)
        assert (said.code, "needs the role" in said.err) == (1, True), words
    assert office.digest() == before


def test_a_client_who_becomes_payable_later_gets_a_supplementary_file(office: Office) -> None:
    ordinary_month(office)
    office.clients(client_line("0010009", machtiging_datum=""))
    office.obligations("VL-9;0010009;WONEN;huur;500,00;C-9;2026-10;;")
    office.benefits("U-9;0010009;2026-11;regulier;1.000,00;")
    office.do("bram", "run", "2026-11")
    assert {"client": "0010009", "obligation": None, "reason": "no_mandate"} in office.status()["held"]
    office.clients(client_line("0010009", machtiging_datum="2026-11-18"))
    office.do("bram", "run", "2026-11")
    files = [f for f in office.files() if f["gemeente"] == "assen"]
    assert [(f["file_id"], f["transactions"], f["control_sum_cents"]) for f in files] == [
        ("ASSEN-202611-01-001", 4, 154179),
        ("ASSEN-202611-02-001", 1, 50000),
    ]
    assert not office.status()["held"]
    assert office.status()["withheld_cents"] == 154179 + 50000


def test_a_benefit_line_that_arrives_later_pays_what_fell_short(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;345,99;")
    office.do("bram", "run", "2026-11")
    assert office.files() == []
    (short,) = office.status()["shortfalls"]
    assert (short["obligation"], short["needed_cents"], short["available_cents"]) == ("VL-1", 65000, 34599)
    office.benefits("U-1;0010001;2026-11;regulier;345,99;", "U-2;0010001;2026-11;aanvulling;400,00;")
    office.do("bram", "run", "2026-11")
    assert office.files()[0]["control_sum_cents"] == 65000
    assert office.status()["shortfalls"] == []
    assert office.status()["remainder_cents"] == 9599


def test_an_unconfirmed_iban_is_paid_by_the_next_run_after_confirmation(office: Office) -> None:
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1.000,00;")
    office.do("bram", "run", "2026-11")
    assen = office.status()
    assert assen["held"] == [{"client": "0010001", "obligation": "VL-1", "reason": "iban_unconfirmed"}]
    assert (assen["withheld_cents"], assen["remainder_cents"]) == (65000, 35000)
    assert office("anna", "creditor", "confirm", "WONEN", "--how", "zelf").code == 1
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11")
    assert office.files()[0]["control_sum_cents"] == 65000
    assert office.status()["withheld_cents"] == 65000
    assert office.status()["held"] == []


def test_a_changed_iban_stops_the_payments_until_a_second_person_called_back(office: Office) -> None:
    ordinary_month(office)
    changed = "WONEN;Stichting Wonen Noord;NL18RABO0123459876;huur;"
    office.do("anna", "import", "creditors", office.file("c.csv", "schuldeiser;naam;iban;soort;kenmerk_soort", changed))
    office.do("bram", "run", "2026-11")
    assert {h["obligation"] for h in office.status()["held"]} == {"VL-1", "VL-3"}


@pytest.mark.parametrize(
    ("today", "why"), [("2026-11-26", "is past"), ("2026-12-24", "is past"), ("2027-11-18", "is past")]
)
def test_a_payday_in_the_past_is_refused_with_the_way_out(office: Office, today: str, why: str) -> None:
    ordinary_month(office)
    office.today = today
    before = office.digest()
    said = office("bram", "run", "2026-11")
    assert said.code == 1
    assert why in said.err
    assert "--execution-date" in said.err
    assert office.digest() == before


def test_another_execution_date_is_a_day_on_which_banks_settle(office: Office) -> None:
    ordinary_month(office)
    office.today = "2026-11-26"
    assert office("bram", "run", "2026-11", "--execution-date", "2026-11-28").code == 1
    assert office("bram", "run", "2026-11", "--execution-date", "morgen").code == 2
    office.do("bram", "run", "2026-11", "--execution-date", "2026-11-27")
    assert office.files()[0]["execution_date"] == "2026-11-27"
    office.today = "2026-12-15"
    assert "was al gedaan" in office.do("bram", "run", "2026-11").out


def test_on_the_payday_itself_the_cut_off_decides(office: Office, tmp_path: Path) -> None:
    from config import settings

    example = Path(settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = tmp_path / "early.toml"
    office.config.write_text(example.replace('cut_off = "14:30"', 'cut_off = "11:59"'), encoding="utf-8")
    ordinary_month(office)
    office.today = "2026-11-25"  # a stated day is noon
    said = office("bram", "run", "2026-11")
    assert (said.code, "cut-off" in said.err) == (1, True)
    office.config = None
    office.do("bram", "run", "2026-11")


def test_one_gemeente_that_cannot_go_on_does_not_stop_the_others(office: Office) -> None:
    ordinary_month(office)
    office.config = office.folder / "own.toml"  # no file of Assen above EUR 700
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    limits = '[gemeenten.assen]\nmax_payment = "700,00"\nmax_total = "700,00"\n'
    office.config.write_text(example.replace("[gemeenten.assen]\n", limits), encoding="utf-8")
    said = office("bram", "--json", "run", "2026-11")
    assert said.code == 1
    assert "hoger dan de grens van EUR 700,00" in said.err
    done, refused = said.document["gemeenten"], said.document["refused"]
    assert [each["gemeente"] for each in done] == ["aa-en-hunze", "tynaarlo"]  # a program hears what did succeed
    assert (done[1]["payments"], [each["gemeente"] for each in refused]) == (1, ["assen"])
    assert [file["gemeente"] for file in office.files()] == ["tynaarlo"]
    assert office.status()["state"] == "not_started"


def test_a_shortage_before_a_smaller_bill_is_told_once_and_run_again_adds_nothing(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;1.331,43;5000056789012345;2026-10;;",
        "VL-3;0010001;WATER;water;15,05;W-1;2026-10;;",
    )
    office.benefits("U-1;0010001;2026-11;regulier;1.300,00;")
    office.do("bram", "run", "2026-11")
    assert office.status()["shortfalls"][0]["available_cents"] == 65000
    before = office.digest()
    assert "was al gedaan" in office.do("bram", "run", "2026-11").out
    assert office.digest() == before
    assert office.status()["state"] == "waiting_for_approval"


def test_one_gemeente_at_a_time(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "tynaarlo")
    assert [file["gemeente"] for file in office.files()] == ["tynaarlo"]
    assert office("bram", "run", "2026-11", "--gemeente", "groningen").code == 2


def test_benefits_come_along_with_the_run_and_only_of_that_month(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    columns = "referentie;klantnummer;maand;component;bedrag;opgeschort"
    wrong = office.file("benefits-2026-11.csv", columns, "U-1;0010001;2025-11;regulier;1.000,00;")
    before = office.digest()
    said = office("bram", "run", "2026-11", "--benefits", wrong)
    assert said.code == 3
    assert "line 2" in said.err
    assert "2025-11" in said.err
    assert office.digest() == before
    right = office.file("benefits-2026-11.csv", columns, "U-1;0010001;2026-11;regulier;1.000,00;")
    office.do("bram", "run", "2026-11", "--benefits", right)
    assert "already imported" in office.do("bram", "run", "2026-11", "--benefits", right).err
    assert office.status()["remainder_cents"] == 100000


def test_a_bad_file_is_refused_whole_with_all_its_problems(office: Office) -> None:
    office.creditors()
    before = office.digest()
    bad = office.file(
        "clients.csv",
        "klantnummer;gemeente;naam;huishouden;geboortedatum;recht_vanaf;recht_tot;verblijfsgrond;inburgeringsplichtig;"
        "beschikking;beschikking_datum;machtiging_datum;iban;taal",
        client_line("0010001"),
        client_line("0010002", geboortedatum="31-12-1990"),
        client_line("0010003", gemeente="groningen"),
        client_line("0010004", iban="NL91ABNA0417164301"),
        client_line("0010001"),
    )
    said = office("anna", "import", "clients", bad)
    assert said.code == 3
    for place in ("line 3", "line 4", "line 5", "line 6", "geboortedatum", "gemeente", "iban", "klantnummer"):
        assert place in said.err
    document = office("anna", "--json", "import", "clients", bad).document
    assert [problem["line"] for problem in document["problems"]] == [3, 4, 5, 6]
    assert office.digest() == before


def test_unknown_clients_make_the_file_invalid_unless_the_settings_pass_them_over(
    office: Office, tmp_path: Path
) -> None:
    office.clients(client_line("0010001"))
    lines = ("U-1;0010001;2026-11;regulier;1.000,00;", "U-2;0099999;2026-11;regulier;1.000,00;")
    path = office.file("b.csv", "referentie;klantnummer;maand;component;bedrag;opgeschort", *lines)
    assert office("anna", "import", "benefits", path).code == 3
    from config import settings

    example = Path(settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = tmp_path / "ignore.toml"
    office.config.write_text(example.replace('unknown_clients = "refuse"', 'unknown_clients = "ignore"'), "utf-8")
    said = office.do("anna", "import", "benefits", path)
    assert "1 line(s) of unknown clients passed over: 0099999" in said.out


def test_a_tariff_change_holds_from_its_month(office: Office) -> None:
    ordinary_month(office)
    office.obligations("VL-1;0010001;WONEN;huur;675,00;C-77;2026-10;;", first="2027-01")
    office.do("bram", "run", "2026-11")
    office.benefits("U-12;0010001;2026-12;regulier;1.331,43;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen")
    paid = {
        f["month"]: f["control_sum_cents"]
        for f in office.do("inge", "--json", "files").document
        if f["gemeente"] == "assen"
    }
    assert paid == {"2026-11": 154179, "2026-12": 67500 + 12050}


def test_a_hold_and_a_ground_decide_about_the_next_run(office: Office) -> None:
    ordinary_month(office)
    office.clients(client_line("0010002", recht_vanaf="2026-03-17"), first="2026-11")
    office.do("dirk", "hold", "0010001", "--why", "machtiging ingetrokken")
    assert "already" in office.do("dirk", "hold", "0010001", "--why", "machtiging ingetrokken").out
    office.do("bram", "run", "2026-11")
    assert {(h["client"], h["reason"]) for h in office.status()["held"]} == {
        ("0010001", "on_hold"),
        ("0010002", "no_ground"),
    }
    words = (
        "ground",
        "add",
        "0010002",
        "--ground",
        "ART_57",
        "--from",
        "2026-09-16",
        "--until",
        "2027-03-16",
        "--decision",
        "B-57-1",
    )
    overlap = office("dirk", *words)
    assert (overlap.code, "2026-09-16" in overlap.err) == (1, True)
    office.do("dirk", *(word if word != "2026-09-16" else "2026-09-17" for word in words))
    office.do("dirk", "unhold", "0010001")
    office.do("bram", "run", "2026-11")
    assert office.status()["held"] == []
    assert office.status()["withheld_cents"] == 154179


def test_remainders_go_to_the_benefits_office_once(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    path = office.folder / "rest.csv"
    office.do("bram", "export", "remainders", "2026-11", "--out", str(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1] == "assen;0010001;2026-11;1331,43;770,50;560,93;0,00;0,00;560,93;uitbetalen;;0,00;0,00;;1;"
    office.do("bram", "export", "remainders", "2026-11", "--out", str(path))
    assert path.read_text(encoding="utf-8").splitlines() == lines[:1]  # nothing new: a list of nothing
    office.do("bram", "export", "remainders", "2026-11", "--out", str(path))  # says the same: nothing more to set aside
    assert sorted(p.name for p in office.folder.glob("rest*")) == ["rest.1.csv", "rest.csv"]
    assert (office.folder / "rest.1.csv").read_text(encoding="utf-8").splitlines() == lines
    again = office.folder / "again.csv"
    answer = office.do("bram", "--json", "export", "remainders", "2026-11", "--list", "1", "--out", str(again)).document
    assert again.read_bytes() == (office.folder / "rest.1.csv").read_bytes()
    assert (answer["list"], answer["clients"], answer["due_cents"]) == (1, 3, 560_93 + 560_14 + 631_43)
    assert office("bram", "export", "remainders", "2026-11", "--list", "1", "--format", "xlsx").code == 2
    assert office("bram", "export", "remainders", "2026-11", "--list", "7").code == 1
    office.do("inge", "check")


def test_a_remainder_list_that_could_not_be_written_is_not_counted_as_handed_over(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    before = office.digest()
    blocked = office.folder / "a-file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert office("bram", "export", "remainders", "2026-11", "--out", str(blocked / "rest.csv")).code == 1
    assert office.digest() == before


def test_a_released_file_that_somebody_changed_is_not_handed_over_again(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    (path, _) = office.approve_and_release()
    path.write_bytes(path.read_bytes().replace(b"650.00", b"950.00"))
    said = office("bram", "release", path.stem, "--out", str(path.parent))
    assert (said.code, "other bytes" in said.err) == (5, True)
    path.unlink()
    office.do("bram", "release", path.stem, "--out", str(path.parent))


def test_the_sheet_shows_what_the_bank_will_show(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    file = office.files()[0]
    text = office.do("carla", "sheet", file["file_id"]).out
    assert "1.541,79" in text
    assert f"[{file['sha256'][-6:]}]" in text
    assert f"[{file['sha1'][-5:]}]" in text
    assert "Naima" not in text
    out = office.folder / "sheet.txt"
    office.do("carla", "sheet", file["file_id"], "--out", str(out))
    assert out.read_text(encoding="utf-8").strip() == text.strip()


def test_more_payments_than_fit_in_one_file_make_more_files(office: Office, tmp_path: Path) -> None:
    from config import settings

    example = Path(settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = tmp_path / "small.toml"
    office.config.write_text(example.replace("max_transactions = 10000", "max_transactions = 3"), encoding="utf-8")
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    assert [(f["file_id"], f["transactions"]) for f in office.files() if f["gemeente"] == "assen"] == [
        ("ASSEN-202611-01-001", 3),
        ("ASSEN-202611-01-002", 1),
    ]
    office.approve_and_release()
    assert office.status()["state"] == "done"


def test_status_has_the_keys_that_others_rely_on(office: Office) -> None:
    document = office.do("inge", "--json", "status", "2026-11").document
    assert set(document) >= {"month", "gemeenten", "proof"}
    assert {g["gemeente"] for g in document["gemeenten"]} == {"assen", "aa-en-hunze", "tynaarlo"}
    assert set(document["gemeenten"][0]) >= {
        "gemeente",
        "run_id",
        "state",
        "execution_date",
        "benefit_cents",
        "withheld_cents",
        "remainder_cents",
        "payments",
        "files",
        "shortfalls",
        "held",
        "remainders",
    }
    assert set(document["proof"]) >= {
        "bank_cents",
        "books_cents",
        "difference_cents",
        "in_transit_cents",
        "unexplained_cents",
    }


def test_usage_errors_are_two_and_never_a_traceback(office: Office) -> None:
    for words in (("run", "2026-13"), ("run",), ("fly",), ("approve", "X"), ("import", "clients", "/nowhere.csv")):
        said = office("bram", *words)
        assert said.code == 2, words
        assert "Traceback" not in said.err


def test_a_stated_person_is_believed_only_where_the_settings_say_so(office: Office, tmp_path: Path) -> None:
    from config import settings

    example = Path(settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = tmp_path / "strict.toml"
    office.config.write_text(example.replace("trusted_actors = true", "trusted_actors = false"), encoding="utf-8")
    said = office("bram", "status")
    assert (said.code, "trusted_actors" in said.err) == (1, True)


def test_commands_without_books_say_what_to_do(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    said = office("bram", "run", "2026-11")
    assert (said.code, "ontzorgen init" in said.err) == (1, True)
    assert not (tmp_path / "none.db").exists()


def test_the_payday_is_moved_back_to_a_day_on_which_banks_settle(office: Office) -> None:
    ordinary_month(office)
    office.clients(client_line("0010001", recht_vanaf="2026-09-01"))
    office.benefits("U-12;0010001;2026-12;regulier;1.331,43;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen")
    assert date.fromisoformat(office.status("2026-12")["execution_date"]) == date(2026, 12, 24)


def test_a_cost_that_waits_for_its_account_two_months_long_is_told_once_and_paid_twice_when_confirmed(
    office: Office,
) -> None:
    """Each month's money is set apart for it; the confirmation frees both covered months at once."""
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    for month, today in (("2026-11", "2026-11-18"), ("2026-12", "2026-12-16")):
        office.today = today
        office.benefits(f"U-{month};0010001;{month};regulier;1.331,43;")
        office.do("bram", "run", month)
        waiting = [(h["obligation"], h["reason"]) for h in office.status(month)["held"]]
        assert waiting == [("VL-1", "iban_unconfirmed")]
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.do("bram", "run", "2026-12")
    (file,) = office.files("2026-12")
    assert (file["transactions"], file["control_sum_cents"]) == (2, 2 * 650_00)
