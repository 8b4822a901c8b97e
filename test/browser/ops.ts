// The whole table of layers on the page's own adapter.
import { requestGpu } from "../../packages/gpu-unet/src/adapter.ts";
import { difference } from "../helpers/difference.ts";
import { CaseDevice } from "../ops/case.ts";
import { opCases } from "../ops/table.ts";

/** Runs every case that this adapter has the features for and gives back each title with what is wrong there; nothing is, where the list is empty. */
export async function opsOnWebGpu(): Promise<{ title: string; wrong: string[] }[]> {
  const gpu = await requestGpu({ allowSoftware: true, tunes: true });
  const device = new CaseDevice(gpu);
  const results: { title: string; wrong: string[] }[] = [];
  for (const { title, needs, run } of opCases) {
    if (needs && !gpu.device.features.has(needs)) continue;
    const claims = await run(device);
    const wrong = claims.flatMap((claim) => {
      const sentence = difference(claim.got, claim.want, claim);
      return sentence ? [`${claim.what}: ${sentence}`] : [];
    });
    results.push({ title, wrong: claims.length > 0 ? wrong : ["nothing was claimed"] });
  }
  gpu.destroy();
  return results;
}
