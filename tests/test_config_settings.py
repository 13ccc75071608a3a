from datetime import time
from pathlib import Path

import pytest
from schwifty import IBAN

from config.settings import INPUT_COLUMNS, Settings, SettingsRefused, load_settings
from payments.intake.benefits import BENEFITS
from payments.intake.registers import CLIENTS, CREDITORS, OBLIGATIONS
from payments.parties import Category

EXAMPLE = (Path(__file__).parents[1] / "config" / "example.toml").read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path):
    def load_changed(*changes: tuple[str, str]) -> Settings:
        """The example with each first text replaced by the second."""
        text = EXAMPLE
        for old, new in changes:
            assert old in text, f"the example has no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load_changed


def refusal(load, *changes: tuple[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as refused:
        load(*changes)
    return refused.value.problems


def test_the_shipped_example_holds_for_the_three_gemeenten_of_the_policy():
    settings = load_settings()
    assert list(settings.gemeenten) == ["assen", "aa-en-hunze", "tynaarlo"]
    assert settings.trusted_actors
    assert settings.unknown_clients == "refuse"
    assert settings.other_accounts == "ignore"
    assert settings.input.max_bytes == 64 * 1024 * 1024
    assen = settings.gemeenten["assen"]
    assert (assen.code, assen.name, assen.payday, assen.cut_off) == ("assen", "Gemeente Assen", 25, time(14, 30))
    assert assen.offsets == dict.fromkeys(Category, 1)
    assert assen.priority == tuple(Category)
    assert (assen.shortage_rule, assen.minimum_rest_cents, assen.max_transactions) == ("skip", 0, 10_000)
    assert (assen.max_payment_cents, assen.max_total_cents) == (250_000, 500_000_000)
    assert assen.usual_cents["huur"] == (30_000, 120_000)


def test_each_gemeente_pays_from_its_own_account_at_a_bank_of_its_own():
    gemeenten = load_settings().gemeenten.values()
    assert len({gemeente.iban for gemeente in gemeenten}) == 3
    assert len({gemeente.bic for gemeente in gemeenten}) == 3
    for gemeente in gemeenten:
        assert gemeente.bic == str(IBAN(gemeente.iban, validate_bban=True).bic)


def test_a_gemeente_decides_for_itself_what_the_defaults_say_otherwise(load):
    own = 'payday = 20\nmax_payment = "1.800,00"\noffsets.water = 0\nusual.huur = { from = "1,00", until = "2,00" }\n'
    settings = load(("[gemeenten.assen]\n", f"[gemeenten.assen]\n{own}"))
    assen, tynaarlo = settings.gemeenten["assen"], settings.gemeenten["tynaarlo"]
    assert (assen.payday, assen.max_payment_cents, assen.usual_cents["huur"]) == (20, 180_000, (100, 200))
    assert assen.offsets == {**dict.fromkeys(Category, 1), Category.WATER: 0}
    assert (tynaarlo.payday, tynaarlo.max_payment_cents, tynaarlo.offsets[Category.WATER]) == (25, 250_000, 1)


def test_a_bic_that_the_bank_gave_goes_before_the_derived_one(load):
    settings = load(('iban = "NL77RABO', 'bic = "RABONL2UXXX"\niban = "NL77RABO'))
    assert settings.gemeenten["aa-en-hunze"].bic == "RABONL2UXXX"


def test_own_column_names_and_encoding_reach_the_readers(load):
    mapping = '[input.columns.clients]\n"Cliëntnr" = "klantnummer"\n'
    settings = load(("[input.columns.clients]\n", mapping), ('"utf-8"', '"windows-1252"'))
    assert settings.input.columns["clients"] == {"Cliëntnr": "klantnummer"}
    assert settings.input.encoding == "cp1252"


def test_the_columns_that_can_be_mapped_are_those_that_the_readers_know():
    formats = {"creditors": CREDITORS, "clients": CLIENTS, "obligations": OBLIGATIONS, "benefits": BENEFITS}
    assert {kind: set(names) for kind, names in INPUT_COLUMNS.items()} == {
        kind: set(shape.columns) for kind, shape in formats.items()
    }


@pytest.mark.parametrize(
    ("old", "new", "key", "why"),
    [
        ("payday = 25", "payday = 32", "defaults.payday", "a day of the month, 1 to 31"),
        ("payday = 25", "payday = 25.0", "defaults.payday", "a day of the month, 1 to 31"),
        ("payday = 25", "payday = true", "defaults.payday", "a day of the month, 1 to 31"),
        ('"14:30"', '"24:30"', "defaults.cut_off", "is not a time"),
        ('"14:30"', "14:30:00", "defaults.cut_off", "is not a time"),
        ('"2.500,00"', '"2500.00"', "defaults.max_payment", "is not an amount"),
        ('"2.500,00"', "2500", "defaults.max_payment", "is not an amount between quotes"),
        ('"2.500,00"', '"0,00"', "defaults.max_payment", "above"),
        ('"5.000.000,00"', '"2.499,99"', "defaults.max_total", "below max_payment"),
        ('minimum_rest = "0,00"', 'minimum_rest = "-1,00"', "defaults.minimum_rest", "is not an amount"),
        ("max_transactions = 10000", "max_transactions = 0", "defaults.max_transactions", "1 to 100000"),
        ("batch_booking = true", 'batch_booking = "ja"', "defaults.batch_booking", "true or false"),
        ("change_percent = 25", "change_percent = -5", "defaults.change_percent", "percentage"),
        ('shortage_rule = "skip"', 'shortage_rule = "deel"', "defaults.shortage_rule", '"skip" or "stop"'),
        ('remainder = "list"', 'remainder = "pay"', "defaults.remainder", '"list"'),
        ('"0592 00 00 00"', '"bel ons"', "defaults.contact_phone", "a telephone number"),
        ('"betalingen@gemeente.example"', '"betalingen"', "defaults.contact_mail", "a mail address"),
        ('"Team Betalingen"', '"Team\\nBetalingen"', "defaults.contact_name", "on one line"),
        ('max_remainder = "4.000,00"', 'max_remainder = "0,00"', "defaults.max_remainder", "above"),
        ('"water", "zorg', '"energie", "zorg', "defaults.priority", "exactly once"),
        ('"water", "zorg', '"gas", "zorg', "defaults.priority.2", "in the order in which to pay"),
        ("\nwater = 1\n", "\nwater = 4\n", "defaults.offsets.water", "0 to 3"),
        ("\nwater = 1\n", "\n", "defaults.offsets", "exactly once"),
        ('until = "1.200,00"', 'until = "120,00"', "defaults.usual.huur", "not above `until`"),
        ('until = "1.200,00"', 'until = "1200"', "defaults.usual.huur", "wrong `until`"),
        ('from = "300,00", ', "", "defaults.usual.huur", "is not a range"),
        ("payday = 25", "pay_day = 25", "gemeenten.assen.payday", "is missing"),
        ("payday = 25", "pay_day = 25", "defaults.pay_day", "is payday meant?"),
        ("payday = 25", 'payday = 25\nminimum_rest_cents = "0,00"', "defaults.minimum_rest_cents", "not a setting"),
        ("payday = 25", 'payday = 25\nbic = "RABONL2U"', "defaults.bic", "belongs to one gemeente"),
        ("[gemeenten.assen]\n", "[gemeenten.assen]\npayday = 0\n", "gemeenten.assen.payday", "1 to 31"),
        ("[gemeenten.assen]\n", '[gemeenten.assen]\ncode = "x"\n', "gemeenten.assen.code", "not a setting"),
        ("[gemeenten.assen]", "[gemeenten.Assen]", "gemeenten.Assen", "lower-case"),
        ("[gemeenten.assen]", "[gemeenten.westerkwartier-noord]", "gemeenten.westerkwartier-noord", "at most 18"),
        ("NL11BNGH", "NL12BNGH", "gemeenten.assen.iban", "is not a valid IBAN"),
        ("NL11BNGH0285012346", "BE68539007547034", "gemeenten.assen.iban", "is not a Dutch IBAN"),
        ("NL11BNGH0285012346", "NL11 BNGH 0285 0123 46", "gemeenten.assen.iban", "without spaces"),
        ("NL11BNGH0285012346", "NL77RABO0150046029", "gemeenten.aa-en-hunze.iban", "is the account of assen already"),
        ('iban = "NL77', 'bic = "ABNANL2A"\niban = "NL77', "gemeenten.aa-en-hunze.bic", "of the bank of this account"),
        ('iban = "NL77', 'bic = "RABO"\niban = "NL77', "gemeenten.aa-en-hunze.bic", "is not a BIC"),
        ('"Gemeente Assen"', '"Gemeente 東"', "gemeenten.assen.name", "cannot be written"),
        ('"Gemeente Assen"', '" "', "gemeenten.assen.name", "1 to 70"),
        ('"Gemeente Assen"', f'"{"A" * 71}"', "gemeenten.assen.name", "1 to 70"),
        ("trusted_actors = true", 'trusted_actors = "true"', "trusted_actors", "true or false"),
        ("trusted_actors = true", "", "trusted_actors", "is missing"),
        ('"refuse"\n', '"skip"\n', "unknown_clients", '"refuse" or "ignore"'),
        ('other_accounts = "ignore"', 'other_accounts = "book"', "other_accounts", '"refuse" or "ignore"'),
        ('"utf-8" ', '"hex" ', "input.encoding", "is not one of"),
        ('"utf-8" ', '"utf-9" ', "input.encoding", "is not one of"),
        ("max_megabytes = 64", "max_megabytes = 0", "input.max_megabytes", "1 to 1024"),
        ("[input.columns.clients]\n", "[input.columns.klanten]\n", "input.columns.klanten", "creditors, clients"),
        (
            "[input.columns.clients]\n",
            '[input.columns.clients]\nNr = "nummer"\n',
            "input.columns",
            "points to 'nummer'",
        ),
        (
            "[input.columns.clients]\n",
            '[input.columns.clients]\na = "naam"\nb = "naam"\n',
            "input.columns",
            "named twice",
        ),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(load, old, new, key, why):
    problems = refusal(load, (old, new))
    assert any(problem.startswith(f"{key}: ") and why in problem for problem in problems), problems


def test_every_wrong_key_is_named_at_once_and_a_wrong_default_only_once(load, tmp_path):
    changes = ("payday = 25", "payday = 32"), ("max_megabytes = 64", "max_megabytes = 0"), ("NL95ABNA", "NL96ABNA")
    with pytest.raises(SettingsRefused) as refused:
        load(*changes)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "input.max_megabytes",
        "defaults.payday",
        "gemeenten.tynaarlo.iban",
    ]
    assert str(refused.value).count(f"{tmp_path / 'own.toml'}: ") == 3


def test_settings_without_any_gemeente_are_refused(load):
    start = EXAMPLE.index("[gemeenten.assen]")
    assert "gemeenten: is missing" in refusal(load, (EXAMPLE[start:], ""))[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"payday = = 3", "is not valid TOML"),
        ("naam = 'caf\u00e9'".encode("latin-1"), "is not UTF-8"),
        (b"", "missing"),
    ],
)
def test_a_file_that_holds_no_settings_is_refused_with_its_name(tmp_path, content, why):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsRefused, match=why) as refused:
        load_settings(path)
    assert str(refused.value).startswith(str(path))


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path):
    with pytest.raises(SettingsRefused, match=r"absent\.toml: cannot be read"):
        load_settings(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    "text", ["defaults = 3\ngemeenten = 3", "[gemeenten]\nassen = 3", "input = []\n[defaults.usual]"]
)
def test_tables_that_are_no_tables_are_refused_and_not_a_crash(tmp_path, text):
    path = tmp_path / "odd.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsRefused):
        load_settings(path)


@pytest.mark.parametrize(
    ("rubbish", "what"),
    [
        ("a = " + "[" * 900, "without end"),
        ("a = " + "[\n" * 900, "without end"),
        ("payday = " + "9" * 990, "is not"),
        ("a." * 600 + "a = 1", "line 1 has more than 1000 characters"),
        ("#\n" * 600_000, "is larger than 262144 bytes"),
    ],
)
def test_settings_made_to_keep_the_program_busy_are_refused_at_once(tmp_path, rubbish, what):
    path = tmp_path / "own.toml"
    path.write_text(rubbish, encoding="utf-8")
    with pytest.raises(SettingsRefused, match=what):
        load_settings(path)


def test_a_number_of_thousands_of_digits_is_not_repeated(load):
    (problem,) = refusal(load, ("payday = 25", f"payday = 0x{'f' * 900}"))
    assert problem.startswith("defaults.payday: 'a number of more than thirty digits' is refused")


def test_a_key_that_a_screen_would_obey_is_shown_as_text(load):
    (problem,) = refusal(load, ("trusted_actors = true", 'trusted_actors = true\n"\\u001b[2J" = 1'))
    assert problem == r"'\x1b[2J': is not a setting; remove it"
    (problem,) = refusal(load, ("trusted_actors = true", f"trusted_actors = true\n{'k' * 500} = 1"))
    assert len(problem) < 120
