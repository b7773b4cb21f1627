"""Numbers as they are printed: a minus sign, powers of ten."""

import math
import re

import numpy as np
from numpy.typing import ArrayLike

MOST = 1e7  # from here on, a power of ten
MOST_DIGITS = 999_999  # of a power of e, before or behind the point
_EXPONENT = re.compile(r"e([+-]?)0*(\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typographic(number: str) -> str:
    """A formatted number with a minus sign, and with a power of ten for its exponent.

    >>> typographic("-0.5"), typographic("3.2e-05"), typographic("1.0e+00"), typographic("-2e+12")
    ('−0.5', '3.2×10⁻⁵', '1.0', '−2×10¹²')
    """
    return _EXPONENT.sub(_power, number).replace("-", "−")


def _power(found: re.Match[str]) -> str:
    sign, digits = found.groups()
    return "" if digits == "0" else "×10" + (sign.replace("+", "") + digits).translate(_RAISED)


def power_of_ten(exponent: int) -> str:
    """A power of ten as it stands on an axis.

    >>> power_of_ten(-3), power_of_ten(1)
    ('10⁻³', '10¹')
    """
    return "10" + str(exponent).translate(_RAISED)


def short(number: float) -> str:
    """A number in three digits; a dash where there is none.

    >>> short(0.91234), short(-1.5e-7), short(float("nan"))
    ('0.912', '−1.5×10⁻⁷', '–')
    """
    return typographic(f"{number:.3g}") if math.isfinite(number) else "–"


def grouped(number: float, digits: int = 2) -> str:
    """A number with its thousands apart; a power of ten where that would be a long row of digits.

    >>> grouped(1234.5), grouped(-0.0, 1), grouped(-3.1e24), grouped(float("inf"))
    ('1,234.50', '0.0', '−3.1×10²⁴', '–')
    """
    return f"{number:z,.{digits}f}" if abs(number) < MOST else short(number)


def power(nats: float) -> str:
    """exp(nats) in two digits and a power of ten, however large or small.

    >>> power(math.log(9.97e-22)), power(math.log(9.94e-22))
    ('1.0×10⁻²¹', '9.9×10⁻²²')
    >>> power(-1e22), power(1e22)
    ('< 10⁻⁹⁹⁹⁹⁹⁹', '> 10⁹⁹⁹⁹⁹⁹')
    """
    exponent = math.floor(nats / math.log(10))
    if abs(exponent) > MOST_DIGITS:
        return f"> {power_of_ten(MOST_DIGITS)}" if exponent > 0 else f"< {power_of_ten(-MOST_DIGITS)}"
    digits = f"{10 ** (nats / math.log(10) - exponent):.1f}"
    return typographic(f"{digits}e{exponent}" if digits != "10.0" else f"1.0e{exponent + 1}")


def perplexity(loss: float, digits: int = 2) -> str:
    """exp(loss in nats), however large; a dash where there is none.

    >>> perplexity(math.log(34)), perplexity(1000.0), perplexity(1e22), perplexity(float("nan"))
    ('34.00', '2.0×10⁴³⁴', '> 10⁹⁹⁹⁹⁹⁹', '–')
    """
    if not math.isfinite(loss):
        return "–"
    return grouped(math.exp(loss), digits) if loss < math.log(MOST) else power(loss)


def percent(share: float) -> str:
    """A share in percent; a power of ten where that would be nearly nothing.

    >>> percent(0.034), percent(1.0), percent(0.0004), percent(3e-7)
    ('3.4%', '100%', '0.04%', '3.0×10⁻⁷')
    """
    return f"{100 * share:.3g}%" if share >= 1e-4 else typographic(f"{share:.1e}")


def column(numbers: ArrayLike, digits: int = 4) -> list[float]:
    """Numbers for a column of a table, rounded in float64: a rounded float32 is a long row of digits.

    >>> column(np.float32([0.9953, 1 / 3]))
    [0.9953, 0.3333]
    """
    rounded: list[float] = np.asarray(numbers, np.float64).round(digits).tolist()
    return rounded


def number(value: float, digits: int = 3) -> str:
    """A number for a table cell; empty where there is none."""
    return f"{value:.{digits}g}" if math.isfinite(value) else ""
