"""An office for tests: the real commands, run in this process, on books of one test's own."""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from desk.cli.main import run
from support.beginnings import Beginnings, Story

CREDITORS = {
    "WONEN": "WONEN;Stichting Wonen Noord;NL91ABNA0417164300;huur;",
    "STROOM": "STROOM;Stroomhuis B.V.;NL20INGB0001234567;energie;betalingskenmerk",
    "WATER": "WATER;Waterbedrijf Bronwel;NL44RABO0123456789;water;",
    "ZORG": "ZORG;Zorgverzekeraar Kompas;NL02ABNA0123456789;zorgverzekering;",
}
CREDITOR_COLUMNS = "schuldeiser;naam;iban;soort;kenmerk_soort"
CLIENT_COLUMNS = (
    "klantnummer;gemeente;naam;huishouden;geboortedatum;recht_vanaf;recht_tot;verblijfsgrond;inburgeringsplichtig;"
    "beschikking;beschikking_datum;machtiging_datum;iban;taal"
)
OBLIGATION_COLUMNS = "vaste_last;klantnummer;schuldeiser;soort;bedrag;kenmerk;vanaf;tot;frequentie"
BENEFIT_COLUMNS = "referentie;klantnummer;maand;component;bedrag;opgeschort"


def client_line(client: str, **changes: str) -> str:
    """One line of clients.csv: an ordinary client whose right began on 1 September 2026."""
    fields = {
        "klantnummer": client,
        "gemeente": "assen",
        "naam": f"Naïma Voorbeeld {client}",
        "huishouden": f"H{client}",
        "geboortedatum": "1990-05-04",
        "recht_vanaf": "2026-09-01",
        "recht_tot": "",
        "verblijfsgrond": "asiel_bepaalde_tijd",
        "inburgeringsplichtig": "ja",
        "beschikking": f"B-{client}",
        "beschikking_datum": "2026-09-03",
        "machtiging_datum": "2026-09-04",
        "iban": "",
        "taal": "",
    }
    return ";".join((fields | changes).values())


@dataclass
class Said:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass
class Office:
    """Five people around one set of books; `today` moves as the story goes."""

    url: str
    folder: Path
    today: str = "2026-11-18"
    config: Path | None = None
    written: int = field(default=0)
    beginnings: Beginnings | None = field(default=None, kw_only=True)  # only until it does something of its own

    def __call__(self, who: str, *words: str) -> Said:
        self.beginnings = None
        place = ["--database", self.url, "--as", who, "--today", self.today]
        if self.config is not None:
            place += ["--config", str(self.config)]
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = run([*place, *words])
        return Said(code, out.getvalue(), err.getvalue())

    def do(self, who: str, *words: str) -> Said:
        """Run a command that must succeed."""
        said = self(who, *words)
        if said.code != 0:
            sys.stderr.write(said.err)
        assert said.code == 0, f"{' '.join(words)}: {said.code}: {said.err}"
        return said

    def begin(self, story: Story, *words: str, **changes: object) -> None:
        """Play what many tests begin with: for staffed books in which nothing happened yet, only once in a process."""
        beginnings, self.beginnings = self.beginnings, None
        if beginnings is None:
            story(self, *words, **changes)
        else:
            beginnings.play(self, story, *words, **changes)

    def file(self, name: str, *lines: str) -> str:
        """Write an input file with a name of its own."""
        self.written += 1
        path = self.folder / f"{self.written:03d}" / name
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    def hire(self) -> "Office":
        """Give every role to a person of its own."""
        self.do("chef", "staff", "add", "chef", "--role", "beheer")
        for user, role in (
            ("anna", "administratie"),
            ("bram", "finance"),
            ("carla", "fiatteur"),
            ("rosa", "regievoerder"),
            ("dirk", "consulent"),
            ("inge", "inzage"),
        ):
            self.do("chef", "staff", "add", user, "--role", role)
        return self

    def creditors(self, *lines: str, confirm: bool = True) -> None:
        lines = lines or tuple(CREDITORS.values())
        self.do("anna", "import", "creditors", self.file("creditors.csv", CREDITOR_COLUMNS, *lines))
        if confirm:
            self.do("bram", "creditor", "confirm", *(line.split(";")[0] for line in lines), "--how", "teruggebeld")

    def clients(self, *lines: str, first: str | None = None) -> Said:
        more = ["--from", first] if first else []
        return self.do("anna", "import", "clients", self.file("clients.csv", CLIENT_COLUMNS, *lines), *more)

    def obligations(self, *lines: str, first: str | None = None) -> Said:
        more = ["--from", first] if first else []
        return self.do("anna", "import", "obligations", self.file("obligations.csv", OBLIGATION_COLUMNS, *lines), *more)

    def benefits(self, *lines: str) -> Said:
        return self.do("anna", "import", "benefits", self.file("benefits.csv", BENEFIT_COLUMNS, *lines))

    def status(self, month: str = "2026-11", gemeente: str = "assen") -> dict[str, Any]:
        """One gemeente of `status --json`."""
        document = self.do("inge", "--json", "status", month).document
        found: dict[str, Any] = next(g for g in document["gemeenten"] if g["gemeente"] == gemeente)
        return found

    def files(self, month: str = "2026-11") -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.do("inge", "--json", "files", month).document
        return listed

    def digest(self) -> str:
        found: str = self.do("inge", "--json", "check").document["digest"]
        return found

    def approve_and_release(self, month: str = "2026-11") -> list[Path]:
        """Bring every file of a month to the bank."""
        for file in self.files(month):
            euros, cents = divmod(file["control_sum_cents"], 100)
            self.do("carla", "approve", file["file_id"], "--total", f"{euros},{cents:02d}")
            self.do("bram", "release", file["file_id"], "--out", str(self.folder / "bank"))
        return sorted((self.folder / "bank").glob("*.xml"))


def ordinary_month(office: Office) -> None:
    """Two clients in Assen and one in Tynaarlo with rent, energy and insurance, up to imported benefits."""
    office.begin(_an_ordinary_month)


def _an_ordinary_month(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"), client_line("0010002"), client_line("0020001", gemeente="tynaarlo"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;maand",
        "VL-3;0010002;WONEN;huur;612,34;C-78;2026-10;;",
        "VL-4;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
        "VL-5;0020001;WONEN;huur;700,00;C-79;2026-10;;",
    )
    office.benefits(
        "U-1;0010001;2026-11;regulier;1.331,43;",
        "U-2;0010002;2026-11;regulier;1331,43;nee",
        "U-3;0020001;2026-11;regulier;1.331,43;nee",
    )
