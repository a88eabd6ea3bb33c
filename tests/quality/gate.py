"""`make gate`: measures quality and holds it to the floors in floors.toml.

    gate.py [--data DIR] [--only NAME] [--raise-floors] [--json FILE]

Every `measure_<name>.py` beside this file gives named figures. A floor holds only for the data that it was
measured on, so the hash of every data file is checked first. `--raise-floors` lifts floors to what was
measured; nothing lowers one but a hand, in a commit that says why.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
FLOORS = HERE / "floors.toml"
DEFAULT_DATA = Path(os.environ.get("BRIEFING_DATA", HERE.parents[2] / "shared" / "data"))


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"measure_{name}", HERE / f"measure_{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(HERE))
    spec.loader.exec_module(module)
    return module


def wrong_data(hashes: dict[str, str], data: Path) -> list[str]:
    """One line for each file that is missing or is not the one the floors were measured on."""
    lines = []
    for name, expected in hashes.items():
        path = data / name
        if not path.is_file():
            lines.append(f"{path}: missing; set BRIEFING_DATA or --data to the folder with the measuring data")
        elif (found := hashlib.sha256(path.read_bytes()).hexdigest()) != expected:
            lines.append(f"{path}: sha256 {found[:12]}…, the floors were measured on {expected[:12]}…")
    return lines


def compare(name: str, figures: dict[str, float], rules: dict[str, Any]) -> tuple[list[str], bool]:
    """Lines of the report for one measure, and whether every rule holds."""
    lines, good = [], True
    floors, ceilings = rules.get("min", {}), rules.get("max", {})
    for key in sorted({*figures, *floors, *ceilings}):
        value = figures.get(key)
        if value is None:
            lines.append(f"  FAIL  {name}.{key}: not measured")
            good = False
            continue
        low, high = floors.get(key), ceilings.get(key)
        holds = (low is None or value >= low) and (high is None or value <= high)
        bound = f">= {low}" if low is not None else f"<= {high}" if high is not None else ""
        mark = "     " if not bound else "ok   " if holds else "FAIL "
        lines.append(f"  {mark} {name}.{key:34} {value:10.3f}  {bound}")
        good &= holds
    return lines, good


def raise_floors(text: str, name: str, figures: dict[str, float], rules: dict[str, Any]) -> str:
    """`text` of floors.toml with the floors (and ceilings) of one measure tightened to `figures`."""
    section, out = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        key = line.split("=")[0].strip()
        kept = line
        for kind, better in (("min", max), ("max", min)):
            if section == f"{name}.{kind}" and key in figures and "=" in line:
                # One decimal below what was measured: a floor is no tie to the last digit.
                step = -0.1 if kind == "min" else 0.1
                value = better(rules[kind][key], round(figures[key] + step, 1))
                kept = f"{key} = {value}"
        out.append(kept)
    return "\n".join(out) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--only", help="one measure")
    parser.add_argument("--raise-floors", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here (tools/fill_figures.py reads them)")
    args = parser.parse_args()
    text = FLOORS.read_text("utf-8")
    rules = tomllib.loads(text)
    hashes = rules.pop("data")
    wrong = wrong_data(hashes, args.data)
    if wrong:
        print("Not measured:", *wrong, sep="\n  ")
        return 2
    failed = []
    measured: dict[str, dict[str, float]] = {}
    for name in [args.only] if args.only else rules:
        start = time.perf_counter()
        figures = measured[name] = load(name).measure(args.data)
        lines, good = compare(name, figures, rules[name])
        print(f"{name}  ({time.perf_counter() - start:.0f} s)", *lines, sep="\n", flush=True)
        if not good:
            failed.append(name)
        elif args.raise_floors:
            text = raise_floors(text, name, figures, rules[name])
    if args.raise_floors:
        FLOORS.write_text(text, "utf-8")
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1), "utf-8")
    print(f"gate: {'FAILED ' + ', '.join(failed) if failed else 'passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
