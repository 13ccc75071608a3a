"""The difference between two plans of one month: everything that changes, nothing that does not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.factories import LANDLORD_IBAN, a_benefit, a_client, a_creditor, an_obligation

from payments.calendar import payday
from payments.parties import Category
from payments.plan.grounds import HeldReason, segments_of
from payments.plan.plan_changes import ClientEffect, Hold, PaymentEffect, Pays, Short, compare
from payments.plan.planning import plan_month
from payments.plan.withholding import MonthFacts, Plan, Policy

POLICY = Policy(dict.fromkeys(Category, 1), list(Category), stop_at_shortage=False, minimum_rest_cents=0)


def plan(*amounts: int, cents: int = 1_331_43, clients: int = 1, **changes: Any) -> Plan:
    """The plan of clients with one rent each of the amounts given, VL-1 and so on, for the first of them."""
    people = [a_client(f"{n}") for n in range(1, clients + 1)]
    known: dict[str, Any] = {
        "month": "2026-11",
        "execution_date": payday("2026-11", 25),
        "policy": POLICY,
        "clients": people,
        "obligations": [an_obligation(f"VL-{n}", "1", amount_cents=each) for n, each in enumerate(amounts, 1) if each],
        "creditors": {"WONEN": a_creditor(), "ANDER": a_creditor("ANDER")},
        "confirmed": {("WONEN", LANDLORD_IBAN), ("ANDER", LANDLORD_IBAN)},
        "benefits": {c.client: [a_benefit(c.client, cents)] for c in people},
        "grounds": {c.client: segments_of(c, (), 6) for c in people},
        "on_hold": frozenset(),
        "ended": {},
        "earlier": {},
        "included_before": {},
        "handed_over": {},
    }
    return plan_month(MonthFacts(**known | changes))


def test_the_same_plan_has_no_effect() -> None:
    assert compare(plan(650_00), plan(650_00)) == ()


def test_another_amount_changes_the_payment_and_the_remainder_of_that_client_only() -> None:
    assert compare(plan(650_00, clients=2), plan(681_10, clients=2)) == (
        ClientEffect(
            "1",
            (PaymentEffect("VL-1", "2026-12", Pays("WONEN", 650_00), Pays("WONEN", 681_10)),),
            (),
            (),
            (),
            (),
            681_43,
            650_33,
        ),
    )


def test_another_creditor_for_the_same_amount_is_another_payment() -> None:
    moved = plan(obligations=[an_obligation("VL-1", "1", creditor="ANDER")])
    (effect,) = compare(plan(650_00), moved)
    assert effect.payments == (PaymentEffect("VL-1", "2026-12", Pays("WONEN", 650_00), Pays("ANDER", 650_00)),)
    assert effect.remainder_before_cents == effect.remainder_after_cents


def test_a_hold_takes_payments_and_remainder_away_and_names_its_reason() -> None:
    (effect,) = compare(plan(650_00), plan(650_00, on_hold=frozenset({"1"})))
    assert effect.held_after == (Hold(None, HeldReason.ON_HOLD),)
    assert [(p.obligation, p.after) for p in effect.payments] == [("VL-1", None)]
    assert (effect.remainder_before_cents, effect.remainder_after_cents) == (681_43, None)


def test_a_new_client_and_a_new_shortage_appear() -> None:
    assert [effect.client for effect in compare(plan(clients=1), plan(clients=2))] == ["2"]
    (effect,) = compare(plan(650_00, cents=700_00), plan(650_00, 120_50, cents=700_00))
    assert effect.short_after == (Short("VL-2", "2026-12", 120_50),)
    assert effect.payments == ()


def test_an_unconfirmed_iban_holds_one_cost_and_leaves_the_remainder() -> None:
    (effect,) = compare(plan(650_00), plan(650_00, confirmed=frozenset()))
    assert effect.held_after == (Hold("VL-1", HeldReason.IBAN_UNCONFIRMED),)
    assert effect.remainder_before_cents == effect.remainder_after_cents == 681_43


plans = st.builds(
    lambda amounts, cents, clients, on_hold, confirmed: plan(
        *amounts,
        cents=cents,
        clients=clients,
        on_hold=on_hold,
        confirmed=frozenset({("WONEN", LANDLORD_IBAN)}) if confirmed else frozenset(),
    ),
    st.lists(st.integers(0, 900_00), max_size=4),
    st.integers(0, 2000_00),
    st.integers(1, 3),
    st.frozensets(st.sampled_from("123")),
    st.booleans(),
)


def turned(effect: ClientEffect) -> ClientEffect:
    return ClientEffect(
        effect.client,
        tuple(PaymentEffect(p.obligation, p.covers, p.after, p.before) for p in effect.payments),
        effect.held_after,
        effect.held_before,
        effect.short_after,
        effect.short_before,
        effect.remainder_after_cents,
        effect.remainder_before_cents,
    )


@given(plans, plans)
def test_undoing_a_change_has_the_opposite_effect(before: Plan, after: Plan) -> None:
    assert compare(after, before) == tuple(turned(effect) for effect in compare(before, after))


@given(plans, plans)
def test_the_payments_after_are_those_before_with_the_effects_applied(before: Plan, after: Plan) -> None:
    def payments(of: Plan) -> dict[tuple[str, str], Pays]:
        return {(o.obligation, covers): Pays(o.creditor, cents) for o, covers, cents in of.payable}

    applied = payments(before)
    for effect in (p for client in compare(before, after) for p in client.payments):
        assert applied.pop((effect.obligation, effect.covers), None) == effect.before
        if effect.after is not None:
            applied[effect.obligation, effect.covers] = effect.after
    assert applied == payments(after)


@given(plans)
def test_a_plan_has_no_effect_on_itself(same: Plan) -> None:
    assert compare(same, same) == ()
