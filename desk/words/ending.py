"""What still stands in the way of an end, in office Dutch."""

from collections.abc import Sequence

from desk.words.formats import day_in_figures, euros
from payments.dossier.case import Waiting
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Fit, Junction, Missing, Obstacle, TooEarly, UnlistedRefund

_EARLY = "Een vroeg einde heeft een reden: --reason right_ended, moved, death, mandate_revoked of maatwerk."
_CHANGED = "Sinds het voorstel is er iets veranderd; trek het in of los het op."


def not_yet(client: str, obstacles: Sequence[Obstacle], *, proposed: bool) -> str:
    """Why an ordinary end is refused: all that is missing, a line each, and the way out."""
    lines = [f"  {obstacle.code}: {obstacle_text(obstacle)}" for obstacle in obstacles]
    title = f"Het ontzorgen van {client} kan nog niet eindigen:"
    return "\n".join([title, *lines, _CHANGED if proposed else _EARLY])


def obstacle_text(obstacle: Obstacle) -> str:
    """One thing that is missing."""
    match obstacle.about:
        case TooEarly(floor, end):
            return f"de zes maanden lopen tot en met {day_in_figures(floor)}; {day_in_figures(end)} is eerder"
        case Verdict() as verdict:
            return "er is nog niet beoordeeld" if verdict is Verdict.NONE else "de checklist is nog niet gehaald"
        case Junction() as junction:
            return _junction(junction)
        case UnlistedRefund(cents):
            return f"{euros(cents)} teruggave staat nog op geen restantlijst"
        case Waiting() as item if obstacle.code is Missing.OPEN_EXCEPTIONS:
            return f"{item.key} ({item.kind}) van {euros(item.amount_cents)} staat nog open"
        case Waiting() as payment:
            return f"{payment.key} van {euros(payment.amount_cents)} is nog niet uitgevoerd ({payment.kind})"


def _junction(j: Junction) -> str:
    if j.fit is Fit.NO_FIRST_MONTH:
        return f"{j.obligation} is nog niet overgedragen; eerste eigen maand zou {j.expected} zijn"
    ours = f"{j.obligation}: wij betalen tot en met {j.last_ours or 'niets'}, de klant vanaf {j.first_own}"
    return f"{ours}: {'gat' if j.fit is Fit.GAP else 'dubbel'}"
