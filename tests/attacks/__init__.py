"""Every trick we know of against the grader, bounded so that it stays harmless if it succeeds."""
