"""Views of the page: `picture(context)` returns the payload, the figures by name, and what else the guides and tables
of the view need."""

from collections.abc import Callable
from typing import Any

from ui.language.frame_context import FrameContext
from ui.language.views import baselines, game, score, write
from ui.live.renderer import Part

Drawn = tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]

PICTURES: dict[str, Callable[[FrameContext], Drawn]]
PICTURES = {"score": score.picture, "write": write.picture, "rulers": baselines.picture, "game": game.picture}
GUIDES: dict[str, dict[str, Callable[..., Part]]]  # of the context, and of what else its picture returns
GUIDES = {"score": score.GUIDES, "write": write.GUIDES, "rulers": baselines.GUIDES, "game": game.GUIDES}
ALL_GUIDES = {name: guide for guides in GUIDES.values() for name, guide in guides.items()}
