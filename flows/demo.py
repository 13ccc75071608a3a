"""A whole invented month, told by running the very commands that an office would type."""

import json
import shlex
import shutil
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from flows import demo_data
from flows.console import Call
from ledgers.errors import ProofFailed, Refused
from payments.money import format_amount

MONTH = "2026-11"
TODAY = "2026-11-18"
MARK = ".ontzorgen-demo"  # only a folder with this file in it is ever emptied


@dataclass(frozen=True, slots=True)
class _Office:
    """The demo's folder and its invented staff."""

    out: Path
    config: Path | None
    console: Console

    def command(self, who: str, *words: str, expected: int = 0) -> str:
        """Run one command as one person, show both, and insist on the exit code the story expects."""
        shown = shlex.join(words).replace(f"{self.out}/", "")
        self.console.print(Text(f"  {who}$ ontzorgen {shown}", style="bold cyan"))
        said = self._run(who, words, expected)
        for line in said.splitlines():
            self.console.print(Text(f"    {line}"), soft_wrap=True)
        return said

    def ask(self, *words: str) -> str:
        """Run one reading command for its --json answer, without showing it."""
        return self._run("anna", ("--json", *words), 0, messages=False)

    def _run(self, who: str, words: Sequence[str], expected: int, *, messages: bool = True) -> str:
        from flows.cli import run  # the program itself: it imports this module when asked for the demo

        place = ["--database", f"sqlite:///{self.out / 'ontzorgen.db'}", "--today", TODAY, "--as", who]
        if self.config is not None:
            place += ["--config", str(self.config)]
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said if messages else StringIO()):
            code = run([*place, *words])
        if code != expected:
            raise ProofFailed(f"The demo expected exit code {expected} of `{' '.join(words)}` and got {code}.")
        return said.getvalue()


def run_demo(out: Path, call: Call) -> None:
    """Run the demo month in a folder of its own; a folder that no demo made is left alone."""
    _empty(out)
    console = Console(highlight=False, stderr=call.as_json, width=110)
    office = _Office(out, call.config, console)
    console.print(Rule(f"Financieel ontzorgen: the month {MONTH} of three gemeenten, all people invented"))
    _registers(office)
    _plan(office)
    _approve_and_release(office)
    document = json.loads(office.ask("status", MONTH))
    _summary(office, document)
    if call.as_json:
        call.answer(document, "")


def _empty(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Refused(f"{out} is not empty and was not made by a demo: choose another folder with --out.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).write_text("made by `ontzorgen demo`; the next demo empties this folder\n")


def _registers(office: _Office) -> None:
    office.console.print(Rule("1. The office: books, staff, registers"))
    office.command("beheer", "init")
    office.command("beheer", "staff", "add", "beheer", "--role", "beheer")
    for user, role in (("anna", "administratie"), ("bram", "finance"), ("carla", "fiatteur"), ("dirk", "consulent")):
        office.command("beheer", "staff", "add", user, "--role", role)
    paths = {path.name.split("-")[0].removesuffix(".csv"): path
             for path in demo_data.write_demo_input(office.out / "input", MONTH)}  # fmt: skip
    for kind in ("creditors", "clients", "obligations"):
        office.command("anna", "import", kind, str(paths[kind]))
    codes = [code for code in demo_data.CREDITORS if code != demo_data.UNCONFIRMED_CREDITOR]
    office.console.print("  Who entered an IBAN may not confirm it; a second person called each creditor back:")
    office.command("anna", "creditor", "confirm", codes[0], "--how", "gebeld", expected=1)
    office.command("bram", "creditor", "confirm", *codes, "--how", "teruggebeld op het bekende nummer")
    office.command("dirk", "ground", "add", demo_data.ART_57_CLIENT, "--ground", "ART_57", "--from", f"{MONTH}-01",
                   "--until", "2027-04-30", "--decision", "B-57-2026-114")  # fmt: skip
    office.command("dirk", "hold", demo_data.ON_HOLD_CLIENT, "--why", "machtiging wordt nagekeken")


def _plan(office: _Office) -> None:
    office.console.print(Rule("2. The month: benefit records in, plan and payment files out"))
    benefits = str(office.out / "input" / f"benefits-{MONTH}.csv")
    office.command("bram", "run", MONTH, "--benefits", benefits)
    office.console.print("  Started again by accident, it answers and changes nothing:")
    office.command("bram", "run", MONTH)
    office.command("bram", "status", MONTH)


def _approve_and_release(office: _Office) -> None:
    office.console.print(Rule("3. Four eyes, on the hash, with the total typed; then the bank's folder"))
    files = json.loads(office.ask("files", MONTH))
    first = files[0]
    office.command("carla", "approve", first["file_id"], "--total", format_amount(first["control_sum_cents"] * 100),
                   expected=1)  # fmt: skip
    for file in files:
        sheet = office.out / "sheets" / f"{file['file_id']}.txt"
        office.command("carla", "sheet", file["file_id"], "--out", str(sheet))
        office.command("carla", "approve", file["file_id"], "--total", format_amount(file["control_sum_cents"]))
        office.command("bram", "release", file["file_id"], "--out", str(office.out / "bank"))
    office.command("bram", "export", "remainders", MONTH, "--out", str(office.out / f"remainders-{MONTH}.csv"))
    office.command("bram", "check")
    office.command("bram", "audit", "verify")


def _summary(office: _Office, status: dict[str, list[dict[str, list[dict[str, str]]]]]) -> None:
    console = office.console
    console.print(Rule("What stands out, in one line each"))
    outcome: dict[str, str] = {}
    for gemeente in status["gemeenten"]:
        for item in gemeente["shortfalls"]:
            outcome[item["client"]] = f"shortfall {item['obligation']}"
        for held in gemeente["held"]:
            outcome[held["client"]] = held["reason"]
    for client, story in demo_data.STORIES.items():
        console.print(Text(f"  {client}  {outcome.get(client, 'paid'):<22} {story}"), soft_wrap=True)
    console.print(Rule("Where everything lies"))
    for name, what in (
        ("input", "the registers and benefit records that were read"),
        ("bank", "the released payment files (pain.001.001.09)"),
        ("sheets", "the approval sheets"),
        (f"remainders-{MONTH}.csv", "what the benefits office pays to each client"),
        ("ontzorgen.db", "the books"),
    ):
        console.print(Text(f"  {office.out / name}: {what}"), soft_wrap=True)
