"""A few dictionaries that say what the books of one gemeente must say: the whole idea of a month, without its care."""

from copy import deepcopy
from dataclasses import dataclass, field

from payments.money import format_plain
from payments.month import Month, add_months
from support.story import CLIENT_COLUMNS, CREDITOR_COLUMNS, CREDITORS, OBLIGATION_COLUMNS, client_line

ON = "2026-12-28"  # the execution date of every run
END = "2026-12-20"
MONTHS = ("2026-11", "2026-12")
AMOUNTS = (1331_43, 700_00, 90_00)
CLIENTS = ("0010001", "0010002")
DEAD = ("returned", "rejected", "refunded", "given back", "reserved")


@dataclass(frozen=True)
class Cost:
    code: str
    client: str
    creditor: str
    kind: str
    cents: int
    reference: str


COSTS = (
    Cost("VL-1", CLIENTS[0], "WONEN", "huur", 650_00, "C-77"),
    Cost("VL-2", CLIENTS[0], "STROOM", "energie", 120_50, "5000056789012345"),
    Cost("VL-3", CLIENTS[1], "WONEN", "huur", 612_34, "C-78"),
    Cost("VL-4", CLIENTS[1], "ZORG", "zorgverzekering", 158_95, "P-1"),
)  # in the order in which they are served
REGISTERS = {
    "creditors": (CREDITOR_COLUMNS, *CREDITORS.values()),
    "clients": (CLIENT_COLUMNS, *(client_line(client) for client in CLIENTS)),
    "obligations": (
        OBLIGATION_COLUMNS,
        *(f"{c.code};{c.client};{c.creditor};{c.kind};{format_plain(c.cents)};{c.reference};2026-10;;" for c in COSTS),
    ),
}


@dataclass
class Due:
    """What became of one fixed cost of one covered month."""

    cost: Cost
    month: Month  # whose benefit it was taken from
    state: str = "reserved"
    attempt: int = 1
    file: str = ""
    at_bank: str = ""

    def payment(self, covers: Month) -> str:
        return f"{covers.replace('-', '')}-{self.attempt}-{self.cost.code}"


def file_month(file: str) -> Month:
    """The benefit month in a file's name: `ASSEN-202611-01-001`."""
    digits = file.split("-")[1]
    return f"{digits[:4]}-{digits[4:]}"


@dataclass
class World:
    """Everything the model knows."""

    registers: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    benefits: dict[tuple[str, Month], int] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    proposed: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    first_own: dict[str, Month] = field(default_factory=dict)
    dues: dict[tuple[str, Month], Due] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[str, Month], int] = field(default_factory=dict)  # of a client's month, to be paid out
    freed: dict[tuple[str, Month], int] = field(default_factory=dict)  # given back to plan anew: the next attempt
    balance: int = 0  # of the statements that were delivered

    def stale(self, file: str) -> bool:
        """Whether a file that waits pays anything that its month, planned anew, would not."""
        month = file_month(file)
        other = deepcopy(self)
        for key, due in self.dues.items():
            if due.file and self.files[due.file] in ("generated", "approved") and file_month(due.file) == month:
                other.free(key, month)
        paid = other.run(month)
        return any(key not in paid for key, due in self.dues.items() if due.file == file)

    def free(self, key: tuple[str, Month], month: Month) -> None:
        """Take a payment of a file of this month back: its own months are free, an earlier one's stay reserved."""
        due = self.dues[key]
        if due.month == month:
            self.freed[key] = self.dues.pop(key).attempt + 1
        else:
            due.state, due.file, due.attempt = "reserved", "", due.attempt + 1

    def run(self, month: Month) -> list[tuple[str, Month]]:
        """Plan a month: what gets a payment now."""
        paid: list[tuple[str, Month]] = []
        if "obligations" not in self.registers:
            return paid
        for client in CLIENTS:
            benefit = self.benefits.get((client, month), 0)
            if not benefit or client in self.held | self.ended:
                continue
            mine = [d for d in self.dues.values() if (d.cost.client, d.month) == (client, month)]
            left = benefit - sum(due.cost.cents for due in mine) - self.told.get((client, month), 0)
            for cost in (c for c in COSTS if c.client == client):
                covers = add_months(month, 1)
                ours = covers < self.first_own.get(cost.code, "9999-12")
                if ours and (cost.code, covers) not in self.dues and cost.cents <= left:
                    left -= cost.cents
                    self.dues[cost.code, covers] = Due(cost, month, attempt=self.freed.get((cost.code, covers), 1))
                waiting = [
                    key
                    for key, d in self.dues.items()
                    if d.cost is cost and d.state == "reserved" and d.month <= month
                    if key[1] < self.first_own.get(cost.code, "9999-12")
                ]
                paid += waiting if cost.creditor in self.confirmed else []
        return paid
