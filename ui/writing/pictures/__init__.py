"""What each half of the page shows: `picture(scene)` gives what travels as JSON, and the figures by name."""

from ui.writing.pictures import game, rulers, score, write

PICTURES = {"score": score.picture, "write": write.picture, "rulers": rulers.picture, "game": game.picture}
