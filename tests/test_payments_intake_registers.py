import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.intake.registers import CLIENTS, CREDITORS, OBLIGATIONS, read_clients, read_creditors, read_obligations
from payments.money import format_plain
from payments.parties import Category, Client, Creditor, Frequency, Obligation, ResidenceGround
from payments.problems import InputRefused
from payments.references import ReferenceType

GEMEENTEN = ("assen", "aa-en-hunze", "tynaarlo")
HOUSING = Creditor("WONEN", "Woonstichting De Es", "NL91ABNA0417164300", Category.RENT, ReferenceType.FREE)
POWER = Creditor("STROOM", "Drents Licht", "NL02ABNA0123456789", Category.ENERGY, ReferenceType.BETALINGSKENMERK)
INSURER = Creditor("ZORG", "Zorg Samen", "BE68539007547034", Category.HEALTH_INSURANCE, ReferenceType.RF)
PAYEES = {payee.creditor: payee for payee in (HOUSING, POWER, INSURER)}
KNOWN_CLIENTS = frozenset({"000123", "000124"})

CREDITOR = {
    "schuldeiser": "WONEN",
    "naam": "Woonstichting De Es",
    "iban": "NL91ABNA0417164300",
    "soort": "huur",
    "kenmerk_soort": "",
}
CLIENT = {
    "klantnummer": "000123",
    "gemeente": "assen",
    "naam": "Yonas Tesfay",
    "huishouden": "H-01",
    "geboortedatum": "1990-02-28",
    "recht_vanaf": "2026-10-17",
    "recht_tot": "",
    "verblijfsgrond": "asiel_bepaalde_tijd",
    "inburgeringsplichtig": "ja",
    "beschikking": "",
    "beschikking_datum": "",
    "machtiging_datum": "",
    "iban": "",
    "taal": "",
}
OBLIGATION = {
    "vaste_last": "VL-0001",
    "klantnummer": "000123",
    "schuldeiser": "WONEN",
    "soort": "huur",
    "bedrag": "650,00",
    "kenmerk": "contract 0042",
    "vanaf": "2026-12",
    "tot": "",
    "frequentie": "",
}


def csv(*rows):
    return "\n".join(";".join(cells) for cells in [list(rows[0]), *(row.values() for row in rows)]).encode()


def xlsx(*rows):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([list(rows[0]), *(row.values() for row in rows)]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return target.getvalue()


def creditors(content, **options):
    return read_creditors(content, "creditors.csv", **options)


def clients(content, **options):
    return read_clients(content, "clients.csv", gemeenten=GEMEENTEN, **options)


def obligations(content, **options):
    return read_obligations(content, "obligations.csv", creditors=PAYEES, clients=KNOWN_CLIENTS, **options)


def problems(read, *rows):
    with pytest.raises(InputRefused) as caught:
        read(csv(*rows))
    return caught.value.problems


def only_problem(read, row, **changes):
    (problem,) = problems(read, row | changes)
    assert problem.line == 2
    return problem


class TestSoundRegisters:
    def test_a_creditor_without_reference_type_takes_free_text(self):
        assert creditors(csv(CREDITOR)) == [HOUSING]

    def test_each_reference_type_is_read(self):
        types = [kind.value for kind in ReferenceType]
        rows = [CREDITOR | {"schuldeiser": f"S{kind}", "kenmerk_soort": kind} for kind in types]
        assert [payee.reference_type.value for payee in creditors(csv(*rows))] == types

    def test_a_client_with_only_what_is_required(self):
        assert clients(csv(CLIENT)) == [
            Client(
                client="000123",
                gemeente="assen",
                name="Yonas Tesfay",
                household="H-01",
                birth_date=date(1990, 2, 28),
                right_from=date(2026, 10, 17),
                right_until=None,
                residence_ground=ResidenceGround.ASYLUM_DEFINITE,
                must_integrate=True,
                decision=None,
                decision_date=None,
                mandate_date=None,
                iban=None,
                language=None,
            )
        ]

    def test_a_client_of_whom_everything_is_known(self):
        (client,) = clients(
            csv(
                CLIENT
                | {
                    "naam": "Zoë Đorđević",
                    "recht_tot": "2026-10-17",
                    "inburgeringsplichtig": "nee",
                    "beschikking": "Z-2026/0012",
                    "beschikking_datum": "2026-10-20",
                    "machtiging_datum": "2026-10-21",
                    "iban": "NL02ABNA0123456789",
                    "taal": "ti",
                }
            )
        )
        assert client.name == "Zoë Đorđević"
        assert client.right_until == date(2026, 10, 17)
        assert client.must_integrate is False
        assert (client.decision, client.decision_date) == ("Z-2026/0012", date(2026, 10, 20))
        assert client.mandate_date == date(2026, 10, 21)
        assert (client.iban, client.language) == ("NL02ABNA0123456789", "ti")

    def test_an_obligation_falls_due_each_month_unless_said_otherwise(self):
        assert obligations(csv(OBLIGATION)) == [
            Obligation(
                obligation="VL-0001",
                client="000123",
                creditor="WONEN",
                category=Category.RENT,
                amount_cents=65_000,
                reference="contract 0042",
                first_covered="2026-12",
                last_covered=None,
                frequency=Frequency.MONTHLY,
            )
        ]

    def test_the_reference_holds_for_the_creditor_who_asked_for_it(self):
        rows = [
            OBLIGATION | {"schuldeiser": "STROOM", "soort": "energie", "kenmerk": "5000056789012345"},
            OBLIGATION
            | {
                "vaste_last": "VL-0002",
                "schuldeiser": "ZORG",
                "soort": "zorgverzekering",
                "kenmerk": "RF18539007547034",
            },
            OBLIGATION
            | {"vaste_last": "VL-0003", "kenmerk": "Café Zoë & Zn", "tot": "2026-12", "frequentie": "kwartaal"},
        ]
        assert [line.reference for line in obligations(csv(*rows))] == [row["kenmerk"] for row in rows]

    @pytest.mark.parametrize(
        ("read", "row"), [(creditors, CREDITOR), (clients, CLIENT), (obligations, OBLIGATION)], ids=["s", "k", "v"]
    )
    def test_a_workbook_and_a_csv_say_the_same(self, read, row):
        assert read(xlsx(row)) == read(csv(row))

    def test_the_columns_of_the_contract_are_the_ones_that_are_read(self):
        assert set(CREDITORS.columns) == set(CREDITOR)
        assert set(CLIENTS.columns) == set(CLIENT)
        assert set(OBLIGATIONS.columns) == set(OBLIGATION)


class TestRulesOfEveryRegister:
    @pytest.mark.parametrize(
        ("read", "row", "required"),
        [
            (creditors, CREDITOR, CREDITORS.required),
            (clients, CLIENT, CLIENTS.required),
            (obligations, OBLIGATION, OBLIGATIONS.required),
        ],
        ids=["creditors", "clients", "obligations"],
    )
    def test_every_required_field_is_filled(self, read, row, required):
        found = problems(read, row | dict.fromkeys(required, ""))
        assert [problem.column for problem in found] == list(required)
        assert {problem.what for problem in found} == {"is empty: this field is required"}

    @pytest.mark.parametrize("code", ["A B", "a;b", "a,b", 'a"b', "a'b", "é", "１２", "x" * 36])
    @pytest.mark.parametrize(
        ("read", "row", "column"),
        [
            (creditors, CREDITOR, "schuldeiser"),
            (clients, CLIENT, "klantnummer"),
            (clients, CLIENT, "huishouden"),
            (obligations, OBLIGATION, "vaste_last"),
        ],
        ids=["schuldeiser", "klantnummer", "huishouden", "vaste_last"],
    )
    def test_a_code_is_short_and_plain(self, read, row, column, code):
        quoted = '"' + code.replace('"', '""') + '"'
        problem = only_problem(read, row, **{column: quoted})
        assert (problem.column, problem.value) == (column, code)
        assert problem.what.startswith("is not a code: 1 to 35 ASCII")

    @pytest.mark.parametrize("code", ["0", "0007", "x" * 35, "A-1/2_3.(4)#%&*", "-5"])
    def test_a_code_may_be_any_other_sign_and_keeps_its_zeros(self, code):
        assert creditors(csv(CREDITOR | {"schuldeiser": code}))[0].creditor == code

    @pytest.mark.parametrize(
        ("read", "row", "column"),
        [
            (creditors, CREDITOR, "schuldeiser"),
            (clients, CLIENT, "klantnummer"),
            (obligations, OBLIGATION, "vaste_last"),
        ],
        ids=["creditors", "clients", "obligations"],
    )
    def test_a_double_code_names_both_lines(self, read, row, column):
        found = problems(read, row, row | {column: "B"} if read is not clients else row, row)
        assert (found[-1].line, found[-1].column, found[-1].value) == (4, column, row[column])
        assert "on line 2" in found[-1].what

    @pytest.mark.parametrize(
        ("read", "row", "column", "allowed"),
        [
            (creditors, CREDITOR, "soort", "huur, energie, water, zorgverzekering, overig"),
            (creditors, CREDITOR, "kenmerk_soort", "vrij, betalingskenmerk, rf"),
            (clients, CLIENT, "gemeente", "assen, aa-en-hunze, tynaarlo"),
            (clients, CLIENT, "verblijfsgrond", "asiel_bepaalde_tijd, asiel_onbepaalde_tijd, regulier, overig"),
            (clients, CLIENT, "inburgeringsplichtig", "ja, nee"),
            (obligations, OBLIGATION, "soort", "huur, energie, water, zorgverzekering, overig"),
            (obligations, OBLIGATION, "frequentie", "maand, kwartaal, halfjaar, jaar, eenmalig"),
        ],
    )
    @pytest.mark.parametrize("word", ["Ja", "HUUR", "gas", "assen2"])
    def test_a_word_is_one_of_the_list_that_the_message_gives(self, read, row, column, allowed, word):
        problem = only_problem(read, row, **{column: word})
        assert (problem.column, problem.value, problem.what) == (column, word, f"is not one of {allowed}")

    @pytest.mark.parametrize(("read", "row"), [(creditors, CREDITOR), (clients, CLIENT)], ids=["creditors", "clients"])
    @pytest.mark.parametrize(
        ("name", "what"),
        [
            ("x" * 71, "is longer than 70 characters"),
            ("ß" * 36, "is longer than 70 characters when"),
            ("Ольга", "has character 'О' (U+041E) at position 1"),
            ("\u0301", "has no letter or digit"),
        ],
    )
    def test_a_name_fits_a_payment_and_is_never_shown(self, read, row, name, what):
        problem = only_problem(read, row, naam=name)
        assert (problem.column, problem.value) == ("naam", None)
        assert problem.what.startswith(what)
        assert name not in str(problem)

    def test_a_name_of_seventy_characters_fits(self):
        assert creditors(csv(CREDITOR | {"naam": "ß" * 35}))[0].name == "ß" * 35


class TestIbans:
    @pytest.mark.parametrize(
        ("iban", "what"),
        [
            ("NL91ABNA0417164301", "check digits are wrong"),
            ("NL91ABN10417164300", "account part does not fit"),
            ("NL91 ABNA 0417 1643 00", "without spaces"),
            ("nl91abna0417164300", "capitals"),
            ("TR330006100519786457841326", "outside SEPA"),
        ],
    )
    def test_a_wrong_iban_is_shown_for_a_creditor_but_not_for_a_client(self, iban, what):
        public = only_problem(creditors, CREDITOR, iban=iban)
        assert public.value == iban
        assert what in public.what
        private = only_problem(clients, CLIENT, iban=iban)
        assert private.value is None
        assert what in private.what
        assert iban not in str(private)


class TestClients:
    @pytest.mark.parametrize("column", ["geboortedatum", "recht_vanaf", "recht_tot", "machtiging_datum"])
    @pytest.mark.parametrize("day", ["28-02-1990", "1990-02-30", "1990-2-8", "1890-01-01", "19900228"])
    def test_a_date_is_real(self, column, day):
        problem = only_problem(clients, CLIENT, **{column: day})
        assert problem.column == column
        assert "date" in problem.what
        assert problem.value == (None if column == "geboortedatum" else day)

    def test_the_right_does_not_end_before_it_starts(self):
        problem = only_problem(clients, CLIENT, recht_tot="2026-10-16")
        assert (problem.column, problem.value, problem.what) == ("recht_tot", "2026-10-16", "is before recht_vanaf")

    def test_nobody_has_a_right_before_birth(self):
        problem = only_problem(clients, CLIENT, geboortedatum="2026-10-17")
        assert (problem.column, problem.value) == ("geboortedatum", None)
        assert problem.what.startswith("is not before recht_vanaf")

    def test_a_decision_has_a_reference_and_a_date(self):
        assert only_problem(clients, CLIENT, beschikking="Z-1").column == "beschikking_datum"

    def test_a_decision_with_a_wrong_date_is_one_problem_not_two(self):
        assert only_problem(clients, CLIENT, beschikking="Z-1", beschikking_datum="gisteren").value == "gisteren"

    def test_a_decision_reference_is_no_letter(self):
        assert (
            "longer than 70" in only_problem(clients, CLIENT, beschikking="x" * 71, beschikking_datum="2026-10-20").what
        )

    @pytest.mark.parametrize("language", ["TI", "t", "tir", "t1", "nl-BE"])
    def test_a_language_is_two_small_letters(self, language):
        assert only_problem(clients, CLIENT, taal=language).what.startswith("is not a language code")


class TestObligations:
    def test_a_creditor_or_client_that_the_books_do_not_have(self):
        unknown = OBLIGATION | {"klantnummer": "999", "schuldeiser": "NIEMAND"}
        assert [(p.column, p.value, p.what) for p in problems(obligations, unknown)] == [
            ("klantnummer", "999", "is not a known klantnummer: import it first, or correct the code"),
            ("schuldeiser", "NIEMAND", "is not a known schuldeiser: import it first, or correct the code"),
        ]

    @pytest.mark.parametrize(
        "amount", ["850.00", "850", "8.50", "1,331.43", "-5,00", "1e3", "６５０,００", "650,0", "€ 650,00", "1.33,00"]
    )
    def test_an_amount_has_one_grammar(self, amount):
        problem = only_problem(obligations, OBLIGATION, bedrag=amount)
        assert (problem.column, problem.value) == ("bedrag", amount)
        assert problem.what.startswith("is not an amount like 1331,43 or 1.331,43")

    def test_an_obligation_costs_something(self):
        assert only_problem(obligations, OBLIGATION, bedrag="0,00").what.startswith("is not above zero")

    def test_it_does_not_end_before_it_starts(self):
        assert only_problem(obligations, OBLIGATION, tot="2026-11").what == "is before vanaf"

    @pytest.mark.parametrize("month", ["2026-13", "12-2026", "2026-12-01"])
    def test_months_are_real(self, month):
        assert only_problem(obligations, OBLIGATION, vanaf=month).what == "is not a month like 2026-11"
        assert only_problem(obligations, OBLIGATION, tot=month).what == "is not a month like 2026-11"

    @pytest.mark.parametrize(
        ("creditor", "reference", "what"),
        [
            ("STROOM", "5000056789012346", "whose first digit, the check, is wrong"),
            ("STROOM", "contract 0042", "is not a betalingskenmerk"),
            ("ZORG", "RF17539007547034", "whose check digits are wrong"),
            ("ZORG", "5000056789012345", "is not an ISO 11649 reference"),
            ("WONEN", "huis @ 1", "has character '@' (U+0040) at position 6"),
            ("WONEN", "\u0301", "has no letter or digit"),
        ],
    )
    def test_a_reference_that_the_creditor_could_not_read(self, creditor, reference, what):
        problem = only_problem(obligations, OBLIGATION, schuldeiser=creditor, kenmerk=reference)
        assert (problem.column, problem.value) == ("kenmerk", reference)
        assert what in problem.what

    def test_the_payment_text_has_140_characters_of_which_soort_and_month_take_some(self):
        room = 140 - len("huur 2026-12 ")
        assert obligations(csv(OBLIGATION | {"kenmerk": "x" * room}))
        assert f"at most {room} characters" in only_problem(obligations, OBLIGATION, kenmerk="x" * (room + 1)).what
        assert "does not fit" in only_problem(obligations, OBLIGATION, kenmerk="x" * (room - 1) + "ß").what
        assert "does not fit" in only_problem(obligations, OBLIGATION, soort="zorgverzekering", kenmerk="x" * room).what


def test_all_problems_of_a_file_are_listed_at_once_in_the_order_of_its_lines():
    found = problems(
        obligations,
        OBLIGATION | {"bedrag": "650.00", "soort": "gas"},
        OBLIGATION | {"vaste_last": "=1+1", "tot": "1999-01"},
        OBLIGATION | {"bedrag": "1,00;"},
        OBLIGATION | {"klantnummer": " 000123"},
    )
    assert [(problem.line, problem.column) for problem in found] == [
        (2, "soort"),
        (2, "bedrag"),
        (3, "vaste_last"),
        (3, "tot"),
        (4, None),
        (5, "klantnummer"),
        (5, "vaste_last"),
    ]
    assert str(found[1]).startswith("obligations.csv, line 2, column bedrag: '650.00' is not an amount like")


def test_a_missing_column_does_not_hide_what_is_wrong_elsewhere():
    content = b"schuldeiser;naam;iban\nWONEN;x;NL00\n"
    with pytest.raises(InputRefused) as caught:
        creditors(content)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(1, "soort"), (2, "iban")]


def test_own_column_names_and_encoding_reach_the_reader():
    content = csv(CREDITOR | {"naam": "Café Müller"}).decode().replace("iban", "Rekening").encode("cp1252")
    (creditor,) = creditors(content, encoding="cp1252", names={"Rekening": "iban"})
    assert (creditor.name, creditor.iban) == ("Café Müller", "NL91ABNA0417164300")
    with pytest.raises(InputRefused):
        creditors(content, max_bytes=10)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from([(creditors, CREDITOR), (clients, CLIENT), (obligations, OBLIGATION)]))
def test_a_damaged_register_is_read_or_refused_and_nothing_else(data, register):
    read, row = register
    damaged = bytearray(csv(row, row))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(damaged)))
        damaged[place : place + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    try:
        records = read(bytes(damaged))
    except InputRefused as refusal:
        texts = [str(problem) for problem in refusal.problems]
    else:
        texts = [repr(record) for record in records]
    assert all(texts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KNOWN_CLIENTS)),
            st.sampled_from(Category),
            st.integers(1, 99_999_999_999),
            st.text("abcXYZ019 /-?:().,", min_size=1, max_size=40).filter(
                lambda text: text == text.strip() and text[0] != "-"
            ),
            st.sampled_from(Frequency),
        ),
        max_size=6,
    )
)
def test_what_is_written_to_a_register_is_read_back(lines):
    written = [
        Obligation(f"VL-{n}", client, "WONEN", category, cents, reference, "2026-12", _last(frequency), frequency)
        for n, (client, category, cents, reference, frequency) in enumerate(lines)
    ]
    rows = [
        {
            "vaste_last": line.obligation,
            "klantnummer": line.client,
            "schuldeiser": line.creditor,
            "soort": line.category,
            "bedrag": format_plain(line.amount_cents),
            "kenmerk": line.reference,
            "vanaf": line.first_covered,
            "tot": line.last_covered or "",
            "frequentie": line.frequency,
        }
        for line in written
    ]
    content = csv(*rows) if rows else ";".join(OBLIGATION).encode()
    assert obligations(content) == written


def _last(frequency):
    return "2026-12" if frequency is Frequency.ONCE else None


@pytest.mark.parametrize(("last", "value"), [("", None), ("2027-01", "2027-01"), ("2026-11", "2026-11")])
def test_what_is_paid_once_covers_one_month_and_says_it_twice(last, value):
    once = OBLIGATION | {"vanaf": "2026-12", "frequentie": "eenmalig"}
    (read,) = obligations(csv(once | {"tot": "2026-12"}))
    assert (read.frequency, read.first_covered, read.last_covered) == (Frequency.ONCE, "2026-12", "2026-12")
    with pytest.raises(InputRefused) as refused:
        obligations(csv(once | {"tot": last}))
    (problem,) = refused.value.problems
    assert (problem.line, problem.column, problem.value) == (2, "tot", value)
