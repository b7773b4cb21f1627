"""Numbers as they are printed: a minus sign, powers of ten."""

import math
import re

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


def percent(share: float) -> str:
    """A share in percent; a power of ten where that would be nearly nothing.

    >>> percent(0.034), percent(1.0), percent(0.0004), percent(3e-7)
    ('3.4%', '100%', '0.04%', '3.0×10⁻⁷')
    """
    return f"{100 * share:.3g}%" if share >= 1e-4 else typographic(f"{share:.1e}")


def number(value: float, digits: int = 3) -> str:
    """A number for a table cell; empty where there is none."""
    return f"{value:.{digits}g}" if math.isfinite(value) else ""
