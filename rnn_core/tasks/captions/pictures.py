"""Small pictures of two objects on white paper. A number for each pixel and colour: the ink there, 0 is the paper."""

import numpy as np

SIDE = 15  # pixels
CELLS = 3  # places from left to right, and from top to bottom
CELL = SIDE / CELLS
JITTER = 0.25  # pixels: how far an object may lie from the middle of its place
RADII = (1.65, 2.45)  # of a small object, of a large one
INK = 1 - np.array([[0.85, 0.1, 0.1], [0.1, 0.6, 0.15], [0.15, 0.25, 0.85], [0.95, 0.75, 0.0]])  # of each colour
PIXELS = 3 * SIDE * SIDE
CIRCLE, SQUARE, TRIANGLE, RING = range(4)


def centres(places: np.ndarray, shift: np.ndarray | float = 0.0) -> np.ndarray:
    """(..., 2) x and y in pixels of places 0 to 8, row by row; shift : (..., 2) from the middle, in `JITTER`."""
    return (np.stack([places % CELLS, places // CELLS], axis=-1) + 0.5) * CELL + JITTER * np.asarray(shift)


def cover(shapes: np.ndarray, radii: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """(n, SIDE, SIDE) how much of each pixel each object covers, from 0 to 1. shapes, radii : (n,); middles : (n, 2)"""
    pixel = np.arange(SIDE) + 0.5
    x = pixel[None, None, :] - middles[:, 0, None, None]
    y = pixel[None, :, None] - middles[:, 1, None, None]
    radius, far = radii[:, None, None], np.hypot(x, y)
    beyond = np.empty_like(far)  # distance from the edge, inside below 0
    for shape, distance in (
        (CIRCLE, far - radius),
        (SQUARE, np.maximum(np.abs(x), np.abs(y)) - 0.9 * radius),
        (TRIANGLE, np.maximum(0.894 * np.abs(x) - 0.447 * (y + radius), y - 0.8 * radius)),
        (RING, np.abs(far - 0.8 * radius) - 0.2 * radius),
    ):
        beyond[shapes == shape] = distance[shapes == shape]
    return np.clip(0.5 - beyond, 0, 1)


def pictures(objects: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """(n, PIXELS) ink. objects : (n, 2, 3) size, colour and shape of each; middles : (n, 2, 2) as of `centres`."""
    ink = np.zeros((len(objects), SIDE, SIDE, 3))
    for k in range(2):
        size, colour, shape = objects[:, k].T
        ink += cover(shape, np.array(RADII)[size], middles[:, k])[..., None] * INK[colour][:, None, None]
    return np.minimum(ink, 1).reshape(len(objects), PIXELS).astype(np.float32)


def places_of(ink: np.ndarray) -> tuple[int, int]:
    """The places of the two objects of a picture (PIXELS,), the smaller number first."""
    side = SIDE // CELLS
    mass = ink.reshape(CELLS, side, CELLS, side, 3).sum(axis=(1, 3, 4)).ravel()
    first, other = sorted(np.argsort(mass)[-2:].tolist())
    return first, other


def relation_of(first: int, other: int) -> int | None:
    """How place `first` lies to another: above, below, left of or right of it; None for anything between."""
    if first == other:
        return None
    if first % CELLS == other % CELLS:
        return int(first > other)
    return 2 + int(first > other) if first // CELLS == other // CELLS else None
