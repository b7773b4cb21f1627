"""The sound that a network reads, below its states: energy by frequency and time."""

from typing import TYPE_CHECKING

import numpy as np

from rnn_core.tasks.speech.features import centres, decibels
from ui.charts.colours import colour_bar
from ui.charts.staves import Stave

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.theme import Theme

HEIGHT = 96  # pixels
LOWEST, HIGHEST = -30.0, 12.0  # decibels, from the mean of the loud frames
MARKED = (300, 1000, 3000)  # Hz


def spectrogram(frames: np.ndarray, theme: "Theme", translate: "Translate") -> Stave:
    """The features (T, D) of a sound, low frequencies at the bottom."""
    heat = {
        "type": "heatmap",
        "x": np.arange(len(frames), dtype=np.float64),
        "z": decibels(frames).T.astype(np.float32),
        "colorscale": [list(stop) for stop in theme.sequential],
        "zmin": LOWEST,
        "zmax": HIGHEST,
        "hovertemplate": translate("step %{x}, band %{y}: %{z:.0f} dB") + "<extra></extra>",
        "colorbar": colour_bar([LOWEST, 0]),
    }
    ticks = [float(np.interp(hertz, centres(), np.arange(frames.shape[1]))) for hertz in MARKED]
    axis = {
        "range": [-0.5, frames.shape[1] - 0.5],
        "tickvals": ticks,
        "ticktext": [f"{hertz / 1000:g} kHz" for hertz in MARKED],
    }
    heading = translate("inputs x<sub>t</sub>: energy of the sound in each band of frequencies (dB)")
    return Stave(heading, HEIGHT, [heat], axis)
