"""The moving pictures of the page «Language»: what the browser gets when it asks, made with a copy of the network."""

import json
from typing import NamedTuple

from rnn_core import InputError
from ui.language.figures import Look
from ui.language.frame_context import Memory, Scene, Stage
from ui.language.guides import amount
from ui.language.model_copy import Voice, listen
from ui.language.views import PICTURES
from ui.live.metrics import line, reading_pace
from ui.live.notices import announced
from ui.live.renderer import PictureMaker, whole

PATIENCE = 0.06  # seconds for what can wait: branches that are not chosen, beams
PARTS = {f"{view}_{kind}" for view in PICTURES for kind in ("guide", "table")}
LONGEST_QUERY = 20_000  # characters of what the browser keeps: branches, guesses


class Want(NamedTuple):
    """What the browser asks for, from its query."""

    token: str = ""
    run: int = -1  # the network that branches and guesses belong to
    sentence: int | None = None  # the chosen one
    branch: int = 0  # the chosen one
    step: int | None = None  # of that branch
    branches: tuple = ()  # the symbols that were chosen for each
    guesses: tuple = ()  # [symbol, percent] of each round
    opened: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query) -> "Want":
        """From the parameters of a request; what is not understood is left out.

        >>> want = Want.of({"branches": "[[0, [1]]]", "step": "x", "open": "score_guide,y", "guesses": "{"})
        >>> want.branches, want.step, want.opened, want.guesses
        (([0, [1]],), None, frozenset({'score_guide'}), ())
        """

        def listed(name):
            text = query.get(name, "")
            try:
                value = json.loads(text) if len(text) <= LONGEST_QUERY else []
            except (ValueError, RecursionError):
                value = []
            return tuple(value) if isinstance(value, list) else ()

        opened = frozenset(query.get("open", "").split(",")) & PARTS
        return cls(
            query.get("token", ""), whole(query, "run", -1), whole(query, "sentence", None), whole(query, "branch", 0),
            whole(query, "step", None), listed("branches"), listed("guesses"), opened,
        )  # fmt: skip


class Writer(PictureMaker):
    """The picture maker of the page for one session."""

    want = staticmethod(Want.of)
    share = 4

    def __init__(self):
        super().__init__()
        self._voice: Voice | None = None
        self._memory = Memory()

    def _picture(self, session, snapshot, stage: Stage, want: Want):
        _ = stage.language.gettext
        about = announced(snapshot, stage.split, _)
        view = snapshot.view
        voice = self._voice = listen(session, self._voice) if view is not None else None
        if voice is None or voice.run != view.run:
            return about, None
        scene = Scene(voice, view, stage, want, Look(stage.theme, _, stage.unit), self._memory, self._changed)
        self._memory.begin(PATIENCE)
        try:
            more, figures = PICTURES[stage.view](scene)
        except InputError as error:
            sentence = _("The network's numbers are too large to write or to score with: train at a smaller rate.")
            about["notices"].append({"kind": "warning", "sentence": sentence, "detail": str(error), "action": None})
            return about, None
        if self._memory.late:
            about["token"] = ""  # the next picture is wanted at once: there is something newer to show
        about |= {
            "run": voice.run,
            "update": voice.update,
            "view": stage.view,
            "numbers": numbers(scene),
            "line": line(session.place, _),
        } | more
        return about, figures

    def _changed(self) -> None:
        self.number += 1


def numbers(scene: Scene) -> list[list[str]]:
    """(name, number, explanation) of what is told in figures."""
    view, voice, look = scene.view, scene.voice, scene.look
    _ = look.translate
    training = amount(float(view.curve.loss[-1]), look) if len(view.curve.loss) else "–"
    return [
        [_("Update"), f"{voice.update:,}", ""],
        [_("Training loss"), training, _("per symbol")],
        [_("Held-out loss"), amount(view.held_out[-1][1], look), _("per symbol")],
        [_("Updates/s"), f"{view.updates_per_second:,.0f}", reading_pace(view, _)],
        [
            _("Vocabulary"),
            f"{voice.task.output_size:,}",
            scene.memory.recall("kind", voice.run, lambda: _kind(voice, _)),
        ],
    ]


def _kind(voice: Voice, _) -> str:
    """What the symbols are, and how many of the held-out ones are unknown."""
    task = voice.task
    kind = _("words") if voice.kind == "words" else _("characters")
    if task.unknown is None:
        return kind
    share = 100 * float((task.held_out_ids == task.vocabulary.index(task.unknown)).mean())
    return _("{kind}; {share:.1f}% of the held-out text is unknown").format(kind=kind, share=share)
