#!/usr/bin/env bash
# Makes every golden file again with the tools it comes from. Each script says at its top what it needs
# (Debian: python3-torch python3-sklearn python3-scipy python3-nibabel python3-pydicom, r-cran-proc r-cran-e1071 r-cran-jsonlite r-cran-survival r-cran-cmprsk r-cran-psych r-cran-glmnet r-bioc-sva; python3-gdcm python3-statsmodels; from PyPI: safetensors, and
# scikit-survival, mrmr_selection and pmsampsize in environments of their own: without one its script says so and leaves its file).
# Scripts that write nothing to test/golden (full-width comparisons) are not run here.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-/usr/bin/python3}
[ -x "$python" ] || python=python3
for script in test/generate/*.py; do
  grep -q golden "$script" || continue
  echo "$script"
  "$python" "$script"
done
for script in test/generate/*.R; do
  echo "$script"
  Rscript "$script"
done
