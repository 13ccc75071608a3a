"""States and the steps between them: written once, and everything else is made from them."""

from enum import StrEnum

import pytest

from ledgers.schema import bank, core, dossier, triggers
from payments.states import (
    ANSWERED,
    DEAD,
    DEBITED,
    FILE_STEPS,
    LIVE,
    PAYMENT_STEPS,
    RELEASED,
    RUN_STEPS,
    STORED_TRAJECTORY,
    TRAJECTORY_STEPS,
    FileState,
    PaymentState,
    RunState,
    Steps,
)


@pytest.mark.parametrize(
    ("begin", "states", "steps"),
    [
        ({RunState.WAITING_FOR_APPROVAL}, RunState, RUN_STEPS),
        ({FileState.GENERATED}, FileState, FILE_STEPS),
        ({PaymentState.PLANNED}, PaymentState, PAYMENT_STEPS),
        ({STORED_TRAJECTORY[0]}, STORED_TRAJECTORY, TRAJECTORY_STEPS),
    ],
)
def test_every_state_can_be_reached_from_the_first_by_steps_that_exist(
    begin: set[StrEnum], states: list[StrEnum], steps: Steps
) -> None:
    reached = set(begin)
    while more := {new for old, new in steps if old in reached} - reached:
        reached |= more
    assert reached == set(states)


def test_a_payment_is_live_or_dead_and_what_the_bank_made_is_live_until_it_comes_back() -> None:
    assert set(LIVE) | set(DEAD) == set(PaymentState)
    assert set(LIVE) & set(DEAD) == set()
    assert set(DEBITED) < set(RELEASED) < set(LIVE)
    assert set(ANSWERED) - set(LIVE) == {PaymentState.RETURNED}


def test_a_dead_payment_comes_to_life_only_where_a_person_found_that_it_was_paid() -> None:
    back = {(old, new) for old, new in PAYMENT_STEPS if old in DEAD and new in LIVE}
    assert back == {(PaymentState.REJECTED, PaymentState.BOOKED)}


def test_the_database_lets_through_these_steps_and_is_told_of_every_stateful_table() -> None:
    tables = [*core.metadata.tables.values()]
    with_state = {table.name for table in tables if "state" in table.c}
    assert {table.name for table in triggers.STATEFUL} == with_state
    for table, steps in triggers.STATEFUL.items():
        said = " ".join(triggers.statements("sqlite"))
        for old, new in steps:
            assert f"(OLD.state = '{old}' AND NEW.state = '{new}')" in said, table.name
    assert {t.name for t in (*bank.BANK_APPEND_ONLY, *dossier.DOSSIER_APPEND_ONLY)} & with_state == set()
