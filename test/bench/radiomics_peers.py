"""Times another tool on one image and mask, file to features: python radiomics_peers.py MODULE IMAGE MASK ROUNDS [all]

One untimed turn first, so that compiled parts are warm; one thread, or with "all" as many as the tool sets. Prints {"version", "features", "ms"} as JSON.
"""

import json
import logging
import os
import sys
import time
import warnings

from radiomics_settings import MIRP, PICTOLOGICS

if sys.argv[5:] != ["all"]:
    for name in ("OMP", "MKL", "OPENBLAS", "NUMBA", "PICTOLOGICS"):
        os.environ[f"{name}_NUM_THREADS"] = "1"
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def pyradiomics(image, mask):
    import radiomics
    from radiomics import featureextractor

    radiomics.setVerbosity(60)
    extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25, label=1)
    features = extractor.execute(image, mask)
    return radiomics.__version__, sum(not key.startswith("diagnostics") for key in features)


def mirp(image, mask):
    from importlib.metadata import version

    from mirp import extract_features

    table = extract_features(image=image, mask=mask, num_cpus=1, **MIRP)[0]
    numbers = [name for name in table.columns if table[name].dtype.kind == "f"]
    return version("mirp"), len(numbers)


def pictologics(image, mask):
    from importlib.metadata import version

    from pictologics import RadiomicsPipeline

    pipeline = RadiomicsPipeline()
    pipeline.add_config("fbs25", PICTOLOGICS)
    result = pipeline.run(image, mask, config_names=["fbs25"])["fbs25"]
    return version("pictologics"), len(result)


tool = {"radiomics": pyradiomics, "mirp": mirp, "pictologics": pictologics}[sys.argv[1]]
image, mask, rounds = sys.argv[2], sys.argv[3], int(sys.argv[4])
version, count = tool(image, mask)
times = []
for _ in range(rounds):
    start = time.perf_counter()
    tool(image, mask)
    times.append(1000 * (time.perf_counter() - start))
print(json.dumps({"version": version, "features": count, "ms": times}))
