import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_of_four import CELLS, GOOD, SHAPE, damaged, messages, read_or_refuse, refused

from payments.intake.text_table import read_table


class TestWhatIsReadAsItStands:
    def test_cells_stay_text_with_their_leading_zeros_and_lines(self):
        table = read_table(GOOD, "test.csv", SHAPE)
        assert table.columns == {
            "code": ["007", "008"],
            "naam": ["Jansen", "De Vries"],
            "bedrag": ["650,00", "1.331,43"],
            "datum": ["2026-11-01", ""],
        }
        assert table.lines == [2, 3]

    @pytest.mark.parametrize("word", ["NA", "null", "None", "nan", "N/A", "true", "1e3", "0x1F", "1_000"])
    def test_no_word_means_something_to_the_reader(self, word):
        assert read_table(f"code;naam;bedrag\n{word};x;1,00".encode(), "f", SHAPE).columns["code"] == [word]

    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    def test_any_line_end_will_do(self, end):
        table = read_table(GOOD.replace(b"\n", end), "f", SHAPE)
        assert table.lines == [2, 3]
        assert table.columns["datum"] == ["2026-11-01", ""]

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self):
        assert read_table(b"\xef\xbb\xbf" + GOOD, "f", SHAPE) == read_table(GOOD, "f", SHAPE)

    def test_the_last_line_needs_no_end(self):
        assert read_table(GOOD.rstrip(b"\n"), "f", SHAPE) == read_table(GOOD, "f", SHAPE)

    def test_columns_may_stand_in_any_order_and_optional_ones_may_lack(self):
        table = read_table(b"bedrag;code;naam\n1,00;A;x\n", "f", SHAPE)
        assert table.columns == {"bedrag": ["1,00"], "code": ["A"], "naam": ["x"], "datum": [""]}

    def test_quotes_go_around_a_field_and_are_doubled_in_it(self):
        table = read_table(b'code;"naam";bedrag\n"A;B";"O""Neil";"1,00"\n', "f", SHAPE)
        assert [cells[0] for cells in table.columns.values()] == ["A;B", 'O"Neil', "1,00", ""]

    def test_blank_lines_are_skipped_but_counted(self):
        table = read_table(b"\n\ncode;naam;bedrag\n\nA;x;1,00\n\n\nB;y;2,00\n\n", "f", SHAPE)
        assert table.lines == [5, 8]
        assert table.columns["code"] == ["A", "B"]

    def test_a_header_alone_is_a_file_without_rows(self):
        assert read_table(b"code;naam;bedrag\n", "f", SHAPE).lines == []

    def test_a_gemeente_uses_its_own_column_names(self):
        own = GOOD.replace(b"code;naam;bedrag", "Nummer;Achternaam cliënt;bedrag".encode())
        names = {"Nummer": "code", "Achternaam cliënt": "naam", "Ander bestand": "iban"}
        assert read_table(own, "f", SHAPE, names=names) == read_table(GOOD, "f", SHAPE)

    @pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-16"])
    def test_another_encoding_can_be_declared(self, encoding):
        text = "code;naam;bedrag\nA;José;1,00\n"
        assert read_table(text.encode(encoding), "f", SHAPE, encoding=encoding).columns["naam"] == ["José"]


class TestFilesThatAreNoTable:
    @pytest.mark.parametrize("content", [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, content):
        assert messages(content) == ["test.csv: is empty: it has no header line"]

    def test_a_file_over_the_limit_is_not_even_looked_at(self):
        assert "larger than 100 bytes" in messages(b"x" * 101, max_bytes=100)[0]

    def test_a_hundred_megabytes_of_rubbish(self):
        assert "larger than 67108864 bytes" in messages(b'\x00\xff;\n"' * 20_000_000)[0]

    @pytest.mark.parametrize(
        "rubbish",
        [
            b"\n" * 3_000_000,
            b";" * 3_000_000,
            b'"' * 3_000_001,
            b"code;naam;bedrag\n" + b'";' * 1_500_000,
            b'code;naam;bedrag\n"' + b'""' * 1_500_000,
            b"code;naam;bedrag\n" + b';"""a' * 500_000,
        ],
    )
    def test_rubbish_within_the_limit_is_refused_in_short_time(self, rubbish):
        assert refused(rubbish)

    def test_a_problem_on_every_line_does_not_fill_the_memory(self):
        problems = refused(b"code;naam;bedrag\n" + b"x\n" * 50_000)
        assert len(problems) == 10_001
        assert problems[-1].what.startswith("40000 more problems")

    def test_a_wrong_encoding_names_its_line(self):
        content = "code;naam;bedrag\r\nA;Jansen;1,00\r\nB;José;2,00\r\n".encode("cp1252")
        assert messages(content) == ["test.csv: is not utf-8: line 3 has bytes that do not exist in it"]

    def test_utf_16_is_not_utf_8(self):
        assert "line 1" in messages("code;naam;bedrag\n".encode("utf-16"))[0]
        assert "control character (U+0000)" in messages("code;naam;bedrag\n".encode("utf-16-le"))[0]

    def test_utf_8_where_the_settings_say_otherwise_would_garble_names(self):
        content = "code;naam;bedrag\nA;José;1,00\n".encode()
        assert "is UTF-8 and not cp1252" in messages(content, encoding="cp1252")[0]

    def test_a_file_without_header_shows_nobody(self):
        (message,) = messages(b"007;Jansen;650,00\n008;De Vries;1,00\n")
        assert "has no header line" in message
        assert "known are code, naam, bedrag, datum" in message
        assert "Jansen" not in message

    @pytest.mark.parametrize("separator", [b",", b"\t", b"|"])
    def test_another_separator(self, separator):
        assert "has no header line with ;" in messages(GOOD.replace(b";", separator))[0]


class TestHeaders:
    def test_an_unknown_column_is_refused_with_the_known_ones(self):
        assert messages(b"code;naam;bedrag;bsn\nA;x;1,00;9\n") == [
            "test.csv, line 1: 'bsn' is not a column of this file: known are code, naam, bedrag, datum"
        ]

    @pytest.mark.parametrize("header", [b"Code", b" code", b"code ", b"c\xc3\xb3de"])
    def test_a_name_is_known_exactly_or_not_at_all(self, header):
        problems = refused(header + b";naam;bedrag\n")
        assert [(p.column, p.value) for p in problems] == [(None, header.decode()), ("code", None)]

    def test_every_missing_and_double_column_is_named(self):
        assert messages(b"\nnaam;naam;;datum\n") == [
            "test.csv, line 2, column naam: stands more than once in the header: keep one",
            "test.csv, line 2: has no name for column 3: known are code, naam, bedrag, datum",
            "test.csv, line 2, column code: is missing: this file must have it",
            "test.csv, line 2, column bedrag: is missing: this file must have it",
        ]

    def test_an_own_name_and_ours_for_one_column_are_double(self):
        problems = refused(b"code;naam;bedrag;Nummer\n", names={"Nummer": "code"})
        assert [p.column for p in problems] == ["code"]

    def test_a_header_that_swallowed_the_first_person_shows_nobody(self):
        told = " ".join(messages(b"code;naam;bedrag007;Jansen;650,00;Assen\n"))
        assert "column 4 is not one of this file" in told
        assert "Jansen" not in told


class TestRows:
    def test_too_few_and_too_many_fields_are_found_on_their_own_lines(self):
        problems = refused(b"code;naam;bedrag\n\nA;x\nB;y;1,00\nC;z;1,00;\nD\n")
        assert [(p.line, p.what) for p in problems] == [
            (3, "has too few fields: 2, where the header has 3"),
            (5, "has too many fields: 4, where the header has 3"),
            (6, "has too few fields: 1, where the header has 3"),
        ]

    @pytest.mark.parametrize(
        "row", [b'"A"B;x;1,00', b'A"B;x;1,00', b'"A;x;1,00', b'A;x;"1,00', b'"A" ;x;1,00', b'A;"x"";1,00']
    )
    def test_quotes_that_do_not_fit(self, row):
        problems = refused(b"code;naam;bedrag\nA;x;1,00\n" + row + b"\nB;x;1,00\n")
        assert [p.line for p in problems] == [3]
        assert problems[0].what.startswith("has quotes that do not fit")

    def test_a_line_break_in_a_field(self):
        problems = refused(b'code;naam;bedrag\nA;"Jan\nsen";1,00\nB;x;1,00\n')
        assert [p.line for p in problems] == [2, 3]
        assert "no line break" in problems[0].what

    def test_broken_lines_never_show_their_text(self):
        assert "Jansen" not in " ".join(messages(b'code;naam;bedrag\nA;"Jansen;1,00\nB;Jansen\nC;Jansen\x00;1,00\n'))

    @pytest.mark.parametrize("code", [0, 1, 7, 8, 11, 12, 27, 31, 127])
    def test_a_control_character_is_refused_with_its_line(self, code):
        (problem,) = refused(b"code;naam;bedrag\nA;x;1,00\nB;y" + bytes([code]) + b"z;1,00\n")
        assert (problem.line, problem.what) == (3, f"has a control character (U+{code:04X}): remove it")

    @pytest.mark.parametrize("unseen", ["\t", "\u0085", "\u00a0", "\u00ad", "\u200b", "\u202e", "\u2028"])
    def test_a_character_that_nobody_sees_is_refused(self, unseen):
        (problem,) = refused(f"code;naam;bedrag\nA{unseen}B;x;1,00\n".encode())
        assert problem.what == f"has a character that cannot be seen (U+{ord(unseen):04X}): remove it"

    @pytest.mark.parametrize("cell", [" A", "A ", " ", "  A  ", '" A"'])
    def test_spaces_around_a_value(self, cell):
        (problem,) = refused(f"code;naam;bedrag\n{cell};x;1,00\n".encode())
        assert (problem.line, problem.column) == (2, "code")
        assert problem.what.startswith("has a space in front or behind")

    @pytest.mark.parametrize("cell", ["=1+1", "+31", "@SUM", "\tA", "-A", "-", "-=1", '"=A1"', "=HYPERLINK(1)"])
    def test_a_cell_that_a_spreadsheet_would_run(self, cell):
        (problem,) = refused(f"code;naam;bedrag\n{cell};x;1,00\n".encode())
        assert problem.what.startswith("starts like a spreadsheet formula")

    def test_a_minus_before_a_digit_is_left_to_the_column(self):
        assert read_table(b"code;naam;bedrag\nA;x;-5,00\n", "f", SHAPE).columns["bedrag"] == ["-5,00"]

    def test_a_personal_value_is_never_shown(self):
        (problem,) = refused(b"code;naam;bedrag\nA;=Jansen;1,00\n")
        assert problem.value is None
        assert "Jansen" not in str(problem)
        assert "not shown" in problem.what

    def test_all_problems_come_at_once_in_the_order_of_the_lines(self):
        problems = refused(b'code;naam;bedrag;bsn\nA;x; 1,00;1\nB\n=C;x;1,00;1\nD;"x;1,00;1\n E;@x;1,00;1\n')
        assert [(p.line, p.column) for p in problems] == [
            (1, None),
            (2, "bedrag"),
            (3, None),
            (4, "code"),
            (5, None),
            (6, "code"),
            (6, "naam"),
        ]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_csv_is_read_or_refused_and_nothing_else(data):
    read_or_refuse(damaged(data, GOOD + b'"A";"x""y";"1,00";\r\n'))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_refused_without_accident(content):
    read_or_refuse(content)
    read_or_refuse(b"code;naam;bedrag\n" + content)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_is_read_back_from_csv(rows, end):
    quoted = [";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    content = end.join(["code;naam;bedrag;datum", *quoted]).encode()
    table = read_table(content, "f", SHAPE)
    assert list(zip(*table.columns.values(), strict=True)) == rows
    assert table.lines == list(range(2, len(rows) + 2))
