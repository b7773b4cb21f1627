"""A small voice: vowels as a source that is filtered by the resonances of a mouth (Fant 1960; Klatt 1980).

The source is a row of pulses at the pitch, low-pass filtered, with some breath; three resonators in a row follow, at
the formants of a vowel. Each is y_n = a x_n + b y_{n-1} + c y_{n-2}, with c = -exp(-2 pi B / R), b = 2 exp(-pi B / R)
cos(2 pi F / R), a = 1 - b - c, for a frequency F, a bandwidth B and R samples per second. Between two vowels that
follow one another the formants glide.

Speakers differ in the length of their vocal tract, which scales all formants, in pitch, in how they say each vowel, in
the sound of their voice, and in how fast they speak. Rooms differ in noise and in what a microphone lets through.
"""

import math
from typing import NamedTuple

import numpy as np

from rnn_core.kernels.jit import kernel
from rnn_core.tasks.speech.features import HOP, RATE, WINDOW

VOWELS = ("a", "e", "i", "o", "u")
FORMANTS = np.array([  # Hz, of a tract of middle length, about as in Spanish
    [800.0, 1300.0, 2600.0],
    [480.0, 1950.0, 2650.0],
    [300.0, 2300.0, 3000.0],
    [480.0, 880.0, 2500.0],
    [320.0, 750.0, 2350.0],
])  # fmt: skip
BANDWIDTHS = np.array([80.0, 100.0, 150.0])  # Hz
CONTROL = 40  # samples for which the resonators stay as they are: 5 ms
EDGE = 0.02  # seconds in which a vowel begins and ends
SHORTEST, APART = 0.07, 0.056  # seconds of a vowel, and between two equal ones: three frames and more


class Speaker(NamedTuple):
    """What is always the same of one voice."""

    tract: float  # factor of all formants: below 1 a long vocal tract
    accent: np.ndarray  # (vowels, 3) factors of their formants
    pitch: float  # Hz
    tilt: float  # pole of the low-pass of the source: the nearer to 1, the softer
    breath: float  # noise in the source
    pace: float  # seconds of a vowel


class Utterance(NamedTuple):
    """A sound and what is said in it."""

    wave: np.ndarray  # (samples,) at RATE, of mean square 1
    path: np.ndarray  # (frames,) int32: the number of the vowel that sounds, from 1; 0 is none


def speaker(rng: np.random.Generator) -> Speaker:
    """A new one."""
    tract = float(rng.uniform(0.82, 1.22))
    return Speaker(
        tract=tract,
        accent=np.exp(rng.normal(0, 0.05, FORMANTS.shape)),
        pitch=float(np.clip(165 * tract**2.3 * math.exp(rng.normal(0, 0.12)), 80, 340)),
        tilt=float(rng.uniform(0.7, 0.95)),
        breath=float(rng.uniform(0.01, 0.1)),
        pace=float(rng.uniform(0.1, 0.17)),
    )


def speak(rng: np.random.Generator, vowels: np.ndarray, voice: Speaker, frames: int, noise: float) -> Utterance:
    """These vowels (n,), numbers from 0, by this speaker, in so many frames; silence of any length before and after.

    rng : of everything that differs from time to time. noise : decibels of the voice above the room's noise.
    """
    samples = frames * HOP + WINDOW - HOP
    seconds = samples / RATE
    lasts = np.maximum(voice.pace * rng.uniform(0.75, 1.3, len(vowels)), SHORTEST)
    equal = vowels[1:] == vowels[:-1]
    gaps = np.where(equal | (rng.random(len(equal)) < 0.4), rng.uniform(APART, APART + 0.03, len(equal)), 0.0)
    room = seconds - 2 * EDGE - lasts.sum() - gaps.sum()
    if room < 0:
        lasts = SHORTEST + (lasts - SHORTEST) * max(0.0, 1 + room / max((lasts - SHORTEST).sum(), 1e-9))
    begins = EDGE + max(room, 0.0) * rng.random() + np.concatenate([[0], np.cumsum(lasts[:-1] + gaps)])
    ends = begins + lasts

    times = np.arange(-(-samples // CONTROL)) * CONTROL / RATE
    loudness, anchors, places = np.zeros(len(times)), [], []
    for number, (vowel, begin, end) in enumerate(zip(vowels, begins, ends, strict=True)):
        joined = number + 1 < len(vowels) and gaps[number] == 0  # without a pause to the next
        rises = 1.0 if number and gaps[number - 1] == 0 else (times - begin) / EDGE
        falls = 1.0 if joined else (end - times) / EDGE
        inside = (times >= begin) & (times <= end)
        loudness = np.maximum(loudness, inside * np.clip(np.minimum(rises, falls), 0, 1))
        anchors += [begin + EDGE, end - EDGE]
        places += [FORMANTS[vowel] * voice.accent[vowel] * voice.tract * np.exp(rng.normal(0, 0.02, 3))] * 2
    tracks = np.stack([np.interp(times, anchors, formant) for formant in np.array(places).T], axis=1)

    source = _source(rng, voice, samples) * np.repeat(loudness, CONTROL)[:samples]
    wave = np.empty(samples)
    resonate(source, tracks, BANDWIDTHS * rng.uniform(0.8, 1.3), voice.tilt, np.zeros((4, 3)), wave)
    wave = np.diff(wave, prepend=0)  # the lips let high frequencies pass
    wave -= rng.uniform(-0.3, 0.3) * np.concatenate([[0], wave[:-1]])  # so does, more or less, a microphone
    wave /= math.sqrt(np.square(wave).mean())
    wave += 10 ** (-noise / 20) * rng.normal(size=samples)
    centres = (np.arange(frames) * HOP + WINDOW / 2) / RATE
    path = np.zeros(frames, np.int32)
    for vowel, begin, end in zip(vowels, begins, ends, strict=True):
        path[(centres >= begin) & (centres < end)] = 1 + vowel
    return Utterance(wave, path)


def _source(rng: np.random.Generator, voice: Speaker, samples: int) -> np.ndarray:
    """Pulses at a pitch that falls and trembles, and breath."""
    times = np.arange(samples) / RATE
    falls, trembles = rng.uniform(-0.05, 0.2), 0.015 * np.sin(2 * np.pi * (5 * times + rng.random()))
    pitch = voice.pitch * math.exp(rng.normal(0, 0.05)) * (1 - falls * times + trembles)
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE + rng.random()), prepend=0)
    return pulses * np.sqrt(0.1 * RATE / pitch) + voice.breath * rng.normal(size=samples)


@kernel
def resonate(
    source: np.ndarray,
    tracks: np.ndarray,
    bandwidths: np.ndarray,
    tilt: float,
    state: np.ndarray,
    wave: np.ndarray,
) -> None:
    """wave (samples,) = source, through the low-pass and the resonators at tracks (samples / CONTROL, 3).

    state (4, 3) : y_{n-1}, y_{n-2}, b, c of each resonator; zero at the beginning.
    """
    soft, step = 0.0, 1.0 / RATE
    first, second, b, c = state[0], state[1], state[2], state[3]
    for n in range(source.size):
        if n % CONTROL == 0:
            for k in range(3):
                radius = math.exp(-math.pi * bandwidths[k] * step)
                b[k] = 2.0 * radius * math.cos(2.0 * math.pi * tracks[n // CONTROL, k] * step)
                c[k] = -radius * radius
        soft = source[n] + tilt * soft
        x = soft
        for k in range(3):
            y = (1.0 - b[k] - c[k]) * x + b[k] * first[k] + c[k] * second[k]
            second[k], first[k] = first[k], y
            x = y
        wave[n] = x
