"""Invented networks of facilities and requests, for benches: seeded, sizes S to XL."""

from matcher.generate.network import network
from matcher.generate.sizes import SIZES, NetworkSize, SizeName

__all__ = ["SIZES", "NetworkSize", "SizeName", "network"]
