// Writes docs/features.md from the catalogue of features. Build first: npm run build
import { writeFileSync } from "node:fs";
import { featureReference } from "../packages/pipeline/dist/radiomics/reference-page.js";

writeFileSync(new URL("../docs/features.md", import.meta.url), featureReference());
