"""Whatever an office and its bank do, in whatever order, the books say what a few dictionaries say.

    python tests/campaigns/run.py model --database sqlite --attempts 300 --seed 1

Hypothesis drives the real commands: registers and benefits in any order and again, runs, approvals, releases, the
bank's answers early, late and twice, what people decide about them, holds, hand-overs, ends. The model knows one state
per fixed cost and covered month, and the balance of one account. After every step the books agree with it.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from campaigns.crash import Tally
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import exists, select
from support.by_hand import Bank, Move, refusal
from support.kept_books import Books, new_books
from support.kept_month import two_gemeenten, working_in
from support.plain_model import AMOUNTS, CLIENTS, COSTS, DEAD, END, MONTHS, ON, REGISTERS, Cost, World, file_month
from support.story import BENEFIT_COLUMNS, CREDITORS, Office
from support.warm import open_warm

from ledgers.checks import month_close, self_check
from ledgers.database import reading
from ledgers.journal.posting import balances
from ledgers.month.remainders import handed_over
from ledgers.schema.bank import given_back
from ledgers.schema.core import payments, same_withholding, withholdings
from payments.money import format_plain
from payments.month import Month, add_months

STEPS = 30
SAYS = {
    "planned": "in_file",
    "instructed": "paid",
    "booked": "paid",
    "settled": "paid",
    "reserved": "reserved",
    "returned": "reserved",
    "rejected": "reserved",
}


class Machine(RuleBasedStateMachine):
    """The commands of an office beside the model; `office` and `books` are set for each database."""

    office: Office
    books: Books
    steps: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.books.restore("hired")
        for left in Path("input").glob("*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        shutil.rmtree("bank", ignore_errors=True)  # what left, and the memory of it, belongs to books that are gone
        self.office.written = 0
        self.world = World()
        self.bank = Bank(self.office)
        self.mailbox: list[tuple[str, int, list[tuple[tuple[str, Month], str]]]] = []  # path, closing, what it tells
        self.delivered = 0

    def tell(self, code: int, who: str, *words: str) -> Any:
        """Give a command and expect this answer."""
        said = self.office(who, *words)
        assert said.code == code, f"{' '.join(words)}: exit {said.code}, expected {code}: {said.err}"
        self.steps[words[0]] += 1
        return said

    @initialize(ready=st.sampled_from(["not yet", "registers", "run", "released", "released"]))
    def begin(self, ready: str) -> None:
        """From nothing, or further on: else chance would seldom come as far as the bank."""
        if ready == "not yet":
            return
        for kind in REGISTERS:
            self.register(kind)
        for creditor in CREDITORS:
            self.confirm(creditor, "bram")
        if ready == "registers":
            return
        for client in CLIENTS:
            self.benefit(client, MONTHS[0], 1331_43)
        self.run(MONTHS[0])
        if ready == "released":
            self.to_the_bank(*self.world.files)

    def to_the_bank(self, *files: str) -> None:
        for file in files:
            self._approve(file)
            self._release(file)

    @rule(kind=st.sampled_from([*REGISTERS]))
    def register(self, kind: str) -> None:
        ready = kind != "obligations" or {"creditors", "clients"} <= self.world.registers
        self.tell(0 if ready else 3, "anna", "import", kind, self.office.file(f"{kind}.csv", *REGISTERS[kind]))
        self.world.registers |= {kind} if ready else set()

    @rule(creditor=st.sampled_from([*CREDITORS]), who=st.sampled_from(["anna", "bram"]))
    def confirm(self, creditor: str, who: str) -> None:
        known = "creditors" in self.world.registers
        done = known and (who == "bram" or creditor in self.world.confirmed)
        self.tell(0 if done else 1, who, "creditor", "confirm", creditor, "--how", "teruggebeld")
        self.world.confirmed |= {creditor} if done else set()

    @rule(client=st.sampled_from(CLIENTS), month=st.sampled_from(MONTHS), cents=st.sampled_from(AMOUNTS))
    def benefit(self, client: str, month: Month, cents: int) -> None:
        cents = self.world.benefits.get((client, month), cents)
        line = f"U-{client}-{month};{client};{month};regulier;{format_plain(cents)};"
        known = "clients" in self.world.registers
        self.tell(0 if known else 3, "anna", "import", "benefits", self.office.file("b.csv", BENEFIT_COLUMNS, line))
        if known:
            self.world.benefits[client, month] = cents

    @rule(month=st.sampled_from(MONTHS))
    def run(self, month: Month) -> None:
        paid = self.world.run(month)
        self.tell(0, "bram", "run", month, "--gemeente", "assen", "--execution-date", ON)
        new = [file for file in self.office.files(month) if file["file_id"] not in self.world.files]
        found = [(file["transactions"], file["control_sum_cents"]) for file in new]
        assert found == ([(len(paid), sum(self.world.dues[key].cost.cents for key in paid))] if paid else [])
        for key in paid:
            due = self.world.dues[key]
            due.state, due.file, due.at_bank = "planned", new[0]["file_id"], ""
            self.world.files[due.file] = "generated"

    @precondition(lambda self: self.world.files)
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        self._approve(data.draw(st.sampled_from(sorted(self.world.files))))

    def _approve(self, file: str) -> None:
        total = next(f["control_sum_cents"] for m in MONTHS for f in self.office.files(m) if f["file_id"] == file)
        state = self.world.files[file]
        refused = state == "cancelled" or (state == "generated" and self.world.stale(file))
        self.tell(int(refused), "carla", "approve", file, "--total", format_plain(total))
        self.tell(1, "carla", "approve", file, "--total", format_plain(total * 100))
        if state == "generated" and not refused:
            self.world.files[file] = "approved"

    @precondition(lambda self: self.world.files)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        self._release(data.draw(st.sampled_from(sorted(self.world.files))))

    def _release(self, file: str) -> None:
        state = self.world.files[file]
        ready = state == "released" or (state == "approved" and not self.world.stale(file))
        self.tell(0 if ready else 1, "bram", "release", file, "--out", "bank")
        if ready and state == "approved":
            self.world.files[file] = "released"
            for due in self.world.dues.values():
                if due.file == file and due.state == "planned":
                    due.state = "instructed"

    @precondition(lambda self: self.world.files)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(sorted(self.world.files)))
        late = self.world.files[file] == "released"
        self.tell(int(late), "carla", "cancel", file, "--why", "eerst nakijken")
        if not late:
            self.world.files[file] = "cancelled"
            for key, due in list(self.world.dues.items()):
                if due.file == file:
                    self.world.free(key, file_month(file))

    @rule(data=st.data())
    def bank_books_and_returns(self, data: st.DataObject) -> None:
        asked = [key for key, d in self.world.dues.items() if d.state == "instructed" and not d.at_bank]
        booked = [key for key, d in self.world.dues.items() if d.at_bank == "booked"]
        told = [(key, "booked") for key in asked if data.draw(st.booleans())]
        told += [(key, "returned") for key in booked if data.draw(st.booleans())]
        moves = []
        for key, what in told:
            due = self.world.dues[key]
            due.at_bank = what
            sign, reason = (-1, "") if what == "booked" else (1, "MS03")
            moves.append(Move(sign * due.cost.cents, due.payment(key[1]), reason=reason))
        day = f"2027-01-{1 + len(self.mailbox):02d}"
        self.mailbox.append((self.bank.says(day, *moves), self.bank.balance, told))

    @rule()
    def bank_refuses(self) -> None:
        asked = [key for key, d in self.world.dues.items() if d.state == "instructed" and not d.at_bank]
        for key in asked[:1]:
            due = self.world.dues[key]
            path = Path(refusal(self.office, due.payment(key[1])))
            path.write_text(path.read_text().replace("ASSEN-202611-01-001", due.file))
            self.tell(0, "bram", "reconcile", str(path))
            self.tell(0, "bram", "reconcile", str(path))
            due.state, due.at_bank = "rejected", "rejected"

    @precondition(lambda self: self.mailbox)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """One statement: the next, one that came before, or one too early."""
        number = data.draw(st.integers(0, len(self.mailbox) - 1))
        path, _, _ = self.mailbox[number]
        # The first statement ever read is where the chain begins, whichever it is: the office reads the oldest first.
        number = number if self.delivered else 0
        if number > self.delivered:
            # Between two equal balances only the bank's numbering could tell that a statement is missing.
            if self.mailbox[number - 1][1] != self.world.balance:
                assert "read those first" in self.tell(1, "bram", "reconcile", path).err
            return
        self.tell(0, "bram", "reconcile", self.mailbox[number][0])
        if number == self.delivered:
            self._taken()

    @precondition(lambda self: len(self.mailbox) > self.delivered)
    @rule()
    def deliver_all_backwards(self) -> None:
        self.tell(0, "bram", "reconcile", *(path for path, _, _ in reversed(self.mailbox)))
        while self.delivered < len(self.mailbox):
            self._taken()

    def _taken(self) -> None:
        _, self.world.balance, told = self.mailbox[self.delivered]
        self.delivered += 1
        for key, what in told:
            self.world.dues[key].state = what

    @rule(data=st.data(), how=st.sampled_from(["resubmit", "refund_to_client"]))
    def resolve(self, data: st.DataObject, how: str) -> None:
        for key, due in self.world.dues.items():
            if due.state in ("returned", "rejected") and data.draw(st.booleans()):
                item = f"X-{due.payment(key[1])}-{due.state}"
                words = ("resolve", item, "--as-what", how, "--why", "gebeld")
                self.tell(0, "bram", *words)
                self.tell(0, "bram", *words)
                due.state = "reserved" if how == "resubmit" else "refunded"
                due.attempt += how == "resubmit"

    @rule(cost=st.sampled_from(COSTS), month=st.sampled_from(MONTHS))
    def give_back(self, cost: Cost, month: Month) -> None:
        covers = add_months(month, 1)
        due = self.world.dues.get((cost.code, covers))
        state = due.state if due else "free" if (cost.code, covers) in self.world.freed else ""
        code = {"reserved": 0, "given back": 0, "free": 0, "refunded": 4}.get(state, 1)
        self.tell(code, "bram", "give-back", cost.code, covers, "--why", "klant betaalt zelf")
        if not due or state != "reserved":
            return
        if self.world.told.get((cost.client, month)):  # the client was told: it is theirs, and not planned again
            due.state = "given back"
        else:
            self.world.freed[cost.code, covers] = self.world.dues.pop((cost.code, covers)).attempt

    @rule(month=st.sampled_from(MONTHS))
    def list_remainders(self, month: Month) -> None:
        """What the benefits office is told to pay out of a benefit is the client's: no run takes of it any more."""
        self.tell(0, "bram", "export", "remainders", month, "--out", "rest.csv")
        with reading(open_warm(self.office.url)) as connection:
            told = handed_over(connection, month)
        for client in CLIENTS:
            before, now = self.world.told.get((client, month), 0), told.get(client, 0)
            used = sum(d.cost.cents for d in self.world.dues.values() if (d.cost.client, d.month) == (client, month))
            assert before <= now <= max(before, self.world.benefits.get((client, month), 0) - used)
            self.world.told[client, month] = now

    @rule(client=st.sampled_from(CLIENTS))
    def look_at_coverage(self, client: str) -> None:
        """Every month that the books did something for is there once, and says what they did."""
        if not {"clients", "obligations"} <= self.world.registers:
            return
        shown = self.tell(0, "inge", "--json", "coverage", client, "--until", "2027-12").document
        found = {(cost["obligation"], each["month"]): each["who"] for cost in shown for each in cost["months"]}
        assert len(found) == sum(len(cost["months"]) for cost in shown)
        for key, due in self.world.dues.items():
            if due.cost.client == client and due.state not in ("refunded", "given back"):
                ours = key[1] < self.world.first_own.get(key[0], "9999-12")
                assert found[key] == (SAYS[due.state] if ours else "both"), key

    @rule(client=st.sampled_from(CLIENTS), held=st.booleans())
    def hold(self, client: str, held: bool) -> None:
        known = "clients" in self.world.registers
        self.tell(0 if known else 1, "dirk", "hold" if held else "unhold", client, "--why", "nagekeken")
        self.world.held = (self.world.held | {client} if held else self.world.held - {client}) if known else set()

    @rule(cost=st.sampled_from(COSTS), month=st.sampled_from(["2026-12", "2027-01", "2027-02"]))
    def hand_over(self, cost: Cost, month: Month) -> None:
        known, before = "obligations" in self.world.registers, self.world.first_own.get(cost.code, month)
        code = (0 if before == month else 4) if known else 1
        self.tell(code, "rosa", "handover", cost.code, "--first-own-month", month, "--method", "incasso")
        if code == 0:
            self.world.first_own[cost.code] = month

    @rule(client=st.sampled_from(CLIENTS), who=st.sampled_from(["rosa", "dirk"]))
    def end(self, client: str, who: str) -> None:
        """Proposed by the one, confirmed by the other."""
        known = "clients" in self.world.registers
        if who == "rosa":
            words = ("propose", client, "--date", END, "--reason", "moved", "--why", "verhuist")
            self.tell(0 if known else 1, "rosa", "end", *words)
            self.world.proposed |= {client} if known else set()
            return
        done = client in self.world.proposed
        self.tell(0 if done else 1, "dirk", "end", "confirm", client)
        self.world.ended |= {client} if done else set()

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        dues, dead = self.world.dues, (*DEAD, "cancelled")
        with reading(open_warm(self.office.url)) as connection:
            assert self_check.self_check(connection) == []
            w, p, g = withholdings.c, payments.c, given_back.c
            held = select(w.obligation, w.covers, w.amount_cents).where(~exists().where(same_withholding(g, w)))
            taken = {(o, m): c for o, m, c in connection.execute(held)}
            assert taken == {key: due.cost.cents for key, due in dues.items() if due.state != "given back"}
            rows = connection.execute(select(p.payment_id, p.obligation, p.covers, p.amount_cents, p.state)).all()
            live = {(r.obligation, r.covers): r.state for r in rows if r.state not in dead}
            found = {key: "booked" if state == "settled" else state for key, state in live.items()}
            assert found == {key: due.state for key, due in dues.items() if due.state not in dead}
            assert len(live) == sum(r.state not in dead for r in rows)
            gone = {(o, m) for o, m in connection.execute(select(g.obligation, g.covers))}
            assert gone == set(self.world.freed) | {key for key, due in dues.items() if due.state == "given back"}
            assert month_close.bank_balance(connection, "assen") == self.world.balance
            assert balances(connection, "assen").get("bank", 0) == self.world.balance

    def teardown(self) -> None:
        with reading(open_warm(self.office.url)) as connection:
            assert self_check.full_check(connection) == []


def model_runs(database: str, many: int, number: int, place: Path, server: Callable[[], str]) -> Tally:
    """Drive so many offices by seed; the shortest story in which books and model differ is the failure."""
    with working_in(place / "work"):
        books = new_books(database, place, server)
        Path("input").mkdir()
        office = Office(books.url, Path("input"), today="2026-12-10", config=two_gemeenten(place / "two.toml"))
        office.do("chef", "init")
        office.hire()
        books.keep("hired")
        steps: Counter[str] = Counter()
        machine = type("Machine", (Machine,), {"office": office, "books": books, "steps": steps})
        how = settings(
            max_examples=many,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=[*HealthCheck],
        )
        failures = []
        try:
            run_state_machine_as_test(seed(number)(machine), settings=how)
        except Exception as error:  # noqa: BLE001 - a failure is the finding
            notes = "\n".join(getattr(error, "__notes__", ()))
            failures.append(f"{type(error).__name__}: {error}\n{notes}")
        return Tally(many, failures, Counter({"commands": steps.total(), **steps}))
