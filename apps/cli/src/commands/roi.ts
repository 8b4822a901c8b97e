import {
  isotropicGrid,
  maskOfBox,
  parseRoughRoi,
  randomFor,
  readImage,
  readMask,
  roughCuboid,
  simulateRough,
  writeNifti,
} from "@islet/pipeline";
import { checkFileOutput, readSource, writeAtomic } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, niftiFile, notNegative, number, whole } from "../options.ts";
import { note, print } from "../output.ts";

/** islet roi: between rough annotations, boxes and masks. */
export function roiCommand(): Command {
  const roi = new Command("roi").description("rough annotations and the boxes they stand for");

  roi
    .command("rough")
    .description("the cuboid of a rough annotation as a mask on the image's 1 mm grid")
    .argument("<annotation>", "islet-rough-roi/1 JSON")
    .requiredOption("--image <in>", "the image that it was drawn on")
    .requiredOption("-o, --out <file>", "the mask to write (.nii.gz)", niftiFile)
    .option("--spacing <mm>", "spacing of the grid, mm", number, 1)
    .addHelpText(
      "after",
      examples("roi rough rough-roi.json --image scan/ -o box.nii.gz", "roi rough a.json --image scan.nii.gz -o box.nii.gz --spacing 2"),
    )
    .action(async (annotation: string, { image, out, spacing, json }: { image: string; out: string; spacing: number; json?: boolean }) => {
      await checkFileOutput(out, [annotation, image]);
      const source = await readSource(annotation);
      const rough = parseRoughRoi(new TextDecoder().decode(source.files[0]!.bytes), annotation);
      const { volume, report } = await readImage(await readSource(image));
      const grid = isotropicGrid(volume, spacing);
      const { box, notes } = roughCuboid(rough, grid, annotation);
      await writeAtomic(out, await writeNifti(maskOfBox(grid, box)));
      for (const sentence of [...report.warnings, ...notes]) note(`! ${sentence}`);
      const size = [0, 1, 2].map((a) => box.to[a]! - box.from[a]!);
      print({ out, box, shape: grid.shape, notes }, { json }, () => [
        `wrote ${out}: a cuboid of ${size.join(" x ")} voxels (z, y, x) of ${spacing} mm`,
      ]);
    });

  roi
    .command("simulate")
    .description("a rough annotation such as a reader would draw, from a mask")
    .requiredOption("--mask <in>", "the mask")
    .requiredOption("-o, --out <file>", "the annotation to write (.json)")
    .option("--seed <n>", "seed of the simulated reader", whole, 1)
    .option("--jitter <mm>", "standard deviation of the corners, mm", notNegative, 2)
    .option("--label <n>", "label of the mask (default: any non-zero)", whole)
    .addHelpText(
      "after",
      examples("roi simulate --mask tumour.nii.gz --seed 3 -o rough.json", "roi simulate --mask tumour.nii.gz --jitter 0 -o rough.json"),
    )
    .action(
      async ({
        mask,
        out,
        seed,
        jitter,
        label,
        json,
      }: {
        mask: string;
        out: string;
        seed: number;
        jitter: number;
        label?: number;
        json?: boolean;
      }) => {
        await checkFileOutput(out, [mask]);
        const source = await readSource(mask);
        const { volume } = await readImage(source);
        const { mask: region, notes } = await readMask(source, volume, mask, label === undefined ? {} : { label });
        for (const sentence of notes) note(`! ${sentence}`);
        const rough = simulateRough(region, randomFor(seed, "rough"), jitter);
        await writeAtomic(out, `${JSON.stringify(rough, null, 2)}\n`);
        print({ out, seed, jitterMm: jitter, annotation: rough }, { json }, () => [
          `wrote ${out}: a simulated annotation (seed ${seed}, jitter ${jitter} mm)`,
        ]);
      },
    );
  return roi;
}
