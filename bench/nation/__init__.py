"""A synthetic nation as a dataset folder, with faults planted in it that are known one by one."""

from bench.nation.generate import SCALES, write_nation

__all__ = ["SCALES", "write_nation"]
