// What an adapter is, in words that are the same in browsers and in Node.

/** What an adapter says of itself; browsers leave some of it empty. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** Its name as people know it, or the best there is; never empty. */
  readonly description: string;
  /** True for adapters that compute on the CPU (SwiftShader, llvmpipe, WARP): right, but about 1 GFLOP/s. */
  readonly isSoftware: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|\bcpu\b/i;

/** Reads an adapter's description and tells whether it computes on the CPU. */
export function describeAdapter(info: Partial<GPUAdapterInfo>): AdapterInfo {
  const { vendor = "", architecture = "", device = "", description = "", isFallbackAdapter = false } = info;
  const name = description || device || `${vendor} ${architecture}`.trim() || "an adapter without a name";
  const isSoftware = isFallbackAdapter || softwareNames.test(`${architecture} ${device} ${description}`);
  return { vendor, architecture, device, description: name, isSoftware };
}
