"""Renderers of the Lab's network: the header that their frames have in common."""

from dataclasses import dataclass
from typing import Any

from ui.i18n import Language
from ui.live import scrubber
from ui.live.renderer import Renderer
from ui.network.notices import notices
from ui.theme import Theme
from ui.training.snapshot import Snapshot


@dataclass(frozen=True)
class NetworkViewOptions:
    """View options of a page that shows the network in training: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    layer: int = 0
    notation: str = "article"
    unit: str = "nats"
    split: str = "train"  # which kind of sequence the reader has asked for


class NetworkRenderer(Renderer):
    """Renderer of a page that shows the network in training. Its view options say in `split` which kind of sequence
    the reader has asked to see."""

    def header(self, snapshot: Snapshot, options: Any) -> dict[str, Any]:
        """The notices of the network, and the label of the button for the one before."""
        _ = options.language.gettext
        about: dict[str, Any] = {"notices": notices(snapshot, self.layout.sentences, options.split, _)}
        if snapshot.former is not None:
            former = _("Restore the previous network (update {update:,})")
            about["former"] = former.format(update=snapshot.former)
        if snapshot.view is not None:
            about["look"] = scrubber.payload(snapshot.look, snapshot.view, _)
        return about
