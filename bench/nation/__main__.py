"""python -m bench.nation SCALE FOLDER: write a synthetic nation."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench.nation import SCALES, write_nation


def main() -> None:
    """Write the nation that the command line asks for, and say what it came to."""
    asked = _arguments()
    start = time.perf_counter()
    try:
        expected = write_nation(
            SCALES.get(asked.scale) or int(asked.scale), asked.folder, seed=asked.seed,
            code_table=asked.places, breaches=asked.breaches, bad_rows=asked.bad_rows,
            compress=asked.gzip,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from None
    size = sum(path.stat().st_size for path in asked.folder.iterdir())
    rows = sum(expected["rows"].values())
    seconds = time.perf_counter() - start
    print(
        f"{rows} rows, {size} bytes, {len(expected['findings'])} planted findings, {seconds:.1f} s"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.nation", description=main.__doc__)
    parser.add_argument("scale", help="communities: a number or one of " + ", ".join(SCALES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--places", type=Path, help="folder of the table of division codes")
    parser.add_argument("--breaches", type=int, default=0, help="how often each fault is planted")
    parser.add_argument("--bad-rows", type=int, default=0, help="how often each bad row is")
    parser.add_argument("--gzip", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
