"""What each half of the page shows: `picture(scene)` gives what travels as JSON, and the figures by name."""

from ui.language.views import baselines, game, score, write

PICTURES = {"score": score.picture, "write": write.picture, "rulers": baselines.picture, "game": game.picture}
