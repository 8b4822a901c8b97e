"""Gehan-Breslow and Tarone-Ware tests, plain and stratified, by statsmodels, on the cohorts of r-survival.json.

    /usr/bin/python3 test/generate/statsmodels_survival.py        (statsmodels 0.13; run in the repository root)
Writes test/golden/statsmodels-survival.json.
"""
import json
import numpy as np
import statsmodels
from statsmodels.duration.survfunc import survdiff

cohorts = json.load(open("test/golden/r-survival.json"))["cohorts"]
tests = {}
for c in cohorts:
    t, e, g, s = (np.array(c[k]) for k in ("time", "event", "group", "strata"))
    tests[c["name"]] = {
        name: [list(map(float, survdiff(t, e, g, weight_type=w))), list(map(float, survdiff(t, e, g, weight_type=w, strata=s)))]
        for name, w in (("log-rank", None), ("gehan-breslow", "gb"), ("tarone-ware", "tw"))
    }
golden = {
    "provenance": {"tool": "statsmodels survdiff", "version": statsmodels.__version__, "script": "test/generate/statsmodels_survival.py", "date": "2026-11-23"},
    "tests": tests,
}
json.dump(golden, open("test/golden/statsmodels-survival.json", "w"), indent=1)
