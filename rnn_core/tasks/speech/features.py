"""Log-mel features: how much energy a sound has in each band of frequencies, a frame every 16 ms.

    m = 2595 log10(1 + f / 700)          the mel scale (O'Shaughnessy 1987); the bands are triangles, equally wide on it
    x = log10(E / L + 0.001) + 1.5       E : energy of a band in a frame; L : its mean in the loudest quarter of them

so that it does not matter how loud a recording is, and what lies 30 dB below its loud frames counts as silence.
"""

import functools
import math

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.errors import InputError
from rnn_core.inputs import array_of, check_number

RATE = 8000  # samples per second: vowels need no more
WINDOW, HOP = 256, 128  # samples: frames of 32 ms, one every 16 ms
BANDS = 20
LOWEST, HIGHEST = 60.0, 3900.0  # Hz
FLOOR, OFFSET = 1e-3, 1.5
LONGEST_RESAMPLED = 60.0  # seconds


def mel(hertz: ArrayLike) -> np.ndarray:
    """The place of a frequency on the mel scale."""
    return 2595 * np.log10(1 + np.asarray(hertz, np.float64) / 700)


@functools.cache
def bands() -> np.ndarray:
    """(BANDS, WINDOW // 2 + 1): the triangles, as weights of a spectrum's frequencies."""
    low, centre, high = (_edges()[i : BANDS + i, None] for i in range(3))
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    return np.maximum(0, np.minimum((frequencies - low) / (centre - low), (high - frequencies) / (high - centre)))


@functools.cache
def centres() -> np.ndarray:
    """(BANDS,) the frequency in Hz at which each band is most open."""
    return _edges()[1:-1]


@functools.cache
def _edges() -> np.ndarray:
    return 700 * (10 ** (np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2) / 2595) - 1)


def decibels(features: np.ndarray) -> np.ndarray:
    """Features as decibels from the energy of the loud frames."""
    return 10 * (np.asarray(features, np.float64) - OFFSET)


def log_mel(wave: np.ndarray) -> np.ndarray:
    """(frames, BANDS) float32, about 0 in the mean, of a sound (samples,) of at least one window at RATE."""
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    energy = np.square(np.abs(np.fft.rfft(frames * hann, axis=1))) @ bands().T
    loudest = np.sort(energy.mean(axis=1))[-max(1, len(energy) // 4) :].mean()
    return (np.log10(energy / max(loudest, 1e-20) + FLOOR) + OFFSET).astype(np.float32)


def resampled(wave: ArrayLike, rate: float) -> np.ndarray:
    """(samples,) a sound of another rate at RATE, without what RATE cannot hold (its spectrum is cut).

    wave : (samples,) floats. rate : its samples per second. Raises InputError for anything else.
    """
    wave, rate = array_of("wave", wave), check_number("rate", rate, 1000, 400_000)
    seconds = len(wave) / rate if wave.ndim == 1 else math.inf
    if not 0 < seconds <= LONGEST_RESAMPLED or not np.isfinite(wave).all():
        raise InputError(
            f"wave has shape {wave.shape}; expected (samples,) finite numbers, at most {LONGEST_RESAMPLED:g} seconds"
        )
    if rate == RATE:
        return wave.astype(np.float64)
    tenths = math.ceil(10 * seconds)  # silence fills them: lengths with few factors are transformed ten times as fast
    given, made = max(len(wave), round(tenths * rate / 10)), tenths * RATE // 10
    spectrum, kept = np.fft.rfft(wave, given), made // 2 + 1
    spectrum = np.pad(spectrum[:kept], (0, max(0, kept - len(spectrum))))
    return (np.fft.irfft(spectrum, made) * (made / given))[: max(1, round(seconds * RATE))]
