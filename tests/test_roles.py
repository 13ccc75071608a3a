"""Who may do what: every role against every command that changes something, and no pair of eyes counted twice."""

import shlex
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import typer
from support.by_hand import Move
from support.story import CREDITOR_COLUMNS, Office, client_line, ordinary_month
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, open_exceptions

from desk.cli.main import program
from ledgers.database import initialise, open_engine
from ledgers.journal.actions import ACTIONS
from payments.calendar import AMSTERDAM

pytestmark = pytest.mark.slow

PEOPLE = {
    "administratie": "anna",
    "finance": "bram",
    "fiatteur": "carla",
    "regievoerder": "rosa",
    "consulent": "dirk",
    "beheer": "chef",
    "inzage": "inge",
}
MONEY = {"administratie", "finance"}
CASEWORK = {"regievoerder", "consulent"}

# Words after the command itself; {folder} is the folder of the test's own books.
CHANGING: dict[str, tuple[str, set[str]]] = {
    "staff add": ("eva --role inzage", {"beheer"}),
    "import creditors": ("{folder}/creditors.csv", MONEY),
    "import clients": ("{folder}/clients.csv", MONEY),
    "import obligations": ("{folder}/obligations.csv", MONEY),
    "import benefits": ("{folder}/benefits.csv", MONEY),
    "creditor confirm": ("NIEUW --how gebeld", MONEY),
    "run": ("2026-11 --gemeente tynaarlo", MONEY),
    "approve": ("ASSEN-202611-01-001 --total 1.541,79", {"fiatteur"}),
    "release": ("ASSEN-202611-01-001 --out {folder}/bank", {"finance"}),
    "cancel": ("ASSEN-202611-01-001 --why verkeerd", MONEY | {"fiatteur"}),
    "reconcile": ("{folder}/nothing.xml", MONEY),
    "resolve": ("X-1 --as-what suspense --why uitgezocht", {"finance"}),
    "give-back": ("VL-1 2026-12 --why verhuisd", {"finance"}),
    "close": ("2026-11", {"finance"}),
    "export remainders": ("2026-11 --out {folder}/r.csv", MONEY),
    "ground add": ("0010001 --ground ART_57 --from 2027-04-01 --until 2027-05-31 --decision B", CASEWORK),
    "hold": ("0010001 --why gesprek", CASEWORK | MONEY),
    "unhold": ("0010001 --why gesprek", CASEWORK | MONEY),
    "event": ("arrears 0010001 --on 2026-11-02 --why brief", CASEWORK | {"administratie"}),
    "period": ("0010001 --continue --why besluit", CASEWORK),
    "assess": ("0010001 --file {folder}/answers.json", {"regievoerder"}),
    "handover": ("VL-1 --first-own-month 2027-01 --method incasso", CASEWORK),
    "paid-otherwise": ("VL-1 2027-03 --by client --why brief", CASEWORK | {"finance"}),
    "catch-up": ("VL-1 2026-11 --from-benefit 2026-11 --why gemist", CASEWORK | {"finance"}),
    "obligation none": ("0010001 water --why 'zit in de huur'", CASEWORK | MONEY),
    "obligation accept-double": ("VL-8 --why gebeld", CASEWORK | MONEY),
    "end propose": ("0010001 --date 2026-12-31 --reason moved --why verhuist", {"regievoerder"}),
    "end withdraw": ("0010001 --why toch", CASEWORK),
    "end confirm": ("0010001", {"consulent"}),
    "budget add": ("0010001 --kind kosten --name abonnement --amount 12,50 --from 2026-12", CASEWORK),
    "transfer": ("0010001 --out {folder}/transfer", CASEWORK),
    "review": ("", CASEWORK | MONEY),
    "letters": ("--out {folder}/letters", CASEWORK | {"administratie"}),
}
# What the same commands do with other words.
ALSO = [
    ("handover", "VL-1 --back-from 2027-03 --why 'lukt nog niet'", CASEWORK),
    ("handover", "proof VL-1 2027-01 --paid ja", CASEWORK),
]
# They change no books, or make their own; `inbox` and `serve` do what `reconcile` and `run` do, and ask what they ask.
READING = {
    "init",
    "files",
    "sheet",
    "status",
    "exceptions",
    "creditor show",
    "check",
    "audit verify",
    "export payments",
    "export journal",
    "worklist",
    "dossier",
    "household",
    "forecast",
    "coverage",
    "report client",
    "report arrears",
    "report proof",
    "report monitoring",
    "generate",
    "fake-bank",
    "demo",
    "serve",
    "inbox",
}


def commands(group: object, before: str = "") -> Iterator[str]:
    """Every command of the program as somebody types it."""
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        path = f"{before} {name}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, path)
        else:
            yield path


def test_every_command_says_whether_it_changes_something_and_for_whom() -> None:
    """A new command belongs in one of the two tables above."""
    known = set(CHANGING) | READING
    found = set(commands(typer.main.get_command(program())))
    assert found - known == set()
    assert known - found - {"desk"} == set()


# What each of them leaves in the audit trail.
DECIDES = {
    "staff add": "staff_added",
    "import creditors": "imported",
    "import clients": "imported",
    "import obligations": "imported",
    "import benefits": "imported",
    "creditor confirm": "iban_confirmed",
    "run": "planned",
    "approve": "approved",
    "release": "released",
    "cancel": "file_cancelled",
    "reconcile": "bank_file_read",
    "give-back": "given_back",
    "close": "month_closed",
    "export remainders": "remainders_listed",
    "ground add": "ground_added",
    "hold": "held",
    "unhold": "hold_lifted",
    "event": "event_recorded",
    "period": "period_decided",
    "assess": "assessed",
    "handover": "handed_over",
    "paid-otherwise": "paid_otherwise",
    "catch-up": "catch_up_decided",
    "obligation none": "cost_absent",
    "obligation accept-double": "double_accepted",
    "end propose": "end_proposed",
    "end withdraw": "end_withdrawn",
    "end confirm": "ended",
    "budget add": "budget_line_added",
    "transfer": "transfer_made",
    "review": "reviewed",
}


def test_the_books_ask_for_the_same_roles_as_the_commands() -> None:
    """So that whichever other door is made, it lets nobody in who has no business there."""
    # Who settles depends on the exception; letters writes files alone, of what a review made.
    assert set(DECIDES) | {"resolve", "letters"} == set(CHANGING)
    assert ACTIONS["notices_made"].may == ACTIONS["reviewed"].may
    for command, action in DECIDES.items():
        assert set(ACTIONS[action].may) == CHANGING[command][1], command


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with books in mid-month, and files to import."""
    folder = tmp_path_factory.mktemp("roles")
    engine = open_engine(f"sqlite:///{folder / 'books.db'}")
    initialise(engine, datetime(2026, 11, 1, 9, tzinfo=AMSTERDAM))
    engine.dispose()
    office = Office(f"sqlite:///{folder / 'books.db'}", folder).hire()
    ordinary_month(office)
    office.obligations("VL-8;0010001;WONEN;huur;650,00;C-77;2026-10;;")  # the same bill as VL-1
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    new = office.file("creditors.csv", CREDITOR_COLUMNS, "NIEUW;Nieuw;NL39RABO0300065264;huur;")
    office.do("chef", "staff", "add", "piet", "--role", "administratie")
    office.do("piet", "import", "creditors", new)
    for name in ("creditors", "clients", "obligations", "benefits"):  # who may import is asked before they are read
        (folder / f"{name}.csv").write_text("leeg\n", encoding="utf-8")
    (folder / "nothing.xml").write_text("<Document/>", encoding="utf-8")
    answers = '{"assessed_on": "2026-11-10", "answers": {"digid": {"met": true, "evidence": "gezien"}}}'
    (folder / "answers.json").write_text(answers, encoding="utf-8")
    return folder


def own_books(prepared: Path, folder: Path) -> Office:
    shutil.copytree(prepared, folder / "office")
    return Office(f"sqlite:///{folder / 'office' / 'books.db'}", folder / "office")


@pytest.mark.parametrize(
    ("command", "words", "allowed"),
    [(command, *case) for command, case in CHANGING.items()] + ALSO,
    ids=[*CHANGING, *(f"{command} {words.split()[0 if words[0].islower() else 1]}" for command, words, _ in ALSO)],
)
def test_a_command_is_refused_to_every_role_but_its_own(
    command: str, words: str, allowed: set[str], prepared: Path, tmp_path: Path
) -> None:
    office = own_books(prepared, tmp_path)
    before = office.digest()
    typed = [*command.split(), *shlex.split(words.format(folder=office.folder))]
    for role, who in PEOPLE.items():
        if role not in allowed and command not in ("resolve", "reconcile"):
            said = office(who, *typed)
            assert said.code == 1, (role, said.err)
            assert "it needs the role" in said.err, role
    assert office.digest() == before
    assert not (office.folder / "bank").exists()
    if command in ("resolve", "reconcile"):  # what they name must exist first: see the stories below
        return
    for role in sorted(allowed):
        assert "it needs the role" not in office(PEOPLE[role], *typed).err, role


def test_a_stranger_changes_nothing(prepared: Path, tmp_path: Path) -> None:
    office = own_books(prepared, tmp_path)
    before = office.digest()
    said = office("eve", "run", "2026-11")
    assert (said.code, office.digest()) == (1, before)
    assert "eve may not do this" in said.err


def test_only_finance_or_its_owner_settles_and_only_finance_or_administratie_reads_the_bank(office: Office) -> None:
    bank = a_couple(office)
    statement = bank.says("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-1_00, text="KOSTEN"))
    for who in ("carla", "rosa", "dirk", "chef", "inge"):
        before = office.digest()
        assert "it needs the role" in office(who, "reconcile", statement).err
        assert office.digest() == before
    office.do("anna", "reconcile", statement)
    (item,) = open_exceptions(office)
    for who in ("anna", "carla", "rosa", "dirk", "chef", "inge"):
        assert "it needs the role" in office(who, "resolve", item["id"], "--as-what", "funding", "--why", "x").err
    office.do("bram", "resolve", item["id"], "--as-what", "funding", "--why", "bankkosten")


# --- the second person ----------------------------------------------------------------------------------------------


def twice(office: Office, first: str, second: str, *roles: str, person: str | None = None) -> None:
    """A second account of somebody who has one."""
    more = ["--person", person] if person else []
    if person:
        office.do("chef", "staff", "add", first, "--role", "inzage", *more)
    for role in roles:
        office.do("chef", "staff", "add", second, "--role", role, *more)


@pytest.mark.parametrize(("second", "person"), [("Bram ", None), ("ＢＲＡＭ", None), ("bram2", "P-7")])
def test_who_made_a_file_does_not_approve_it_under_another_account(office: Office, second: str, person: str) -> None:
    ordinary_month(office)
    twice(office, "bram", second, "fiatteur", person=person)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    said = office(second, "approve", "ASSEN-202611-01-001", "--total", "1.541,79")
    assert said.code == 1
    assert "a second person has to approve it" in said.err
    office.do("carla", "approve", "ASSEN-202611-01-001", "--total", "1.541,79")


def test_who_approved_a_file_does_not_release_it_under_another_account(office: Office) -> None:
    ordinary_month(office)
    twice(office, "carla", "c.jansen", "finance", person="P-9")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("carla", "approve", "ASSEN-202611-01-001", "--total", "1.541,79")
    said = office("c.jansen", "release", "ASSEN-202611-01-001", "--out", str(office.folder / "bank"))
    assert said.code == 1
    assert "somebody else has to release it" in said.err


def test_who_entered_an_iban_does_not_confirm_it_under_another_account(office: Office) -> None:
    office.creditors(confirm=False)
    twice(office, "anna", "a.bakker", "finance", person="P-1")
    said = office("a.bakker", "creditor", "confirm", "WONEN", "--how", "gebeld")
    assert said.code == 1
    assert "a second person has to confirm it" in said.err


@pytest.mark.parametrize("reason", ["moved", "maatwerk"])
def test_who_proposed_an_end_does_not_confirm_it_under_another_account(office: Office, reason: str) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    twice(office, "rosa", "r.visser", "consulent", person="P-4")
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", reason, "--why", "besluit")
    said = office("r.visser", "end", "confirm", "0010001")
    assert said.code == 1
    assert "a second person has to confirm it" in said.err
    office.do("dirk", "end", "confirm", "0010001")


def test_an_account_stays_with_its_person(office: Office) -> None:
    office.do("chef", "staff", "add", "eva", "--role", "inzage", "--person", "P-1")
    office.do("chef", "staff", "add", "eva", "--role", "inzage", "--person", " p-1 ")
    said = office("chef", "staff", "add", "eva", "--role", "finance", "--person", "P-2")
    assert said.code == 4
    assert "Another person gets another account" in said.err


def test_the_scheduled_run_lends_its_name_to_nobody(office: Office) -> None:
    assert office("chef", "staff", "add", "Systeem", "--role", "finance").code == 1


@pytest.mark.parametrize("as_what", ["funding", "forward", "suspense"])
def test_a_large_amount_is_not_settled_by_who_read_it(office: Office, as_what: str) -> None:
    bank = a_couple(office)
    office.do("chef", "staff", "add", "finn", "--role", "finance")
    bank.tells(
        "2026-11-25",
        Move(-650_01, RENT),
        Move(-120_50, ENERGY),
        Move(-158_95, INSURANCE),
        Move(2_500_01, iban="NL39RABO0300065264", text="ONBEKEND"),
    )
    (item,) = open_exceptions(office)
    before = office.digest()
    said = office("bram", "resolve", item["id"], "--as-what", as_what, "--why", "uitgezocht")
    assert (said.code, office.digest()) == (1, before)
    assert "bram read the bank's file, so another person has to settle it" in said.err
    office.do("finn", "resolve", item["id"], "--as-what", as_what, "--why", "uitgezocht")


def test_at_the_limit_one_person_is_enough(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(2_500_00, iban="NL39RABO0300065264", text="ONBEKEND"))
    (item,) = open_exceptions(office)
    office.do("bram", "resolve", item["id"], "--as-what", "funding", "--why", "voorschot van de gemeente")


@pytest.mark.parametrize("person", ["111222333", "111.222.333", "111/222/333", "111_222_333"])
def test_a_person_is_not_known_here_by_a_bsn(office: Office, person: str) -> None:
    """A key of the personnel system is asked for: exactly where somebody would type a BSN."""
    before = office.digest()
    said = office("chef", "staff", "add", "piet", "--role", "inzage", "--person", person)
    assert said.code == 1
    assert "contains a BSN" in said.err
    assert office("chef", "staff", "add", person, "--role", "inzage").code == 1
    assert office.digest() == before


def test_a_day_before_everything_is_refused_in_words(office: Office) -> None:
    ordinary_month(office)
    office.today = "2010-01-04"
    for words in (["worklist"], ["dossier", "0010001"]):
        said = office("rosa", *words)
        assert said.code == 1
        assert "the first one starts on" in said.err
