"""A picture that the reader draws: strokes as text, and the ink that they leave on the network's pixels."""

import re
import string

import numpy as np

from rnn_core.tasks.captions.pictures import INK, SIDE

DRAWN = "drawn"  # the split of a sample that is a drawing
GRID = 60  # positions from left to right and from top to bottom: four in each pixel
LETTERS = (string.digits + string.ascii_uppercase + string.ascii_lowercase)[:GRID]  # of a position
COLOURS = "rgby"  # in the order of `INK`
PAPER = "p"
LINE, FILLED = "lf"
RADIUS = 0.45  # pixels: half the width of a line, which is that of a ring in the training data
LONGEST = 1200  # characters of a drawing
STROKE = rf"[{COLOURS}{PAPER}][{LINE}{FILLED}](?:[0-9A-Za-x]{{2}})+"
PATTERN = rf"(?:{STROKE}(?:\.{STROKE})*)?"  # colour, kind, and x and y of each point; a dot between two strokes
FIRST = "rlU4W5Y7ZAXDVFSFQDOAP7R5U4.bfLfcfcwLw"  # a small red ring above a large blue square


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


def amounts_of(text: str) -> np.ndarray | None:
    """(SIDE, SIDE, colours) how much of each colour lies on every pixel, from 0 to 1; None for what is no drawing.

    A stroke covers what lies below it; the edge of a line is as soft as those of the training pictures.
    """
    strokes = read(text)
    if strokes is None:
        return None
    amounts = np.zeros((SIDE, SIDE, len(INK)))
    for colour, kind, points in strokes:
        cover = _cover(points, kind == FILLED)[..., None]
        amounts *= 1 - cover
        if colour != PAPER:
            amounts[..., [COLOURS.index(colour)]] += cover
    return amounts


def _cover(points: np.ndarray, filled: bool) -> np.ndarray:
    """(SIDE, SIDE) how much of each pixel a stroke covers."""
    ends = np.roll(points, -1, axis=0) if filled else np.concatenate([points[1:], points[-1:]])
    along = ends - points
    middle = np.arange(SIDE) + 0.5
    pixel = np.stack(np.meshgrid(middle, middle), axis=-1)[:, :, None]  # (y, x, 1, 2)
    length = np.maximum((along**2).sum(axis=-1), 1e-12)
    share = np.clip(((pixel - points) * along).sum(axis=-1) / length, 0, 1)
    far = np.linalg.norm(pixel - (points + share[..., None] * along), axis=-1).min(axis=-1)
    if not filled:
        return np.clip(0.5 + RADIUS - far, 0, 1)
    x, y = pixel[..., 0], pixel[..., 1]
    between = (points[:, 1] > y) != (ends[:, 1] > y)
    height = np.where(along[:, 1] == 0, 1, along[:, 1])
    crossed = between & (x < points[:, 0] + along[:, 0] * (y - points[:, 1]) / height)
    inside = crossed.sum(axis=-1) % 2 == 1
    return np.clip(0.5 + np.where(inside, far, -far), 0, 1)
