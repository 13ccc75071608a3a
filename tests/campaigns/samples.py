"""Valid files to be damaged, and the books that they belong to: one invented month of a small office."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from support.story import Office

from payments.bank.camt_reader import read_camt
from payments.bank.pain002 import read_pain002
from payments.dossier.checklist import Chapter, Checklist, ChecklistItem, ChecklistPart
from payments.intake.registers import read_clients, read_creditors
from payments.parties import Creditor
from payments.problems import InputRefused

TESTS = Path(__file__).resolve().parents[1]
GEMEENTEN = ("assen", "aa-en-hunze", "tynaarlo")
MET = ("own_account", "digid", "pay_rent", "toeslagen", "budget")
SCORED = ("pays_on_time", "keeps_post", "asks_help", "course")


@dataclass(frozen=True, slots=True)
class Samples:
    """Valid files of each kind, what the registers know, and what about people may never be said aloud."""

    tables: dict[str, bytes]
    camt: tuple[bytes, ...]
    pain002: tuple[bytes, ...]
    settings: bytes
    parameters: bytes
    checklist: bytes
    secrets: tuple[str, ...]

    @property
    def creditors(self) -> dict[str, Creditor]:
        return {creditor.creditor: creditor for creditor in read_creditors(self.tables["creditors"], "creditors.csv")}

    @property
    def clients(self) -> tuple[str, ...]:
        read = read_clients(self.tables["clients"], "clients.csv", gemeenten=GEMEENTEN)
        return tuple(client.client for client in read)


CHECKLIST = Checklist(
    version="2026",
    start=date(2026, 1, 1),
    basis="invented",
    review_by=date(2027, 1, 1),
    items=(
        *(ChecklistItem(code, ChecklistPart.BASICS, Chapter.INCOME, code) for code in MET),
        *(
            ChecklistItem(code, ChecklistPart.BEHAVIOUR, Chapter.SELF_RELIANT, code, ("nee", "soms", "ja"))
            for code in SCORED
        ),
    ),
    pass_percent=75,
    never_zero=("pays_on_time", "asks_help"),
    proof_months=2,
)


def open_books(office: Office) -> Samples:
    """Bring a month up to the bank's answers, which are not read yet; keep every file as a sample."""
    folder = office.folder / "samples"
    office.do("chef", "generate", "--clients", "8", "--month", "2026-11", "--seed", "4", "--out", str(folder))
    paths = {path.name.removesuffix("-2026-11.csv").removesuffix(".csv"): path for path in folder.glob("*.csv")}
    tables = {kind: paths[kind].read_bytes() for kind in ("creditors", "clients", "obligations", "benefits")}
    for kind in tables:
        office.do("anna", "import", kind, str(paths[kind]))
    codes = [line.split(";")[0] for line in tables["creditors"].decode().splitlines()[1:]]
    office.do("bram", "creditor", "confirm", *codes, "--how", "teruggebeld")
    office.do("bram", "run", "2026-11")
    answers = []
    for number, habits in enumerate(
        (("--booking", "single"), ("--booking", "batch"), ("--details", "--booking", "batch"))
    ):
        bank = [str(path) for path in office.approve_and_release()]
        words = ["--seed", "3", "--returns", "1", "--rejects", "2", "--out", str(office.folder / f"bank-{number}")]
        answers += office.do("bram", "fake-bank", *bank, *words, *habits).out.split()
    people = [line.split(";") for line in tables["clients"].decode().splitlines()[1:]]
    config = TESTS.parent / "config"
    contents = [Path(answer).read_bytes() for answer in answers]
    others = [path.read_bytes() for path in sorted((TESTS / "bankfiles").glob("*/*.xml"))]
    return Samples(
        tables=tables,
        camt=_read_by(read_camt, [*(c for c in contents if b"camt.053" in c), *others]),
        pain002=_read_by(read_pain002, [*(c for c in contents if b"pain.002" in c), *others]),
        settings=(config / "example.toml").read_bytes(),
        parameters=(config / "parameters.toml").read_bytes(),
        checklist=(config / "checklist.toml").read_bytes(),
        secrets=tuple(cell for person in people for cell in (person[2], person[4], person[12]) if cell),
    )


def _read_by(reader: object, contents: list[bytes]) -> tuple[bytes, ...]:
    good = []
    for content in contents:
        try:
            reader(content, "sample.xml")  # type: ignore[operator]
        except InputRefused:
            continue
        good.append(content)
    return tuple(good)
