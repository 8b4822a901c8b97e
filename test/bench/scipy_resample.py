"""Times scipy.ndimage's cubic resampling of a 512 x 512 x 400 volume at 0.5 mm to 1 mm; prints {"version", "ms"}.

The grids are aligned by their centres, as Islet's are, with mirror boundaries and float32 in and out.
"""

import json
import sys
import time

import numpy as np
import scipy
from scipy import ndimage

rounds = int(sys.argv[1])
shape, step = (400, 512, 512), 2.0
data = ((np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(2654435761)) % 4096).astype(np.float32).reshape(shape) - 1024
length = tuple(int(np.ceil(n / step)) for n in shape)
offset = [(n - 1) / 2 - (m - 1) / 2 * step for n, m in zip(shape, length)]
times = []
for _ in range(rounds):
    start = time.perf_counter()
    ndimage.affine_transform(data, [step] * 3, offset, length, order=3, mode="mirror", output=np.float32)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"version": scipy.__version__, "ms": times}))
