"""Layouts: a live element of a page, on the server and in the browser."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ui.live.renderer import Part, Renderer

UI = Path(__file__).parents[1]


class Layout(NamedTuple):
    """A live element: what makes its frames, and how the browser draws them.

    name : of its folder in ui, whose static/ holds its .html, .js and .css, named like the folder.
    key : of the element. renderer : makes the frames. request : reads what the browser asks for from its query.
    guides : the guides and tables by name, and what makes each. sentences : of the notices, by their kind, where
    they are not those that all pages share. connection : the same of those of the connection, by its state. words :
    what stands in the element, in English, beside the words of the buttons that all have. chosen : what the reader
    chooses in it, by its name there: the setting.
    """

    name: str
    key: str
    renderer: type[Renderer]
    request: Callable[[Mapping[str, str]], Any]
    guides: Mapping[str, Callable[..., Part]]
    words: Mapping[str, str]
    sentences: Mapping[str, str] = {}
    connection: Mapping[str, str] = {}
    chosen: Mapping[str, str] = {}

    @property
    def folder(self) -> Path:
        """Folder of its .html, .js and .css."""
        return UI / self.name / "static"

    def renderer_of(self, session: Any) -> Renderer:
        """The session's own renderer of this layout, kept as long as the layout is shown."""
        if session.renderer is None or session.renderer.layout is not self:
            session.renderer = self.renderer(self)
        return session.renderer


class Shown(NamedTuple):
    """A layout in one run of a page's script.

    options : the view options of its renderer. more : what else the browser must know.
    idle : settings chosen in it that have no effect now; the URL need not say them.
    """

    layout: Layout
    options: Any
    more: Mapping[str, Any] = {}
    idle: tuple[str, ...] = ()
