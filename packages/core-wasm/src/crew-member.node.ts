// The entry of a crew's thread in Node.
import { parentPort, workerData } from "node:worker_threads";
import { serve } from "./crew-member.ts";
import type { Membership } from "./crew-member.ts";

serve(workerData as Membership, () => parentPort!.postMessage("ready"));
