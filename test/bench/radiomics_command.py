"""What a user of MIRP or pictologics writes for one image and mask, started from the shell: python radiomics_command.py MODULE IMAGE MASK OUT.csv

The tools' own defaults for threads; imports, compilation and the writing of the table are all part of it. Prints {"version", "features"} as JSON.
"""

import csv
import json
import logging
import sys
import warnings

from radiomics_settings import MIRP, PICTOLOGICS

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def mirp(image, mask, out):
    from importlib.metadata import version

    from mirp import extract_features

    table = extract_features(image=image, mask=mask, **MIRP)[0]
    table.to_csv(out)
    return version("mirp"), sum(table[name].dtype.kind == "f" for name in table.columns)


def pictologics(image, mask, out):
    from importlib.metadata import version

    from pictologics import RadiomicsPipeline

    pipeline = RadiomicsPipeline()
    pipeline.add_config("fbs25", PICTOLOGICS)
    result = dict(pipeline.run(image, mask, config_names=["fbs25"])["fbs25"])
    with open(out, "w", newline="") as file:
        csv.writer(file).writerows([list(result.keys()), list(result.values())])
    return version("pictologics"), len(result)


version, features = {"mirp": mirp, "pictologics": pictologics}[sys.argv[1]](*sys.argv[2:5])
print(json.dumps({"version": version, "features": features}))
