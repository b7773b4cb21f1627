"""The doctor's line: what ails the network in training, what can be tried, and what that has shown."""

from collections.abc import Collection
from typing import Any, NamedTuple

from ui.i18n import Translate, join_sentences
from ui.lab.doctor.diagnosis import Diagnosis, diagnose
from ui.lab.doctor.outcome import outcome
from ui.lab.doctor.remedy import changed, remedy
from ui.lab.doctor.sentences import MARKS, sentence, told_afterwards, told_at_first
from ui.training.snapshot import Network, Remedy


class Advice(NamedTuple):
    """What the doctor says of a view."""

    sentence: str = ""
    diagnosis: Diagnosis | None = None
    remedy: Remedy | None = None
    label: str = ""  # of the button that tries it
    mark: tuple[int, str] | None = None  # in the loss chart

    def payload(self, trying: Remedy | None, past: bool, _: Translate) -> dict[str, Any]:
        """The line for the browser; see `Doctor` of ui/live/static/payload.d.ts.

        trying : the remedy to whose beginning the run is being replayed. past : what stands around it is of an earlier
        moment.
        """
        found = self.diagnosis
        if trying is not None:
            line = _("Replaying to update {update:,}, to try it from there.").format(update=trying.begin)
            return {"sentence": join_sentences(self.sentence, line), "evidence": None, "remedy": ""}
        whose = [_("Of the newest network, not of this moment:")] if past and self.sentence else []
        return {
            "sentence": join_sentences(*whose, self.sentence),
            "evidence": None if found is None else [found.at, found.chart],
            "remedy": self.label,
        }


def advise(view: Any, _: Translate, tried: Collection[Network] = ()) -> Advice:
    """The advice on a view of the newest network; empty where nothing ails it.

    tried : what is not proposed again, beside the network that the present one is a trial against.
    """
    trial, told = outcome(view), []
    if view.trial is not None:
        told = [told_at_first(view, _) if trial is None else told_afterwards(trial, view, _)]
    trying = view.trial is not None and (trial is None or not trial.over)
    found = None if trying and view.divergence is None else diagnose(view)
    if found is None:
        return Advice(join_sentences(*told))
    told.append(sentence(found, view, _))
    what = remedy(found, view)
    label = ""
    if what is not None:
        change = changed((view.setup, view.training), (what.setup, what.training), _)
        before = [(view.trial.setup, view.trial.training)] if view.trial is not None else []
        if (what.setup, what.training) in (*before, *tried):
            what, told = None, [*told, _("“{change}” has been tried already.").format(change=change)]
    if what is not None:
        label = _("Try it from update {update:,}: {change}").format(update=what.begin, change=change)
    mark = (_marked(found), _(MARKS[found.kind])) if found.kind in MARKS else None
    return Advice(join_sentences(*told), found, what, label, mark)


def _marked(found: Diagnosis) -> int:
    """The update that the loss chart marks: when it turned, or from when on it is so."""
    return int(found.values["when" if found.kind == "overfits" else "since"])
