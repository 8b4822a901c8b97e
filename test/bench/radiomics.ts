// All hand-crafted features of a tumour, file to features, beside PyRadiomics, MIRP and pictologics on the same files.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { loadCore } from "@islet/core-wasm";
import { planRadiomics, type RadiomicsPlan } from "@islet/pipeline";
import { radiomicsCase, startHelper } from "@islet/pipeline/node";
import { pythonBench, pythonTwins } from "./python.ts";
import { TUMOURS } from "./radiomics-tumours.ts";
import { inTurns, printRow } from "./row.ts";

/** What both sides time: neither counts the start of its process, and both have computed the case once before. */
const WARM = "in a running process after one untimed turn";

/** A peer, the preset that computes what it computes, and what is the same on both sides. */
const PEERS = [
  {
    module: "radiomics",
    peer: "PyRadiomics",
    preset: "pyradiomics",
    rounds: 3,
    note: "its 107 default features, bin width 25",
  },
  { module: "mirp", peer: "MIRP", preset: "ibsi", rounds: 1, note: "IBSI 1 in 3D, bins of 25 HU, no resampling" },
  {
    module: "pictologics",
    peer: "pictologics",
    preset: "ibsi",
    rounds: 3,
    note: "IBSI 1 in 3D, bins of 25 HU, no resampling; ours has the GLCM and GLRLM direction by direction too",
  },
  {
    module: "pictologics",
    peer: "pictologics",
    preset: "ibsi",
    only: {
      title: "as pictologics",
      // Its bins begin at -1000 HU, also those of the IVH; its matrices of directions are merged. All its texture features equal ours.
      config: "resegmentation: [-1000, null]\nivhDiscretisation: { fixedBinSize: 25 }\nfeatures: { glcm: [3D_comb], glrlm: [3D_comb] }\n",
    },
    rounds: 3,
    note: "the same 174 features of the same families on both sides: IBSI 1 in 3D, directions merged, bins of 25 HU from -1000, no resampling",
  },
] as const satisfies readonly {
  module: string;
  peer: string;
  preset: string;
  rounds: number;
  note: string;
  only?: { title: string; config: string };
}[];

/** As a table of cases meets it: the median is of turns after the engine has compiled what runs often. */
const OUR_ROUNDS = 11;

interface Peer {
  readonly version: string;
  readonly features: number;
  readonly ms: number[];
}

/** Two workers; the returned function lets each compute the case once. */
async function twoWorkers(workerData: { image: string; mask: string; plan: RadiomicsPlan }) {
  const workers = [0, 1].map(() => new Worker(new URL("radiomics-worker.ts", import.meta.url), { workerData }));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return {
    run: () =>
      Promise.all(
        workers.map((worker) => {
          const answer = once(worker, "message");
          worker.postMessage("run");
          return answer;
        }),
      ),
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

/** Holds a command to the first core, on systems that have it. */
const PIN = ["taskset", "-c", "0"] as const;

/** Our one thread: a process held to one core where the system has taskset, since the runtime unpacks files on a thread of its pool. */
function onOneCore(...given: readonly [image: string, mask: string, preset: string, config: string]): { features: number; ms: number[] } {
  const command = [process.execPath, fileURLToPath(new URL("radiomics-one-core.ts", import.meta.url)), ...given, String(OUR_ROUNDS)];
  const hasTaskset = spawnSync(PIN[0], ["--version"]).status === 0;
  const [program, ...args] = hasTaskset ? [...PIN, ...command] : command;
  const { status, stdout, stderr } = spawnSync(program!, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: ${command[1]} failed: ${stderr}`);
  return JSON.parse(stdout) as { features: number; ms: number[] };
}

// One for all cases, as each worker of a table of cases has.
const core = await loadCore();

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

for (const { name, image, mask } of TUMOURS) {
  for (const entry of PEERS) {
    const { module, peer, preset, rounds, note } = entry;
    const only = "only" in entry ? entry.only : null;
    const theirs = pythonBench<Peer>("radiomics_peers.py", module, [module, image, mask, String(rounds)]);
    const twins = theirs && (await pythonTwins<Peer>("radiomics_peers.py", module, [module, image, mask, "1"]));
    const plan = planRadiomics(preset, only ? { config: { file: "the bench's settings", text: only.config } } : {});
    const { features, ms: ours } = onOneCore(image, mask, preset, only?.config ?? "");
    const started = startHelper();
    const [shared] = await inTurns(OUR_ROUNDS, [() => radiomicsCase({ image, mask }, plan, { core, helper: started.helper })]);
    started.end();
    const free = theirs && pythonBench<Peer>("radiomics_peers.py", module, [module, image, mask, String(rounds), "all"]);
    const pair = await twoWorkers({ image, mask, plan });
    const [together] = await inTurns(OUR_ROUNDS, [pair.run]);
    await pair.end();

    const title = (threads: string) =>
      `all features, file to features: ${name}, preset ${preset}${only ? ` ${only.title}` : ""} (${features} features), ${threads}`;
    const them = theirs ? `${peer} ${theirs.version} (${theirs.features} features)` : peer;
    printRow(title("1 thread"), ours, them, theirs?.ms ?? [], `${note}; one thread each, ours held to one core, ${WARM}`);
    printRow(
      title("one case on all cores"),
      shared!,
      them,
      free?.ms ?? [],
      `${note}; one case at a time, both sides free to use every core: ours has a second thread, the peer's threads are as it sets them, ${WARM}`,
    );
    printRow(
      title("2 threads"),
      together!.map((ms) => ms / 2),
      them,
      twins ? [mean(twins.flatMap(({ ms }) => ms)) / 2] : [],
      `${note}; ms a case: two cases at once, on two workers of ours and in two processes of the peer, wall time / 2, ${WARM}`,
    );
  }
}
