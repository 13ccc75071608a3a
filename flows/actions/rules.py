"""What a decision about a client is measured by, gathered from the settings, the parameters and the checklist."""

from config.checklist import load_checklists
from config.known import PerGemeente
from config.settings import GemeenteSettings
from flows.office import Office
from ledgers.cases.ends import EndRules
from ledgers.dossier.grounds_and_holds import GroundLimits
from payments.dossier.ending import MonthRule
from payments.plan.withholding import Policy


def policy_of(gemeente: GemeenteSettings, own_ibans: frozenset[str] = frozenset()) -> Policy:
    """The part of a gemeente's settings that decides about withholding; `own_ibans` where a month is planned."""
    return Policy(
        offsets=gemeente.offsets,
        priority=gemeente.priority,
        stop_at_shortage=gemeente.shortage_rule == "stop",
        minimum_rest_cents=gemeente.minimum_rest_cents,
        payday=gemeente.payday,
        max_payment_cents=gemeente.max_payment_cents,
        own_ibans=own_ibans,
        gross=gemeente.regulier_is == "bruto",
    )


def rules_of(office: Office) -> EndRules:
    """The rules of an ordinary end, as they hold today."""
    checklists = load_checklists()
    return EndRules(
        months=office.art_56a_months,
        checklists={checklist.version: checklist for checklist in checklists.versions},
        current=checklists.in_force(office.today),
        gemeenten=PerGemeente(
            (code, MonthRule(policy_of(gemeente), gemeente.payday))
            for code, gemeente in office.settings.gemeenten.items()
        ),
        reassessment_months=office.parameters.number("reassessment_months", office.today),
    )


def ground_limits(office: Office) -> GroundLimits:
    """The legal values that a new ground is measured by, as they hold today."""
    return GroundLimits(office.art_56a_months, office.parameters.number("reassessment_months", office.today))
