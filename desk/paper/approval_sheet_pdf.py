"""The approval sheet on paper: the words and figures of `desk.sheets`, signed and compared with the bank's screen.

The same sheet gives the same bytes: its moment is that of the file, not of the printing.
"""

from collections.abc import Iterable, Sequence

from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.table import Row

from desk.paper.approval_sheet import (
    COMPARE,
    HASHES,
    HEAD,
    KEEP,
    NEXT,
    NOTHING,
    SIGNATURES,
    SIGNED,
    SIGNERS,
    TITLE,
    UNPAID,
    Order,
    Sheet,
    steps,
)
from desk.words.formats import grouped
from payments.money import format_amount

_MARGIN = 18.0  # millimetres, as all lengths here
_LABEL = 46.0
_LINE = 5.2
_MARK = 5.0
_ROOM = 40.0  # a heading does not stand at the foot of a page without what it heads
_INK, _GREY, _RULE, _BAND = (25, 30, 36), (92, 99, 107), (196, 201, 206), (240, 243, 246)


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as an A4 document."""
    page = _Page(sheet)
    page.add_page()
    page.opening()
    for order in sheet.orders:
        page.order(order)
    page.hashes()
    page.warnings()
    page.heading(UNPAID)
    page.facts(sheet.unpaid)
    page.heading(HEAD)
    page.facts([("Regel en controlegetal", sheet.head)])
    page.sentence(KEEP)
    page.steps()
    page.signatures()
    return bytes(page.output())


def _plain(text: str) -> str:
    """A letter that the standard fonts of PDF do not have is shown by its number: never left out, never guessed."""
    # Latin-1 has letters without ink too: a soft hyphen or control character would make two names look like one.
    return "".join(
        letter if ord(letter) < 256 and letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


class _Page(FPDF):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4", unit="mm")
        self.sheet = sheet
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 4)
        self.set_creation_date(sheet.made_at)
        self.set_title(_plain(f"{TITLE} {sheet.file_id}"))
        self.set_lang("nl-NL")
        self.set_creator("ontzorgen")
        self.set_text_color(*_INK)
        self.set_draw_color(*_RULE)

    def file_id(self) -> None:
        """No identifier of the document: it would be another at every printing."""

    def footer(self) -> None:
        """Which file each page belongs to, and how many pages there are."""
        self.set_y(-_MARGIN + 3)
        self.set_font("helvetica", size=8)
        self.set_text_color(*_GREY)
        half = 0.5 * self.epw
        self.cell(half, 4, _plain(f"{self.sheet.file_id}  SHA-256 ..{self.sheet.hashes[0][2]}"))
        self.cell(half, 4, f"pagina {self.page_no()} van {{nb}}", align=Align.R)
        self.set_text_color(*_INK)

    def opening(self) -> None:
        """Title, what it is about, and the total in large figures."""
        self.set_font("helvetica", "B", 17)
        self.cell(0, 9, _plain(TITLE), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        self.facts(self.sheet.facts)
        self.ln(3)
        top = self.get_y()
        self.set_fill_color(*_BAND)
        self.rect(_MARGIN, top, self.epw, 19, style="F")
        self.set_fill_color(255)
        for x, label, value in (
            (_MARGIN + 5, "Totaal", f"EUR {format_amount(self.sheet.cents)}"),
            (_MARGIN + self.epw * 0.62, "Aantal betalingen", str(self.sheet.count)),
        ):
            self.set_xy(x, top + 3)
            self.set_font("helvetica", size=8.5)
            self.set_text_color(*_GREY)
            self.cell(0, 4, label)
            self.set_xy(x, top + 8)
            self.set_font("helvetica", "B", 19)
            self.set_text_color(*_INK)
            self.cell(0, 8, value)
        self.set_xy(_MARGIN, top + 19)

    def heading(self, text: str) -> None:
        """A heading with room for what follows it."""
        if self.will_page_break(_ROOM):
            self.add_page()
        else:
            self.ln(5)
        self.set_font("helvetica", "B", 11)
        self.cell(0, 6, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.line(_MARGIN, self.get_y(), _MARGIN + self.epw, self.get_y())
        self.ln(1.5)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Names in grey, values beside them."""
        for label, value in facts:
            self.set_font("helvetica", size=9.5)
            self.set_text_color(*_GREY)
            self.cell(_LABEL, _LINE, _plain(label))
            self.set_text_color(*_INK)
            self.multi_cell(0, _LINE, _plain(value), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def sentence(self, text: str, mark: str = "") -> None:
        """A sentence over the whole width, or beside the mark or number before it."""
        self.set_font("helvetica", size=9.5)
        if mark:
            self.cell(_MARK, _LINE, mark)
        self.multi_cell(0, _LINE, _plain(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def order(self, order: Order) -> None:
        """One order: its account and day, and a table of who is paid, with its heading on every page."""
        self.heading("Opdracht")
        self.facts(order.facts)
        self.ln(2)
        self.set_font("helvetica", size=9)
        grey = FontFace(color=_GREY, emphasis="")
        rows = [(r.name, grouped(r.iban), str(r.count), format_amount(r.cents)) for r in order.recipients]
        with self.table(
            width=self.epw,
            col_widths=(44, 34, 10, 16),
            text_align=(Align.L, Align.L, Align.R, Align.R),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=grey,
            line_height=_LINE,
            padding=(0.7, 1),
        ) as table:
            for row in (("Per ontvanger", "Rekening", "Aantal", "Bedrag"), *rows):
                _fill(table.row(), row)
            bold = FontFace(emphasis="BOLD", fill_color=_BAND)
            _fill(table.row(style=bold), ("Samen", "", str(order.count), format_amount(order.cents)))

    def hashes(self) -> None:
        """Both hashes, and large what people compare by eye."""
        self.heading(HASHES)
        for name, body, end in self.sheet.hashes:
            self.set_font("helvetica", size=9.5)
            self.set_text_color(*_GREY)
            self.cell(20, 7, name)
            self.set_font("courier", size=8.5)
            self.cell(self.get_string_width(body) + 2, 7, body)
            self.set_text_color(*_INK)
            self.set_font("courier", "B", 13)
            self.cell(0, 7, end, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.sentence(f"Vergelijk de grote tekens {COMPARE}")

    def warnings(self) -> None:
        """What stands out, each with a mark before it."""
        self.heading(f"Let op ({len(self.sheet.warnings)})")
        for text in self.sheet.warnings or (NOTHING,):
            self.sentence(text, "-" if self.sheet.warnings else "")

    def steps(self) -> None:
        """What to do now; commands in letters that are typed over."""
        self.heading(NEXT)
        for number, (sentence, command) in enumerate(steps(self.sheet.file_id), start=1):
            self.sentence(sentence, f"{number}.")
            if command:
                self.set_font("courier", size=9.5)
                self.set_x(_MARGIN + _MARK)
                self.cell(0, _LINE, _plain(command), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def signatures(self) -> None:
        """Room for two people, who are not the same one; kept together on one page."""
        if self.will_page_break(60):
            self.add_page()
        self.heading(SIGNATURES)
        self._across(SIGNERS, "B", rule=False)
        for label in SIGNED:
            self.ln(7)  # room for a pen
            self._across((label, label), "", rule=True)

    def _across(self, words: Sequence[str], style: str, *, rule: bool) -> None:
        half, top = 0.5 * self.epw, self.get_y()
        self.set_font("helvetica", style, 9.5)
        for column, word in enumerate(words):
            left = _MARGIN + column * (half + 4)
            self.set_xy(left, top)
            self.cell(18, _LINE, _plain(word))
            if rule:
                self.line(left + 18, top + _LINE, left + half - 4, top + _LINE)
        self.set_xy(_MARGIN, top + _LINE)


def _fill(row: Row, values: Iterable[str]) -> None:
    for value in values:
        row.cell(_plain(value))
