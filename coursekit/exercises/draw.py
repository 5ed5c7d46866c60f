"""Draws that several chapters' cases share."""

import numpy as np


def number(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number with two decimals, which reads well in a verdict."""
    return round(float(rng.uniform(low, high)), 2)
