// All hand-crafted features of a tumour, file to features, beside PyRadiomics, MIRP and pictologics on the same files.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { planRadiomics } from "@islet/pipeline";
import { radiomicsCase } from "@islet/pipeline/node";
import { pythonBench } from "./python.ts";
import { inTurns, printRow } from "./row.ts";

const root = process.env["ISLET_TEST_DATA"] ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const tumours = [
  { name: "lung CT phantom", image: "ibsi/ct_phantom/nifti/image/phantom.nii.gz", mask: "ibsi/ct_phantom/nifti/mask/mask.nii.gz" },
  { name: "sarcoma STS_013, 1529 ml", image: "sts/STS_013/ct.nii.gz", mask: "sts/STS_013/ct_mask.nii.gz" },
].map(({ name, image, mask }) => ({ name, image: `${root}/${image}`, mask: `${root}/${mask}` }));

/** A peer, the preset that computes what it computes, and what is the same on both sides. */
const PEERS = [
  {
    module: "radiomics",
    peer: "PyRadiomics",
    preset: "pyradiomics",
    rounds: 3,
    note: "its 107 default features, bin width 25; one thread each",
  },
  { module: "mirp", peer: "MIRP", preset: "ibsi", rounds: 1, note: "IBSI 1 in 3D, bins of 25 HU, no resampling; one thread each" },
  { module: "pictologics", peer: "pictologics", preset: "ibsi", rounds: 2, note: "IBSI 1 in 3D, bins of 25 HU, no resampling" },
] as const;

const OUR_ROUNDS = 5;
for (const { name, image, mask } of tumours) {
  if (!existsSync(image)) {
    console.error(`bench: ${image} is absent, so ${name} has no row; set ISLET_TEST_DATA to the folder of real scans`);
    continue;
  }
  for (const { module, peer, preset, rounds, note } of PEERS) {
    const theirs = pythonBench<{ version: string; features: number; ms: number[] }>("radiomics_peers.py", module, [
      module,
      image,
      mask,
      String(rounds),
    ]);
    const plan = planRadiomics(preset);
    let features = 0;
    const [ours] = await inTurns(OUR_ROUNDS, [
      async () => {
        features = Object.keys((await radiomicsCase({ image, mask }, plan)).features).length;
      },
    ]);
    const title = `all features, file to features: ${name}, preset ${preset} (${features} features)`;
    printRow(title, ours!, theirs ? `${peer} ${theirs.version} (${theirs.features} features)` : peer, theirs?.ms ?? [], note);
  }
}
