// The tumours of the benches of hand-crafted features: files of real scans, where a machine has them.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = process.env["ISLET_TEST_DATA"] ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Name, image and mask of each tumour that is there; what is absent is named on stderr. */
export const TUMOURS = [
  { name: "lung CT phantom", image: "ibsi/ct_phantom/nifti/image/phantom.nii.gz", mask: "ibsi/ct_phantom/nifti/mask/mask.nii.gz" },
  { name: "sarcoma STS_013, 1529 ml", image: "sts/STS_013/ct.nii.gz", mask: "sts/STS_013/ct_mask.nii.gz" },
]
  .map(({ name, image, mask }) => ({ name, image: `${root}/${image}`, mask: `${root}/${mask}` }))
  .filter(({ name, image }) => {
    if (!existsSync(image))
      console.error(`bench: ${image} is absent, so ${name} has no row; set ISLET_TEST_DATA to the folder of real scans`);
    return existsSync(image);
  });
