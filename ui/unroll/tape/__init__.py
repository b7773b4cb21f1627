"""The arithmetic of a network, opened: every operation of one reading, forwards and backwards, with its numbers.

No Streamlit in here, and nothing of the kernels: NumPy in float64, one operation after the other.
"""

from ui.unroll.tape.tape import Computation, Tape, open_up

__all__ = ["Computation", "Tape", "open_up"]
