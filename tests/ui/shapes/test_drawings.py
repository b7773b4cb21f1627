"""Pictures that the reader draws: strokes as text, and the ink that they leave."""

from itertools import pairwise

import numpy as np
import pytest

from rnn_core.tasks.captions.pictures import INK, PIXELS, SIDE, centres, pictures
from ui.shapes.drawings import FIRST, GRID, LETTERS, RADIUS, amounts_of, read


def text(*points):
    """Positions of these points, which are given in pixels."""
    return "".join(LETTERS[round(at * GRID / SIDE - 0.5)] for point in points for at in point)


def test_the_first_drawing_is_almost_a_training_picture():
    objects, places = np.array([[[0, 0, 3], [1, 2, 1]]]), np.array([[1, 7]])  # a small red ring, a large blue square
    wanted = pictures(objects, centres(places))[0]
    ink = (amounts_of(FIRST) @ INK).reshape(PIXELS)
    assert np.abs(ink - wanted).mean() < 0.01 and np.abs(ink - wanted).max() < 0.25


@pytest.mark.parametrize("seed", range(3))
def test_a_line_covers_what_is_near_it(seed):
    points = np.random.default_rng(seed).integers(0, GRID, (4, 2))
    drawn = amounts_of("bl" + "".join(LETTERS[at] for at in points.ravel()))[..., 2]
    corners = (points + 0.5) * SIDE / GRID
    along = np.concatenate([np.linspace(*ends, 400) for ends in pairwise(corners)])
    for y in range(SIDE):
        for x in range(SIDE):
            far = np.hypot(along[:, 0] - x - 0.5, along[:, 1] - y - 0.5).min()
            assert drawn[y, x] == pytest.approx(np.clip(0.5 + RADIUS - far, 0, 1), abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_a_filled_shape_covers_its_inside(seed):
    """A pixel that its edge does not touch is covered as a walk around it says: all of it, or nothing."""
    points = np.random.default_rng(seed).integers(0, GRID, (5, 2))
    drawn = amounts_of("gf" + "".join(LETTERS[at] for at in points.ravel()))[..., 1]
    corners = (points + 0.5) * SIDE / GRID
    around = np.concatenate([np.linspace(a, b, 400) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
    around = np.concatenate([around, around[:1]])
    checked = 0
    for y in range(SIDE):
        for x in range(SIDE):
            away = around - (x + 0.5, y + 0.5)
            if np.hypot(*away.T).min() < 0.55:
                continue
            turned = np.unwrap(np.arctan2(away[:, 1], away[:, 0]))
            turns = round((turned[-1] - turned[0]) / (2 * np.pi))
            assert drawn[y, x] == turns % 2
            checked += 1
    assert checked > 50


def test_a_stroke_covers_those_below_and_paper_erases():
    square = text((2, 2), (8, 2), (8, 8), (2, 8))
    over = amounts_of(f"rf{square}.yf{square}")
    assert over[4, 4].tolist() == [0, 0, 0, 1]
    assert not amounts_of(f"rf{square}.pf{square}")[3:7, 3:7].any()
    assert (amounts_of(f"rf{square}.bl{text((0, 5), (14, 5))}").sum(axis=-1) <= 1).all()
    assert amounts_of("").shape == (SIDE, SIDE, len(INK)) and not amounts_of("").any()


@pytest.mark.parametrize(
    "odd", ["r", "rl", "rl0", "xl00", "rx00", "rl00.", ".rl00", "rl0z", "rl00 ", "rl00\n", "红l00"]
)
def test_what_is_no_drawing_is_refused(odd):
    assert amounts_of(odd) is None and read(odd) is None
