"""What a page says of the machines that train a sweep."""

from ui.i18n import Translate
from ui.training.executor.cluster import State
from ui.training.executor.identity import Difference


def where(state: State | None, running: bool, _: Translate) -> list[str]:
    """Where it is trained, what went wrong on the way, who is refused; nothing where there is this server alone."""
    if state is None or (not running and state.kind in ("connecting", "ready")):
        return []
    said = {
        "connecting": _("Connecting to the scheduler."),
        "missing": _(
            "A scheduler is named, but the Python package “distributed” is not installed "
            "(pip install -r requirements-cluster.txt). The networks are trained on this server."
        ),
        "unreachable": _("The scheduler cannot be reached. The networks are trained on this server."),
        "lost": _("The connection to the scheduler was lost. What was not finished is trained on this server."),
        "alone": _("The scheduler has no worker that takes part. The networks are trained on this server."),
    }
    if state.kind != "ready":
        first = said[state.kind]
    elif state.places:
        count = state.places
        first = _("{count} worker of the scheduler trains.", "{count} workers of the scheduler train.", count)
        first = first.format(count=count)
    else:
        first = _("Waiting for a worker of the scheduler.")
    return [first, *(_refused(differing, _) for differing in state.refused)]


def who_trains(state: State | None, address: str, running: bool, _: Translate) -> list[str]:
    """Who trains, whoever it is. address : of the scheduler that is named, if any."""
    if state is None:
        return [_("The networks train on this server.")]
    found = where(state, True, _)
    if not running and state.kind == "ready":
        found[0] = _("Workers of the scheduler that are ready to train: {count}.").format(count=state.places)
    return [_("Scheduler {address}:").format(address=address), *found] if address else found


def _refused(differing: tuple[Difference, ...], _: Translate) -> str:
    """Why a worker gets no trials."""
    parts = [
        _("{what}: {there} there, {here} here").format(what=_(what), there=there or "–", here=here or "–")
        for what, there, here in differing
    ]
    return _("A worker is refused because its numbers could differ ({parts}).").format(parts=_("; ").join(parts))
