"""Measure coursekit against SciPy and torch, and write their part of docs/benchmarks.md.

Run it from the repository's root, on an idle machine: python -m benchmarks.ratios
All programs take turns in one process on one thread, on inputs of random sign (sorted ones would
hide the price of a branch), and each time is a median of CPU time. Only ratios are worth keeping.
"""

import argparse

from benchmarks import functions, timing, training
from benchmarks.page import write_part

TEXT = """## Numerics

`make bench` writes this part, in one run on one thread, the programs taking turns, as medians of
CPU time. Times depend on the machine, ratios less so.

{machine}

### Functions

A ratio is the peer's time over coursekit's: 2.00 means twice as fast as the peer. *copy* moves the
input to the output and nothing else, which is the limit that memory sets.

{functions}

SciPy has no softplus; `numpy.logaddexp(x, 0)` stands in for it. torch's softplus has its threshold
raised to 40, so that it computes the same function. float32 is computed in float64 and
rounded once. That costs the conversion, and at n = 1000 most of a call is the fixed price of the
checks and of silencing NumPy's floating-point warnings.

Look at SciPy's time before you trust a ratio. On one machine float64 `scipy.special.expit` took 14
to 18 ns an element in some runs of one program and 37 to 41 in others, for a reason that was not
found, while coursekit took 8 to 9. Against SciPy's fast state the float64 ratio is 1.7 to 2.1 at
n = 1,000,000, and the ratios at n = 1,000 are about 0.4: the goal there is missed.

### A training step

Forwards, backwards and plain SGD on a batch of 64, for a sigmoid network of 64-64-32-10 with
cross-entropy: by hand (`coursekit.network`), by graph (`coursekit.autograd`), and for five seeds
stacked. A ratio is the step's time over the other's, so that smaller is faster.

{training}

*products* are the eight matrix products of the step and nothing else. At this size they take less
time than a few dozen calls of NumPy, which a graph cannot avoid: it records, allocates and adds
each gradient apart. That goal is missed; the graph is faster than torch's all the same.
"""


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=51, help="turns of every program")
    rounds = parser.parse_args().rounds
    text = TEXT.format(
        machine=timing.machine(),
        functions=functions.table(rounds),
        training=training.table(rounds),
    )
    write_part("numerics", text)
    print(text)


if __name__ == "__main__":
    main()
