"""The act of adding a budget line: what a household has beside the benefit and the fixed costs."""

from dataclasses import dataclass

from flows.actions.act import CASEWORK, act
from flows.office import Office
from ledgers.dossier import budgets
from payments.plan.forecast import BudgetLine


@dataclass(frozen=True, slots=True)
class BudgetLineAdded:
    """A budget line; not `added` when it was there already and counts."""

    line: BudgetLine
    added: bool


def add_line(office: Office, line: BudgetLine) -> BudgetLineAdded:
    """Add a budget line; of the same kind and name the newest counts from its own first month on."""
    with act(office, *CASEWORK, said={"name": line.name}) as books:
        added = budgets.add_line(books, line, office.actor, office.now)
    return BudgetLineAdded(line, added)
