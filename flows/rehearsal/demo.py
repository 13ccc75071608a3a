"""A whole invented month, told by running the very commands that an office would type."""

import json
import shlex
import shutil
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from flows.rehearsal import demo_data
from ledgers.errors import ProofFailed, Refused
from payments.money import format_amount

MONTH = "2026-11"
PREPARED, ANSWERED, RESUBMITTED, CLOSED = "2026-11-18", "2026-12-07", "2026-12-09", "2026-12-18"  # the story's days
MARK = ".ontzorgen-demo"  # only a folder with this file in it is ever emptied


@dataclass(slots=True)
class _Office:
    """The demo's folder and its invented staff; `today` moves with the story."""

    out: Path
    config: Path | None
    console: Console
    run: Callable[[list[str]], int]
    today: str = PREPARED

    def command(self, who: str, *words: str, expected: int = 0) -> str:
        """Run one command as one person, show both, and insist on the exit code the story expects."""
        shown = " ".join(word if "*" in word else shlex.quote(word) for word in _with_wildcards(words))
        shown = shown.replace(f"{self.out}/", "")
        self.console.print(Text(f"  {who}$ ontzorgen {shown}", style="bold cyan"))
        said = self._run(who, words, expected)
        for line in said.splitlines():
            self.console.print(Text(f"    {line}"), soft_wrap=True)
        return said

    def ask(self, *words: str) -> str:
        """Run one reading command for its --json answer, without showing it."""
        return self._run("anna", ("--json", *words), 0, messages=False)

    def _run(self, who: str, words: Sequence[str], expected: int, *, messages: bool = True) -> str:
        place = ["--database", f"sqlite:///{self.out / 'ontzorgen.db'}", "--today", self.today, "--as", who]
        if self.config is not None:
            place += ["--config", str(self.config)]
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said if messages else StringIO()):
            code = self.run([*place, *words])
        if code != expected:
            raise ProofFailed(f"The demo expected exit code {expected} of `{' '.join(words)}` and got {code}.")
        return said.getvalue()


def _with_wildcards(words: Sequence[str]) -> list[str]:
    """Several files of one folder as somebody would type them."""
    shown: list[str] = []
    many = sum(word.endswith(".xml") for word in words) > 1
    for word in words:
        text = f"{Path(word).parent}/*.xml" if many and word.endswith(".xml") else word
        if text not in shown[-1:]:
            shown.append(text)
    return shown


def run_demo(out: Path, config: Path | None, run: Callable[[list[str]], int], *, quiet: bool) -> dict[str, Any]:
    """Run the demo month in a folder of its own, through `run`, the program itself; answers the month's status.

    A folder that no demo made is left alone. With `quiet` the story goes to standard error.
    """
    _empty(out)
    console = Console(highlight=False, stderr=quiet, width=110)
    office = _Office(out, config, console, run)
    console.print(Rule(f"Financieel ontzorgen: the month {MONTH} of three gemeenten, all people invented"))
    _registers(office)
    _plan(office)
    _approve_and_release(office)
    _bank_answers(office)
    _settle(office)
    _close(office)
    document: dict[str, Any] = json.loads(office.ask("status", MONTH))
    _summary(office, document)
    return document


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
    paths = {
        path.name.split("-")[0].removesuffix(".csv"): path
        for path in demo_data.write_demo_input(office.out / "input", MONTH)
    }
    for kind in ("creditors", "clients", "obligations"):
        office.command("anna", "import", kind, str(paths[kind]))
    codes = [code for code in demo_data.CREDITORS if code != demo_data.UNCONFIRMED_CREDITOR]
    office.console.print("  Who entered an IBAN may not confirm it; a second person called each creditor back:")
    office.command("anna", "creditor", "confirm", codes[0], "--how", "gebeld", expected=1)
    office.command("bram", "creditor", "confirm", *codes, "--how", "teruggebeld op het bekende nummer")
    office.command(
        "dirk",
        "ground",
        "add",
        demo_data.ART_57_CLIENT,
        "--ground",
        "ART_57",
        "--from",
        f"{MONTH}-01",
        "--until",
        "2027-04-30",
        "--decision",
        "B-57-2026-114",
    )
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
    office.command(
        "carla", "approve", first["file_id"], "--total", format_amount(first["control_sum_cents"] * 100), expected=1
    )
    for file in files:
        sheet = office.out / "sheets" / f"{file['file_id']}.pdf"
        office.command("carla", "sheet", file["file_id"], "--out", str(sheet))
        office.command("carla", "approve", file["file_id"], "--total", format_amount(file["control_sum_cents"]))
        office.command("bram", "release", file["file_id"], "--out", str(office.out / "bank"))


def _bank_answers(office: _Office) -> None:
    office.console.print(Rule("4. A simulated bank answers: two refused, three returned, money nobody expects"))
    office.today = ANSWERED
    answers = office.out / "answers"
    released = [str(path) for path in sorted((office.out / "bank").glob("*.xml"))]
    office.command(
        "bram",
        "fake-bank",
        *released,
        "--out",
        str(answers),
        "--seed",
        "3",
        "--rejects",
        "2",
        "--returns",
        "3",
        "--refunds",
        "1",
        "--stray",
        "1",
    )
    office.command("bram", "reconcile", *(str(path) for path in sorted(answers.glob("*.xml"))))
    office.command("bram", "exceptions")
    office.console.print("  A month with something unexplained does not close:")
    office.command("bram", "close", MONTH, expected=5)


def _settle(office: _Office) -> None:
    """Settle each item as an office would; the first payment with nothing wrong at the creditor is paid once more."""
    office.console.print(Rule("5. Each open item settled by a person, with a reason"))
    resubmitted = False
    for item in json.loads(office.ask("exceptions")):
        words: tuple[str, ...]
        if item["kind"] in ("rejected", "returned") and not resubmitted and "onbekend" in item["reason"]:
            resubmitted = True
            words = ("resubmit", "--why", "schuldeiser gebeld: rekening klopt, opnieuw aanbieden")
        elif item["client"]:
            words = ("refund_to_client", "--why", "besproken met de consulent: terug naar de cliënt")
        else:
            words = ("forward", "--why", "is voor belastingen, doorgestuurd")
        office.command("bram", "resolve", item["id"], "--as-what", *words)
    office.today = RESUBMITTED
    office.command("bram", "run", MONTH, "--gemeente", "assen", "--execution-date", RESUBMITTED)
    known = {path.stem for path in (office.out / "bank").glob("*.xml")}
    for file in json.loads(office.ask("files", MONTH)):
        if file["file_id"] not in known:
            office.command("carla", "approve", file["file_id"], "--total", format_amount(file["control_sum_cents"]))
            office.command("bram", "release", file["file_id"], "--out", str(office.out / "bank"))
            path = str(office.out / "bank" / f"{file['file_id']}.xml")
            office.command("bram", "fake-bank", path, "--out", str(office.out / "answers"), "--seed", "3")
    office.console.print("  All answers once more, as a tired person might: what was read is not read again.")
    answers = sorted((office.out / "answers").glob("*.xml"))
    office.command("bram", "reconcile", *(str(path) for path in answers))


def _close(office: _Office) -> None:
    office.console.print(Rule("6. Bank = books, and the month closes"))
    office.today = CLOSED
    office.command("bram", "export", "remainders", MONTH, "--out", str(office.out / f"remainders-{MONTH}.csv"))
    office.command("bram", "status", MONTH)
    office.command("bram", "close", MONTH)
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
        ("answers", "what the bank answered (camt.053 and pain.002)"),
        ("sheets", "the approval sheets"),
        (f"remainders-{MONTH}.csv", "what the benefits office pays to each client"),
        ("ontzorgen.db", "the books"),
    ):
        console.print(Text(f"  {office.out / name}: {what}"), soft_wrap=True)
