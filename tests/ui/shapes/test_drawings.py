"""Pictures that the reader draws: strokes as text, and the ink that they leave."""

from itertools import pairwise

import numpy as np
import pytest

from rnn_core.tasks.captions.pictures import INK, PIXELS, SIDE, centres, pictures
from ui.shapes.drawings import FIRST, GRID, LETTERS, LONGEST, RADIUS, amounts_of, read
from ui.shapes.picture_controls import settings


def text(*points):
    """Positions of these points, which are given in pixels."""
    return "".join(LETTERS[round(at * GRID / SIDE - 0.5)] for point in points for at in point)


def test_the_first_drawing_is_almost_a_training_picture():
    objects, places = np.array([[[0, 0, 3], [1, 2, 1]]]), np.array([[1, 7]])  # a small red ring, a large blue square
    wanted = pictures(objects, centres(places))[0]
    ink = (amounts_of(FIRST) @ INK).reshape(PIXELS)
    assert np.abs(ink - wanted).mean() < 0.010 and np.abs(ink - wanted).max() < 0.17


def near(points, pixel):
    """(n, n) how far points of a pixel (x, y) are from the nearest of `points`."""
    at = (np.arange(20) + 0.5) / 20
    within = np.stack(np.meshgrid(pixel[0] + at, pixel[1] + at), axis=-1)
    return np.linalg.norm(within[:, :, None] - points, axis=-1).min(axis=-1)


def walk(points):
    """Many points on the straight lines from one of `points`, on the grid, to the next; in pixels."""
    corners = (points + 0.5) * SIDE / GRID
    return np.concatenate([np.linspace(*ends, 200) for ends in pairwise(corners)])


@pytest.mark.parametrize("seed", range(3))
def test_a_line_covers_what_is_near_it(seed):
    random = np.random.default_rng(seed)
    points = random.integers(0, GRID, (4, 2))
    drawn = amounts_of("bl" + "".join(LETTERS[at] for at in points.ravel()))[..., 2]
    along = walk(points)
    passed = np.unique(along.astype(int), axis=0)
    for x, y in np.concatenate([random.permutation(passed)[:12], random.integers(0, SIDE, (4, 2))]):
        assert drawn[y, x] == pytest.approx((near(along, (x, y)) <= RADIUS).mean(), abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_a_filled_shape_covers_its_inside(seed):
    """A pixel that its edge does not touch is covered as a walk around it says: all of it, or nothing."""
    points = np.random.default_rng(seed).integers(0, GRID, (5, 2))
    drawn = amounts_of("gf" + "".join(LETTERS[at] for at in points.ravel()))[..., 1]
    around = walk(np.concatenate([points, points[:1]]))
    checked = 0
    for y in range(SIDE):
        for x in range(SIDE):
            away = around - (x + 0.5, y + 0.5)
            if np.hypot(*away.T).min() < 0.72:
                continue
            turned = np.unwrap(np.arctan2(away[:, 1], away[:, 0]))
            turns = round((turned[-1] - turned[0]) / (2 * np.pi))
            assert drawn[y, x] == turns % 2
            checked += 1
    assert checked > 50


def test_the_ink_is_what_the_paper_shows():
    """Edges are not counted twice: what is covered leaves nothing, what has no inside is not there."""
    there = text((1, 7), (13, 7))
    assert amounts_of(f"rf{there}{text((1, 7))}").sum() == 0  # there and back: nothing is filled
    assert amounts_of(f"rf{there}").sum() == amounts_of(f"rl{there}").sum() > 0  # two points fill nothing
    slanted = text((2, 10), (7, 2), (13, 10.5))
    for kind in "lf":
        assert amounts_of(f"r{kind}{slanted}.p{kind}{slanted}").sum() == 0
        assert (
            amounts_of(f"r{kind}{slanted}.b{kind}{slanted}")[..., 2] == amounts_of(f"b{kind}{slanted}")[..., 2]
        ).all()
    side_by_side = amounts_of(f"gl{text((2, 7.1), (12, 7.1))}.gl{text((2, 7.9), (12, 7.9))}")[7, 4:10, 1]
    assert (side_by_side > 0.95).all()  # two lines within one pixel: it is full
    half = amounts_of(f"yf{text((1.125, 2), (9.125, 2), (9.125, 8), (1.125, 8))}")[..., 3]
    assert half.sum() == pytest.approx(8 * 6, abs=0.3)


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


def test_a_drawing_that_is_too_long_is_not_taken_from_a_browser_either():
    drawing = settings()["drawing"]
    assert drawing.allows("rl" + "0" * (LONGEST - 2)) and not drawing.allows("rl" + "0" * LONGEST)
