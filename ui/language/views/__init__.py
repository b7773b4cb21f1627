"""Views of the page: `picture(context)` returns the payload and the figures by name."""

from ui.language.views import baselines, game, score, write

PICTURES = {"score": score.picture, "write": write.picture, "rulers": baselines.picture, "game": game.picture}
