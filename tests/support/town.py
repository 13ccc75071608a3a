"""A town for tests: many lives in one set of books, month by month, through the real commands and a simulated bank.

A life is a generator: it acts through the commands, yields the month it wants played (`yield "2026-11"`: it goes on
when the bank has answered) or the day it waits for (`yield "2026-12-05"`), and asserts with dates and euros. What the
creditors received is asked of the bank, which reads our files with code of its own, not of our books.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from flows.rehearsal.bank import FakeBank
from flows.rehearsal.bank_booking import Fates, verdicts_on
from flows.rehearsal.bank_model import Happening, Movement, StatementLine
from flows.rehearsal.bank_reader import read_instruction
from payments.month import add_months, index
from payments.pain001.orders import end_to_end_id
from support.story import BENEFIT_COLUMNS, CREDITOR_COLUMNS, Office, Said, client_line

Life = Generator[str, None, None]
Story = Callable[["Town"], Life]

FIRST_DAY = "2026-09-01"
RUN_DAY, BANK_DAY = "18", "28"
ACCOUNTS = {
    "assen": "NL11BNGH0285012346",
    "aa-en-hunze": "NL77RABO0150046029",
    "tynaarlo": "NL95ABNA0601230458",
}
LETTERS = {"huur": "H", "energie": "E", "water": "W", "zorgverzekering": "Z", "overig": "O"}
STEP = {"": 1, "maand": 1, "kwartaal": 3}
BASICS = (
    "own_account",
    "digid",
    "pay_rent",
    "pay_energy",
    "pay_water",
    "pay_insurance",
    "toeslagen",
    "no_arrears",
    "budget",
    "help_point",
)
BEHAVIOUR = (
    "pays_on_time",
    "recognises_income",
    "reports_changes",
    "keeps_post",
    "knows_due_dates",
    "checks_account",
    "must_before_may",
    "reserves",
    "asks_help",
    "course",
)


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def months(first: str, last: str, step: int = 1) -> list[str]:
    """Every month from the first up to and including the last."""
    return [add_months(first, n) for n in range(0, index(last) - index(first) + 1, step)]


class _AtOnce(random.Random):
    """No chance: what can come sooner or later comes at once."""

    def randint(self, a: int, b: int) -> int:  # noqa: ARG002 - the latest day is not looked at
        return a


class TownBank(FakeBank):
    """The simulated bank, where a life says what becomes of its payments instead of chance."""

    def take(self, content: bytes, rejected: Mapping[str, str], returned: Mapping[str, str]) -> None:
        """Carry a payment file out; what comes back comes on the next bank day."""
        instruction, chance = read_instruction(content), _AtOnce(1)
        assert instruction.debtor_iban == self.account_iban
        assert instruction.message_id not in self.state.messages.values()
        self.state.messages[sha256(content).hexdigest()] = instruction.message_id
        names = {transfer.end_to_end_id for transfer in instruction.transfers}
        fates = Fates(
            {name: why for name, why in rejected.items() if name in names},
            {name: why for name, why in returned.items() if name in names},
            frozenset(),
        )
        days = [self._open_day(max(block.execution_date, instruction.created_on)) for block in instruction.blocks]
        self._send_verdicts(instruction, min(days), fates, verdicts_on(chance, instruction, fates, self.habits))
        self._book(chance, instruction, days, fates, None)

    def credit(self, day: date, cents: int, name: str, iban: str, text: str) -> None:
        """Money that somebody else sends."""
        day = self._open_day(day)
        line = StatementLine(cents, "Dbtr", name, iban, text)
        told = Happening("refund", None, cents, day)
        self._movements.append(Movement(day, cents, ("PMNT", "RCDT", "ESCT"), f"C{day}", None, (line,), None, (told,)))


@dataclass
class Town:
    """One office, three gemeenten, everybody's register lines and benefits, and what the lives asked of the bank."""

    office: Office
    broken: dict[str, BaseException] = field(default_factory=dict)  # story -> why its life failed
    wrong: list[str] = field(default_factory=list)  # what a month's proof found
    closed: dict[str, Said] = field(default_factory=dict)  # month -> what `close` said
    net: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # client -> (component, cents) of each month
    once: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)  # (client, month): instead
    suspended: set[tuple[str, str]] = field(default_factory=set)  # (client, month)
    proven: dict[str, list[str]] = field(default_factory=dict)  # cost -> the covered months that its story expects
    costs: dict[str, str] = field(default_factory=dict)  # cost -> how often it falls due
    played: set[str] = field(default_factory=set)  # office days
    _registers: dict[tuple[str, str | None], list[str]] = field(default_factory=lambda: defaultdict(list))
    _rejected: dict[str, str] = field(default_factory=dict)
    _returned: dict[str, str] = field(default_factory=dict)
    _refunds: dict[tuple[str, str], int] = field(default_factory=dict)
    _at_bank: set[Path] = field(default_factory=set)
    _status: dict[str, dict[str, Any]] = field(default_factory=dict)
    banks: dict[str, TownBank] = field(
        default_factory=lambda: {code: TownBank(iban, 50_000_000, 1) for code, iban in ACCOUNTS.items()}
    )

    # --- the calendar -----------------------------------------------------------------------------------------------

    def play(self, stories: Iterable[Story]) -> None:
        """Play every life to its end, all in step; a life that fails is kept and the others go on."""
        self.office.today = FIRST_DAY
        self.office.creditors()
        self.office.do("chef", "staff", "add", "noor", "--role", "regievoerder", "--role", "consulent")
        waiting = [(FIRST_DAY, story.__name__, story(self)) for story in stories]
        while waiting:
            day = min(when for when, _, _ in waiting)
            self._until(day)
            later = [item for item in waiting if item[0] != day]
            for when, name, life in waiting:
                if when == day:
                    later += self._live_on(name, life)
            waiting = later
            self.bring_in()
            self.release()  # what was planned today goes out before its day is over
        last = max(self.played)[:7]
        for month in (last, add_months(last, 1)):
            self._until(f"{month}-{BANK_DAY}")
        self._close(add_months(last, 1))

    def _live_on(self, name: str, life: Life) -> list[tuple[str, str, Life]]:
        try:
            wish = next(life)
        except StopIteration:
            return []
        except Exception as failure:  # noqa: BLE001 - told by the test of this life
            self.broken[name] = failure
            return []
        return [(wish if len(wish) == 10 else f"{wish}-{BANK_DAY}", name, life)]

    def _until(self, day: str) -> None:
        """Let the office do its work of every month up to this day."""
        for month in months(FIRST_DAY[:7], day[:7]):
            for number, work in ((RUN_DAY, self._run), (BANK_DAY, self._hear)):
                office_day = f"{month}-{number}"
                if office_day <= day and office_day not in self.played:
                    self.office.today = office_day
                    work(month)
                    self.played.add(office_day)
        self.office.today = day

    def _run(self, month: str) -> None:
        """Everybody's benefit of the month, the plan, four eyes, the files to the bank's folder."""
        lines = []
        for client in sorted({*self.net, *(c for c, m in self.once if m == month)}):
            for component, cents in self.once.get((client, month), self.net.get(client, [])):
                held = "ja" if (client, month) in self.suspended else "nee"
                lines.append(f"U-{month}-{client}-{component[0]};{client};{month};{component};{euros(cents)};{held}")
        file = self.office.file(f"benefits-{month}.csv", BENEFIT_COLUMNS, *lines)
        self.office.do("bram", "run", month, "--benefits", file)
        self.release()

    def release(self) -> None:
        """Approve and release every file that waits; the total is typed from the list of files."""
        for file in self.office.do("inge", "--json", "files").document:
            if file["state"] == "generated":
                total = euros(file["control_sum_cents"])
                self.office.do("carla", "approve", file["file_id"], "--total", total)
                self.office.do("bram", "release", file["file_id"], "--out", str(self.office.folder / "bank"))

    def _hear(self, month: str) -> None:
        """The bank answers; books proven, remainders listed, and the month before closed."""
        self.release()
        today = date.fromisoformat(self.office.today)
        for path in sorted(set((self.office.folder / "bank").glob("*.xml")) - self._at_bank):
            code = next(code for code in self.banks if path.name.startswith(f"{code.upper()}-"))
            self.banks[code].take(path.read_bytes(), self._rejected, self._returned)
            self._at_bank.add(path)
        told = [(bank, answer) for bank in self.banks.values() for answer in bank.answers(today)]
        paths = []
        for _, answer in told:
            path = self.office.folder / "answers" / answer.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(answer.content)
            paths.append(str(path))
        if paths:
            self.office.do("bram", "reconcile", *paths)
        for listed in (month, add_months(month, -1)):
            self._list_remainders(listed)
        self._prove(month)
        self._close(add_months(month, -1))

    def _list_remainders(self, month: str) -> None:
        """Tell the benefits office what to pay; a closed month's list says nothing new."""
        if month < FIRST_DAY[:7]:
            return
        path = self.office.folder / f"remainders-{month}-{self.office.today}.csv"
        self.office.do("bram", "export", "remainders", month, "--out", str(path))
        for line in path.read_text("utf-8").splitlines()[1:]:
            fields = line.split(";")
            self._refunds[fields[1], month] = int(fields[6].replace(",", "").replace(".", ""))

    def refunded(self, client: str) -> int:
        """What the benefits office was told to pay a client besides the remainder (teruggave)."""
        return sum(cents for (who, _), cents in self._refunds.items() if who == client)

    def _prove(self, month: str) -> None:
        """Books in themselves, audit trail, and bank beside books; what is wrong is kept for the test of the books."""
        checked = self.office("inge", "check")
        if checked.code:
            self.wrong.append(f"{month}: {checked.err}")
        document = self.office.do("inge", "--json", "status", month).document
        self._status[month] = document
        proof = document["proof"]
        banks = sum(bank.balance_cents for bank in self.banks.values() if bank.state.statements)
        facts = {
            "bank and books differ": proof["difference_cents"] != 0,
            "the bank has another balance": proof["bank_cents"] != banks,
            "something is still in transit": proof["in_transit_cents"] != 0,
        }
        for gemeente in document["gemeenten"]:
            states = {file["state"] for file in gemeente["files"]}
            name, total = gemeente["gemeente"], gemeente["withheld_cents"] + gemeente["remainder_cents"]
            facts[f"{name}: benefit is not withheld + remainder"] = gemeente["benefit_cents"] != total
            facts[f"{name}: files are {states}"] = not states <= {"accepted", "partly_rejected"}
        self.wrong += [f"{month}: {what}" for what, is_so in facts.items() if is_so]

    def _close(self, month: str) -> None:
        if month >= FIRST_DAY[:7]:
            self.closed[month] = self.office("bram", "close", month)

    # --- the registers: brought in together at the end of the day on which lives asked ------------------------------

    def client(self, client: str, *, first: str | None = None, **changes: str) -> None:
        self._registers["clients", first].append(client_line(client, **changes))

    def cost(
        self,
        client: str,
        kind: str,
        cents: int,
        vanaf: str,
        *,
        tot: str = "",
        every: str = "",
        creditor: str = "",
        code: str = "",
        first: str | None = None,
    ) -> str:
        """One fixed cost of a client; returns its code."""
        code = code or f"{client}-{LETTERS[kind]}"
        creditor = creditor or {"huur": "WONEN", "energie": "STROOM", "water": "WATER", "zorgverzekering": "ZORG"}[kind]
        line = f"{code};{client};{creditor};{kind};{euros(cents)};{client};{vanaf};{tot};{every}"
        self._registers["obligations", first].append(line)
        self.costs[code] = every
        return code

    def moves_in(
        self,
        client: str,
        net: int,
        *,
        rent: int = 650_00,
        energy: int = 120_50,
        water: int = 15_00,
        insurance: int = 158_95,
        vanaf: str = "2026-10",
        **changes: str,
    ) -> None:
        """A client with four ordinary fixed costs (EUR 944,45) and a benefit; 0 leaves a cost out."""
        self.client(client, **changes)
        for kind, cents in (("huur", rent), ("energie", energy), ("water", water), ("zorgverzekering", insurance)):
            if cents:
                self.cost(client, kind, cents, vanaf)
        self.gets(client, net)

    def creditor(self, code: str, kind: str, iban: str, *, first: str | None = None, confirm: bool = True) -> None:
        """A creditor of one life's own, brought in at once."""
        line = f"{code};Verhuur {code.title()} B.V.;{iban};{kind};"
        more = ["--from", first] if first else []
        self.office.do("anna", "import", "creditors", self.office.file("c.csv", CREDITOR_COLUMNS, line), *more)
        if confirm:
            self.office.do("bram", "creditor", "confirm", code, "--how", "teruggebeld op het bekende nummer")

    def gets(self, client: str, cents: int, *, top_up: int = 0, month: str = "") -> None:
        """The benefit of every month from now on, or of one month; 0: no line at all."""
        lines = [(name, amount) for name, amount in (("regulier", cents), ("aanvulling", top_up)) if amount]
        if month:
            self.once[client, month] = lines
        else:
            self.net[client] = lines

    def bring_in(self) -> None:
        """Import what the lives asked for today: clients before their obligations."""
        for (kind, first), lines in sorted(self._registers.items(), key=lambda item: (item[0][0], item[0][1] or "")):
            bring = self.office.clients if kind == "clients" else self.office.obligations
            bring(*lines, first=first)
        self._registers.clear()

    # --- the bank ---------------------------------------------------------------------------------------------------

    def bank_returns(self, code: str, covers: str, reason: str = "MS03", attempt: int = 1) -> str:
        """Have the bank pay this one back after it was booked; returns the id of the exception to come."""
        name = end_to_end_id(code, covers, attempt)
        self._returned[name] = reason
        return f"X-{name}-returned"

    def bank_refuses(self, code: str, covers: str, reason: str = "MS03", attempt: int = 1) -> str:
        """Have the bank refuse this one; returns the id of the exception to come."""
        name = end_to_end_id(code, covers, attempt)
        self._rejected[name] = reason
        return f"X-{name}-rejected"

    def received(self, code: str) -> list[str]:
        """The covered months that the creditor received and kept, by the bank's own record: a double shows twice."""
        found: list[str] = []
        told = [happening for bank in self.banks.values() for happening in bank.truth if happening.end_to_end_id]
        for kind in ("booked", "returned"):
            for happening in told:
                covers, _, cost = str(happening.end_to_end_id).split("-", 2)
                if (happening.kind, cost) == (kind, code):
                    month = f"{covers[:4]}-{covers[4:]}"
                    (found.append if kind == "booked" else found.remove)(month)
        return sorted(found)

    def row(
        self, code: str, first: str, last: str, *, own: bool = False, gaps: Mapping[str, str] | None = None
    ) -> None:
        """Prove that we paid each covered month of a cost once, from the first up to the last; none, with last < first.

        `own`: the client pays from the very next month on. `gaps`: months that we did not pay, each with the reason.
        """
        client, letters = code.split("-")
        self.rows(client, first, last, [letters], own=own, gaps=gaps)

    def rows(
        self,
        client: str,
        first: str,
        last: str,
        letters: Iterable[str] = "HEWZ",
        *,
        own: bool = False,
        gaps: Mapping[str, str] | None = None,
    ) -> None:
        """Prove several costs of one client that were paid over the same months."""
        gaps = gaps or {}
        assert all(first <= month <= last and why for month, why in gaps.items())
        found = {cost["obligation"]: cost for cost in self.dossier(client)["obligations"]}
        for code in (f"{client}-{letter}" for letter in letters):
            step = STEP[self.costs[code]]
            expected = [month for month in months(first, last, step) if month not in gaps]
            assert self.received(code) == expected
            assert found[code]["last_covered"] == (add_months(last, step - 1) if expected else None)
            assert found[code]["first_own"] == (add_months(last, step) if own else None)
            self.proven[code] = expected

    # --- what people see and say ------------------------------------------------------------------------------------

    def do(self, who: str, *words: str) -> Said:
        return self.office.do(who, *words)

    def refused(self, who: str, *words: str, code: int = 1) -> str:
        """A command that must be refused, with its message."""
        said = self.office(who, *words)
        assert said.code == code, f"{' '.join(words)}: {said.code}: {said.out}{said.err}"
        assert "Traceback" not in said.err
        return said.err

    def pays(self, gemeente: str, client: str, month: str) -> bool:
        """Whether this gemeente counted the client's benefit of the month."""
        found = next(g for g in self._status[month]["gemeenten"] if g["gemeente"] == gemeente)
        return any(item["client"] == client for item in found["remainders"])

    def month(self, client: str, month: str) -> tuple[int, int] | str:
        """(withheld, remainder) of a client in cents, or the reason why nothing was paid; as the month stood on the
        day of the bank."""
        for gemeente in self._status[month]["gemeenten"]:
            for item in gemeente["remainders"]:
                if item["client"] == client:
                    return item["withheld_cents"], item["remainder_cents"]
            for item in gemeente["held"]:
                if item["client"] == client and item["obligation"] is None:
                    return str(item["reason"])
        return "unknown"

    def not_paid(self, client: str, month: str) -> dict[str, str]:
        """The costs of a client that were not paid in a month: what holds them, or `shortage`."""
        found: dict[str, str] = {}
        for gemeente in self._status[month]["gemeenten"]:
            found |= {h["obligation"]: h["reason"] for h in gemeente["held"] if h["client"] == client}
            found |= {s["obligation"]: "shortage" for s in gemeente["shortfalls"] if s["client"] == client}
        return found

    def dossier(self, client: str) -> dict[str, Any]:
        found: dict[str, Any] = self.do("rosa", "--json", "dossier", client).document
        return found

    def worklist(self, client: str) -> list[str]:
        """The kinds of work that wait for one client today."""
        found = self.do("rosa", "--json", "worklist").document
        return sorted({item["kind"] for item in found if item["client"] == client})

    def assess(self, client: str, *, waive: str = "", **changes: bool | int) -> dict[str, Any]:
        """Rosa's assessment of today: everything in order, but for these."""
        answers: dict[str, dict[str, Any]] = {code: {"met": True} for code in BASICS}
        answers |= {code: {"score": 2} for code in BEHAVIOUR}
        answers |= {code: {"met" if isinstance(v, bool) else "score": v} for code, v in changes.items()}
        told = {code: answer | {"evidence": "besproken aan de keukentafel"} for code, answer in answers.items()}
        said: dict[str, Any] = {"assessed_on": self.office.today, "answers": told}
        if waive:
            said["waive_proof"] = waive
        file = self.office.file("answers.json", json.dumps(said))
        found: dict[str, Any] = self.do("rosa", "--json", "assess", client, "--file", file).document
        return found

    def hand_over(self, code: str, first_own: str, method: str = "incasso", why: str = "") -> None:
        self.do("rosa", "handover", code, "--first-own-month", first_own, "--method", method, "--why", why)

    def lets_go(self, client: str, first_own: str, letters: str = "HEWZ") -> None:
        """Hand several costs over from the same month."""
        for letter in letters:
            self.hand_over(f"{client}-{letter}", first_own)

    def paid_alone(self, code: str, *covers: str) -> None:
        """What the regievoerder saw of the client's own payments."""
        for month in covers:
            self.do("rosa", "handover", "proof", code, month, "--paid", "ja")

    def missing(self, client: str, end: str) -> list[str]:
        """What an ordinary end on that day is refused for; the dossier says the same when it is about today."""
        said = self.office("rosa", "--json", "end", "propose", client, "--date", end)
        assert said.code == 1, f"an end of {client} on {end} was not refused: {said.out}{said.err}"
        found: list[str] = said.document["missing"]
        return found

    def ends(self, client: str, end: str, *reason: str) -> None:
        """Rosa proposes, Dirk confirms."""
        self.do("rosa", "end", "propose", client, "--date", end, *reason)
        self.do("dirk", "end", "confirm", client)
        assert self.dossier(client)["state"] == "ended"

    def stands(self, client: str, state: str, months_paid: int) -> None:
        """How the dossier of a client stands at last; of what we held nothing is left."""
        found = self.dossier(client)
        assert (found["state"], found["months_paid"], found["ledger_cents"]) == (state, months_paid, 0)
