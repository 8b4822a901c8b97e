import { segmentFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { IMAGE, ROI, examples, niftiFile } from "../options.ts";
import { note, print } from "../output.ts";
import { segmenterOf, withSegmenter, type SegmenterFlags } from "../segmenter-options.ts";

interface SegmentFlags extends SegmenterFlags {
  readonly image: string;
  readonly roi: string;
  readonly out: string;
  readonly truth?: string;
}

/** islet segment: a rough box becomes a mask. */
export function segmentCommand(): Command {
  return withSegmenter(
    new Command("segment")
      .description("the tumour in a rough box as a mask, by the U-Net: largest piece, holes filled; for islet radiomics, say")
      .requiredOption("--image <in>", IMAGE)
      .requiredOption("--roi <in>", ROI)
      .requiredOption("-o, --out <file>", "the mask to write (.nii.gz), on the image's voxels", niftiFile),
  )
    .option("--truth <in>", "a mask to compare with: prints the DSC, and that of the box itself")
    .addHelpText(
      "after",
      examples(
        "segment --image scan/ --roi rough-roi.json --weights w.safetensors -o tumour.nii.gz",
        "segment --image ct.nii.gz --roi rough.json --weights w.safetensors --tta --truth drawn.nii.gz -o tumour.nii.gz --json",
      ),
    )
    .action(async (flags: SegmentFlags) => {
      const { image, roi, out, truth } = flags;
      const { warnings, ...result } = await segmentFile({ image, roi, out, ...(truth !== undefined && { truth }), ...segmenterOf(flags) });
      for (const warning of warnings) note(`! ${warning}`);
      const { voxels, dice, provenance } = result;
      print({ ...result, warnings }, flags, () => [
        `wrote ${result.out}: ${result.volumeMl.toFixed(1)} ml, ${voxels.kept + voxels.filled} voxels (${voxels.marked - voxels.kept} in smaller pieces left out, ${voxels.filled} in holes filled)`,
        ...(dice ? [`DSC with the given mask: ${dice.mask.toFixed(3)}; of the box itself: ${dice.box.toFixed(3)}`] : []),
        `network: ${provenance.network}; ${result.slices} slices on ${provenance.device}`,
        "Research use only.",
      ]);
    });
}
