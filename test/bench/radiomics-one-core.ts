// Times our features of one case, file to features, in a process that its starter may hold to one core: node radiomics-one-core.ts IMAGE MASK PRESET CONFIG ROUNDS
import { loadCore } from "@islet/core-wasm";
import { planRadiomics } from "@islet/pipeline";
import { radiomicsCase } from "@islet/pipeline/node";
import { inTurns } from "./row.ts";

const [image, mask, preset, text, rounds] = process.argv.slice(2) as [string, string, string, string, string];
const plan = planRadiomics(preset, text === "" ? {} : { config: { file: "the bench's settings", text } });
const core = await loadCore();
let features = 0;
const [ms] = await inTurns(Number(rounds), [
  async () => {
    features = Object.keys((await radiomicsCase({ image, mask }, plan, { core })).features).length;
  },
]);
console.log(JSON.stringify({ features, ms }));
