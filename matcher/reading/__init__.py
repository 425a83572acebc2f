"""From the bytes of a problem file to a problem, or to every fault in it."""
