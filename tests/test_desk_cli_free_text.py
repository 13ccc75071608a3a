"""A BSN comes into no text that somebody types, and what a program reads stays one document."""

import json
from typing import Any

import pytest
import typer
from support.story import Office, client_line, ordinary_month

from desk.cli.free_text import FREE_TEXT
from desk.cli.main import program

BSN = "123456782"  # passes the eleven-test, of nobody: the authorities' own example
KLANTNUMMER = "111222333"  # passes it too
KEYS = {
    "accept",
    "actor",
    "amount",
    "back_from",
    "client",
    "code",
    "codes",
    "covered_month",
    "creditor",
    "database",
    "day",
    "exception",
    "execution_date",
    "file_id",
    "first",
    "first_own_month",
    "from_benefit",
    "from_month",
    "gemeente",
    "iban",
    "klant",
    "month",
    "noted",
    "obligation",
    "on",
    "payment",
    "person",
    "reassess_on",
    "today",
    "together",
    "total",
    "until",
    "user",
    "vaste_last",
    "who",
    "words",
}


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "0010001", "--why"),
        ("unhold", "0010001", "--why"),
        ("event", "arrears", "0010001", "--on", "2026-11-10", "--why"),
        ("event", "arrears", "0010001", "--on", "2026-11-10", "--why", "brief", "--decision"),
        (
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
        ),
        ("period", "0010001", "--new", "--why"),
        ("handover", "VL-1", "--first-own-month", "2027-01", "--method", "incasso", "--why"),
        ("handover", "VL-1", "--back-from", "2027-01", "--why"),
        ("obligation", "accept-double", "VL-1", "--why"),
        ("handover", "proof", "VL-1", "2027-01", "--paid", "ja", "--why"),
        ("end", "propose", "0010001", "--date", "2026-12-31", "--reason", "maatwerk", "--why"),
        ("end", "withdraw", "0010001", "--why"),
        ("resolve", "X-1", "--as-what", "suspense", "--why"),
        ("give-back", "VL-1", "2026-12", "--why"),
        ("cancel", "ASSEN-202611-01-001", "--why"),
        ("creditor", "confirm", "WONEN", "--how"),
        ("budget", "add", "0010001", "--kind", "kosten", "--amount", "1,00", "--from", "2026-12", "--name"),
    ],
    ids=" ".join,
)
def test_no_text_takes_a_bsn_and_the_refusal_names_the_place(office: Office, words: tuple[str, ...]) -> None:
    ordinary_month(office)
    before = office.digest()
    for bsn in (BSN, "1234.56.782", "123 456 782", "bsn123456782x"):
        said = office("rosa", *words, f"gezien: {bsn}")
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith(f"`{words[0]}")
        assert f"{words[-1]}` contains a BSN, which does not belong there" in said.err
        assert bsn not in said.err
    assert office.digest() == before


def test_a_klantnummer_of_nine_digits_is_no_bsn(office: Office) -> None:
    ordinary_month(office)
    assert office("rosa", "hold", "0010001", "--why", f"samen met {KLANTNUMMER}").code == 1
    answers = {"digid": {"met": True, "evidence": f"samen met {KLANTNUMMER}"}}
    file = office.file("answers.json", json.dumps({"assessed_on": "2026-11-10", "answers": answers}))
    assert office("rosa", "assess", "0010001", "--file", file).code == 3
    office.clients(client_line(KLANTNUMMER, naam="Naïma Voorbeeld"))
    office.do("rosa", "hold", "0010001", "--why", f"samen met {KLANTNUMMER}")
    office.do("rosa", "assess", "0010001", "--file", file)
    assert office("rosa", "hold", "0010001", "--why", f"samen met {KLANTNUMMER}, niet {BSN}").code == 1


def commands(group: Any) -> list[Any]:
    below = [found for command in getattr(group, "commands", {}).values() for found in commands(command)]
    return [group, *below]


def test_every_text_of_the_program_is_a_key_or_is_looked_through() -> None:
    """A new option of text belongs in one of the two lists."""
    every = [p for command in commands(typer.main.get_command(program())) for p in command.params]
    texts = {p.name for p in every if p.type_descriptor.annotation in (str, list[str])}
    assert texts - FREE_TEXT - KEYS == set()
    assert FREE_TEXT - texts == set()


GROUPS = [command for command in commands(typer.main.get_command(program()))[1:] if hasattr(command, "commands")]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_group_without_a_command_gives_a_program_one_document(group: Any, office: Office) -> None:
    said = office("rosa", "--json", group.name)
    assert said.code == 2
    assert said.document == {"error": "usage", "exit_code": 2, "message": said.document["message"]}
    assert "Usage:" in said.err
    assert "Usage:" in office("rosa", group.name).out  # a person is helped
