"""What a simulated bank does with the payments of one file: which fail and why, and the entries that follow."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.rehearsal.bank_model import (
    NOT_PROVIDED,
    BankBatch,
    BankPlan,
    BankVerdict,
    Habits,
    Happening,
    Movement,
    StatementLine,
)
from flows.rehearsal.bank_reader import Block, Instruction, ReadTransfer
from flows.rehearsal.invented_data import invented_iban
from payments.calendar import add_t2_days

REJECT_REASONS = ("AC01", "AC04", "AC06", "AG01", "BE04", "MS03", "RC01")
RETURN_REASONS = ("AC01", "AC04", "AC06", "AM05", "MD07", "MS03")
_OUT, _BACK = ("PMNT", "ICDT", "ESCT"), ("PMNT", "RCDT", "RRTN")
_IN, _COSTS = ("PMNT", "RCDT", "ESCT"), ("PMNT", "MDOP", "CHRG")
_STRANGERS = ("A. Vergissing", "Stichting Verkeerde Rekening", "Onbekend B.V.")


@dataclass(frozen=True, slots=True)
class Fates:
    """EndToEndIds of the payments that do not simply arrive, with the bank's reason."""

    rejected: dict[str, str]
    returned: dict[str, str]
    refunded: frozenset[str]

    def arriving(self, transfers: Iterable[ReadTransfer]) -> list[ReadTransfer]:
        """The payments that the bank makes."""
        return [transfer for transfer in transfers if transfer.end_to_end_id not in self.rejected]


def draw_fates(chance: random.Random, transfers: Sequence[ReadTransfer], plan: BankPlan) -> Fates:
    """Choose the unlucky payments, each for one misfortune only."""
    chosen = [transfer.end_to_end_id for transfer in chance.sample(transfers, plan.payments)]
    rejected, rest = chosen[: plan.rejects], chosen[plan.rejects :]
    returned, refunded = rest[: plan.returns], rest[plan.returns :]
    return Fates(
        {name: chance.choice(REJECT_REASONS) for name in rejected},
        {name: chance.choice(RETURN_REASONS) for name in returned},
        frozenset(refunded),
    )


def verdicts_on(
    chance: random.Random, instruction: Instruction, fates: Fates, habits: Habits
) -> tuple[BankVerdict, ...]:
    """What pain.002 says of the file: Dutch banks mention only what is refused or deserves a look."""
    named = set()
    if habits.verification:
        arriving = [transfer.end_to_end_id for transfer in fates.arriving(instruction.transfers)]
        named = set(chance.sample(arriving, min(2, len(arriving))))
    found = []
    for transfer in instruction.transfers:
        if transfer.end_to_end_id in fates.rejected:
            found.append(BankVerdict(transfer, "RJCT", fates.rejected[transfer.end_to_end_id]))
        elif transfer.end_to_end_id in named:
            found.append(BankVerdict(transfer, chance.choice(("RVMC", "RVNM"))))
    return tuple(found)


def one_cent_more(chance: random.Random, instruction: Instruction, fates: Fates) -> tuple[Instruction, str]:
    """The file as a careless bank books it: one payment a cent too high, and which one."""
    chosen = chance.choice(fates.arriving(instruction.transfers))
    dearer = replace(chosen, amount_cents=chosen.amount_cents + 1)
    blocks = [
        replace(block, transfers=tuple(dearer if one is chosen else one for one in block.transfers))
        for block in instruction.blocks
    ]
    return replace(instruction, blocks=tuple(blocks)), chosen.end_to_end_id


@dataclass(frozen=True, slots=True)
class Clerk:
    """Books one file: the chance, the habits and the file are the same for all entries."""

    chance: random.Random
    habits: Habits
    message_id: str

    def debits(self, block: Block, day: date, fates: Fates, *, count_off_by: int = 0) -> Iterator[Movement]:
        """The money that leaves for a block, and what a gross bank gives back the same day."""
        arriving = fates.arriving(block.transfers)
        if self.habits.booking == "single":
            for transfer in arriving:
                yield self._debit(day, [transfer], None, (self._line(transfer, block, None),), arriving=[transfer])
            return
        debited = arriving if self.habits.net else list(block.transfers)
        if not debited:
            return
        batch = self._batch(block, len(debited) + count_off_by)
        own = batch.message_id if batch is not None and self.habits.references == "none" else None
        lines = tuple(self._line(transfer, block, own) for transfer in debited) if self.habits.details else ()
        yield self._debit(day, debited, batch, lines, arriving=arriving)
        if not self.habits.net:
            for transfer in block.transfers:
                if transfer.end_to_end_id in fates.rejected:
                    yield self._back(transfer, day, fates.rejected[transfer.end_to_end_id], happened=())

    def aftermath(self, block: Block, day: date, fates: Fates) -> Iterator[Movement]:
        """What comes back of a block after it was booked on that day: returns soon, refunds later."""
        for transfer in block.transfers:
            name = transfer.end_to_end_id
            if name in fates.returned:
                reason, later = fates.returned[name], add_t2_days(day, self.chance.randint(1, 4))
                told = Happening("returned", name, transfer.amount_cents, later, reason)
                yield self._back(transfer, later, reason, happened=(told,))
            elif name in fates.refunded:
                later = add_t2_days(day, self.chance.randint(2, 8))
                cents = self.chance.randint(1, transfer.amount_cents)
                text = f"Restitutie {transfer.text}"[:140]
                line = StatementLine(cents, "Dbtr", transfer.creditor_name, transfer.creditor_iban, text)
                yield self._movement(later, cents, _IN, (line,), Happening("refund", name, cents, later))

    def stray(self, day: date, credits_: int, debits: int) -> Iterator[Movement]:
        """Money that has nothing to do with our payments: a stranger's mistake, the bank's own costs."""
        for _ in range(credits_):
            later, cents = add_t2_days(day, self.chance.randint(0, 6)), self.chance.randint(1, 90_000)
            iban = invented_iban("TRIO", self.chance.randint(100_000_000, 999_999_999))
            line = StatementLine(cents, "Dbtr", self.chance.choice(_STRANGERS), iban, "zie afspraak")
            yield self._movement(later, cents, _IN, (line,), Happening("stray_credit", None, cents, later))
        for _ in range(debits):
            later, cents = add_t2_days(day, self.chance.randint(0, 6)), self.chance.randint(1, 5_000)
            told = Happening("stray_debit", None, cents, later)
            yield self._movement(later, -cents, _COSTS, (), told, information="Kosten zakelijk betalingsverkeer")

    def _debit(
        self,
        day: date,
        debited: list[ReadTransfer],
        batch: BankBatch | None,
        lines: tuple[StatementLine, ...],
        arriving: list[ReadTransfer],
    ) -> Movement:
        happened = [Happening("booked", one.end_to_end_id, one.amount_cents, day) for one in arriving]
        total = sum(transfer.amount_cents for transfer in debited)
        return replace(self._movement(day, -total, _OUT, lines, *happened), batch=batch)

    def _back(self, transfer: ReadTransfer, day: date, reason: str, happened: tuple[Happening, ...]) -> Movement:
        # With references a bank repeats the original transaction, without them it names the other side as the payer.
        named = self.habits.return_references
        line = StatementLine(
            transfer.amount_cents,
            "Cdtr" if named else "Dbtr",
            transfer.creditor_name,
            transfer.creditor_iban,
            transfer.text,
            transfer.issuer,
            (("EndToEndId", transfer.end_to_end_id),) if named else (),
            reason,
        )
        return self._movement(day, transfer.amount_cents, _BACK, (line,), *happened)

    def _movement(
        self,
        day: date,
        cents: int,
        code: tuple[str, str, str],
        lines: tuple[StatementLine, ...],
        *happened: Happening,
        information: str | None = None,
    ) -> Movement:
        return Movement(day, cents, code, self._number("E"), None, lines, information, happened)

    def _batch(self, block: Block, count: int) -> BankBatch | None:
        match self.habits.references:
            case "full":
                return BankBatch(self.message_id, block.payment_information_id, count)
            case "batch_only":
                return BankBatch(None, block.payment_information_id, count)
        return BankBatch(self._number("B"), None, count) if self.habits.details else None

    def _line(self, transfer: ReadTransfer, block: Block, banks_own: str | None) -> StatementLine:
        full, given = self.habits.references == "full", self.habits.references != "none"
        references = (
            ("MsgId", banks_own),
            ("PmtInfId", block.payment_information_id if given else None),
            ("EndToEndId", transfer.end_to_end_id if full else NOT_PROVIDED),
        )
        return StatementLine(
            transfer.amount_cents,
            "Cdtr",
            transfer.creditor_name,
            transfer.creditor_iban,
            transfer.text,
            transfer.issuer,
            tuple((name, value) for name, value in references if value is not None),
        )

    def _number(self, kind: str) -> str:
        return f"{kind}{self.chance.getrandbits(60):018d}"
