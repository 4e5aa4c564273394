"""Which kernel steps: numpy always, numba where the extra ``[fast]`` is installed."""

from __future__ import annotations

from importlib.util import find_spec

from .chance import Chance
from .cooling import Stepper
from .slots import Heat, Slots


def kernel_named(name: str) -> str:
    """`numpy` or `numba`; `auto` is the fast one where it is installed. Raises ValueError."""
    if name == "auto":
        return "numba" if find_spec("numba") else "numpy"
    if name not in ("numpy", "numba"):
        raise ValueError(f"no kernel {name!r}: numpy, numba or auto")
    return name


def stepper(name: str, chance: Chance, slots: Slots) -> Stepper:
    """The kernel of this name, ready for an arrangement."""
    if name == "numba":
        from .fast import Metropolis

        return Metropolis(chance, slots.units)
    return Heat(chance, slots.tables, slots.width)
