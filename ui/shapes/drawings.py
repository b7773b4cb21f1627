"""A picture that the reader draws: strokes as text, and the ink that they leave on the network's pixels."""

import re
import string
from functools import lru_cache
from itertools import pairwise

import numpy as np

from rnn_core.tasks.captions.pictures import INK, SIDE

DRAWN = "drawn"  # the split of a sample that is a drawing
GRID = 60  # positions from left to right and from top to bottom: four in each pixel
LETTERS = (string.digits + string.ascii_uppercase + string.ascii_lowercase)[:GRID]  # of a position
COLOURS = "rgby"  # in the order of `INK`
PAPER = "p"
LINE, FILLED = "lf"
RADIUS = 0.4  # pixels: half the width of a line, which is that of a ring in the training data
WITHIN = 20  # points at which the paper is looked at, from one end of a pixel to the other
FINE = SIDE * WITHIN
MIDDLES = (np.arange(FINE) + 0.5) / WITHIN  # of these points, in pixels
LONGEST = 1200  # characters of a drawing
STROKE = rf"[{COLOURS}{PAPER}][{LINE}{FILLED}](?:[0-9A-Za-x]{{2}})+"
PATTERN = rf"(?:{STROKE}(?:\.{STROKE})*)?"  # colour, kind, and x and y of each point; a dot between two strokes
FIRST = "rlU4W5Y7ZAXDVFSFQDOAP7R5U4.bfKededxKx"  # a small red ring above a large blue square


def read(text: str) -> list[tuple[str, str, np.ndarray]] | None:
    """Colour, kind, and points (n, 2) in pixels of each stroke; None for what is no drawing.

    >>> read("rl00")[0][2].tolist(), read("rx00")
    ([[0.125, 0.125]], None)
    """
    if not re.fullmatch(PATTERN, text):
        return None
    return [(stroke[0], stroke[1], _points(stroke[2:])) for stroke in text.split(".") if stroke]


def _points(letters: str) -> np.ndarray:
    numbers = np.array([LETTERS.index(letter) for letter in letters], float)
    return (numbers.reshape(-1, 2) + 0.5) * SIDE / GRID


@lru_cache(maxsize=16)
def amounts_of(text: str) -> np.ndarray | None:
    """(SIDE, SIDE, colours) how much of each colour lies on every pixel, from 0 to 1; None for what is no drawing.

    What the paper shows, averaged over each pixel: a stroke hides what lies below it.
    """
    strokes = read(text)
    if strokes is None:
        return None
    seen = np.full((FINE, FINE), -1)  # the colour at every point
    for colour, kind, points in strokes:
        covered = _inside(points) if kind == FILLED and len(points) > 2 else _near(points)
        seen[covered] = COLOURS.find(colour)  # -1 is the paper
    layers = (seen[..., None] == np.arange(len(INK))).reshape(SIDE, WITHIN, SIDE, WITHIN, len(INK))
    amounts = layers.mean(axis=(1, 3))
    amounts.flags.writeable = False
    return amounts


def _near(points: np.ndarray) -> np.ndarray:
    """(FINE, FINE) whether a point lies on the line through `points`: within its radius, with round ends."""
    near = np.zeros((FINE, FINE), bool)
    for start, end in pairwise(np.concatenate([points, points[-1:]])):
        low = np.maximum(0, ((np.minimum(start, end) - RADIUS) * WITHIN).astype(int))
        high = ((np.maximum(start, end) + RADIUS) * WITHIN).astype(int) + 1
        columns, rows = slice(low[0], high[0]), slice(low[1], high[1])
        x, y = MIDDLES[None, columns] - start[0], MIDDLES[rows, None] - start[1]
        along = end - start
        share = np.clip((x * along[0] + y * along[1]) / max(along @ along, 1e-12), 0, 1)
        near[rows, columns] |= (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2 <= RADIUS**2
    return near


def _inside(points: np.ndarray) -> np.ndarray:
    """(FINE, FINE) whether a point lies inside the polygon: a ray from it crosses the edge an odd number of times."""
    inside = np.zeros((FINE, FINE), bool)
    for (x0, y0), (x1, y1) in pairwise(np.concatenate([points, points[:1]])):
        rows = (y0 > MIDDLES) != (y1 > MIDDLES)
        if rows.any():
            crossing = x0 + (x1 - x0) * (MIDDLES[rows, None] - y0) / (y1 - y0)
            inside[rows] ^= crossing > MIDDLES
    return inside
