"""Minimum sample sizes of prediction models with a binary outcome, by pmsampsize.

    PYTHON=python-with-pmsampsize; $PYTHON test/generate/pmsampsize.py        (pmsampsize 0.1.0 from PyPI, Python 3.12, in an environment of its own; run in the repository root)
Writes test/golden/pmsampsize.json. This file has the package's name, so its own folder is taken off the path.
"""
import contextlib
import io
import json
import os
import sys
from importlib.metadata import version

sys.path = [folder for folder in sys.path if os.path.abspath(folder or ".") != os.path.dirname(os.path.abspath(__file__))]
try:
    from pmsampsize.pmsampsize import pmsampsize
except ImportError:
    sys.exit(print("skipped: pmsampsize is not installed in this Python"))

cases = []
for events, n, parameters in [(10, 56, 1), (10, 56, 20), (10, 56, 1024), (9, 18, 3), (150, 300, 24), (700, 1000, 12), (20, 1000, 5)]:
    share = events / n
    # 15% of what can be explained; given as Cox and Snell's R2, because pmsampsize rounds what it converts itself.
    r2 = 0.15 * (1 - (share**share * (1 - share) ** (1 - share)) ** 2)
    with contextlib.redirect_stdout(io.StringIO()):
        result = pmsampsize(type="b", csrsquared=r2, parameters=parameters, prevalence=share)
    needed = result["sample_size"] if isinstance(result, dict) else result.sample_size
    cases.append({"n": n, "events": events, "parameters": parameters, "needed": int(needed)})

golden = {
    "provenance": {
        "tool": "pmsampsize",
        "version": version("pmsampsize"),
        "script": "test/generate/pmsampsize.py",
        "date": "2026-11-23",
    },
    "cases": cases,
}
with open("test/golden/pmsampsize.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
