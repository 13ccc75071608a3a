"""The chart of accounts, and what each event books: pure, one transfer a line, debit and credit by name.

| event | debit | credit |
| --- | --- | --- |
| benefit of the month accepted | benefit_clearing | client |
| withheld | client | creditor |
| file released | creditor | in_transit |
| remainder listed for the benefits office | client | benefit_clearing |
| opening balance of an account's first statement | bank | opening_balance |
| booked by the bank | in_transit | bank |
| returned after booking | bank | returned:client |
| rejected before booking (pain.002) | in_transit | creditor |
| money out or in that nothing explains yet | suspense / bank | bank / suspense |
| explained later | in_transit / suspense | suspense / returned:client |
| resubmitted after a return | returned:client | creditor |
| given back to the client | returned:client, creditor or suspense | client |
| funding by the gemeente | suspense | benefit_clearing |
| forwarded to whom it belongs | suspense | to_forward |

Accounts exist per gemeente. A client's credit balance is what we hold of that client; a creditor's is what was
withheld for it and not yet handed to the bank.
"""

from dataclasses import dataclass
from datetime import date

from payments.month import Month

BENEFIT_CLEARING = "benefit_clearing"
IN_TRANSIT = "in_transit"
BANK = "bank"
OPENING_BALANCE = "opening_balance"
SUSPENSE = "suspense"
TO_FORWARD = "to_forward"
CHART = (
    BENEFIT_CLEARING,
    "client",
    "creditor",
    IN_TRANSIT,
    "returned",
    BANK,
    OPENING_BALANCE,
    SUSPENSE,
    TO_FORWARD,
)
"""Every account, in the order of the table in docs/bookkeeping.md; those of clients and creditors by their kind."""


def client_account(client: str) -> str:
    """The account of what we hold of one client."""
    return f"client:{client}"


def creditor_account(creditor: str) -> str:
    """The account of what was withheld for one creditor and not yet sent."""
    return f"creditor:{creditor}"


def returned_account(client: str) -> str:
    """The account of what came back from the bank and waits for a decision."""
    return f"returned:{client}"


def withheld_key(obligation: str, covers: Month, sequence: int) -> str:
    """The event of setting a covered month apart; the second time, after it was given back, has a key of its own."""
    return f"withheld:{obligation}:{covers}{_again(sequence)}"


def given_back_key(obligation: str, covers: Month, sequence: int) -> str:
    """The event of giving that money back."""
    return f"given-back:{obligation}:{covers}{_again(sequence)}"


def _again(sequence: int) -> str:
    return "" if sequence == 1 else f":{sequence}"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One booking: positive cents from a credit account to a debit account, so nothing one-sided can be written."""

    event_key: str
    line: int
    gemeente: str
    month: Month
    booked_on: date
    debit: str
    credit: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Booking:
    """What all transfers of one event share."""

    gemeente: str
    month: Month
    booked_on: date

    def _transfer(self, key: str, line: int, debit: str, credit: str, cents: int) -> Transfer:
        return Transfer(key, line, self.gemeente, self.month, self.booked_on, debit, credit, cents)

    def move(self, key: str, line: int, debit: str, credit: str, cents: int) -> Transfer:
        """Any other event of the table above, with its own key."""
        return self._transfer(key, line, debit, credit, cents)

    def benefit(self, run_id: str, client: str, cents: int) -> Transfer:
        """A client's counted benefit enters the books."""
        return self._transfer(f"benefit:{run_id}:{client}", 1, BENEFIT_CLEARING, client_account(client), cents)

    def withheld(self, key: str, line: int, client: str, creditor: str, cents: int) -> Transfer:
        """One client's contribution to one obligation is set apart for its creditor; `key` by `withheld_key`."""
        return self._transfer(key, line, client_account(client), creditor_account(creditor), cents)

    def released(self, payment_id: str, creditor: str, cents: int) -> Transfer:
        """A payment is handed to the bank."""
        return self._transfer(f"released:{payment_id}", 1, creditor_account(creditor), IN_TRANSIT, cents)

    def remainder_listed(self, of_month: Month, sequence: int, client: str, cents: int) -> Transfer:
        """The benefits office is told to pay this remainder of a benefit month to the client."""
        key = f"remainder:{self.gemeente}:{of_month}:{client}:{sequence}"
        return self._transfer(key, 1, client_account(client), BENEFIT_CLEARING, cents)
