// Networks between PyTorch modules and Islet, by the recipe of examples/pytorch.
import { readCheckpoint, writeCheckpoint, writeOnnx } from "@islet/gpu-unet";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { relativeL2 } from "../helpers/close.ts";
import { golden } from "../helpers/golden.ts";

interface Case {
  readonly activation: "elu" | "relu";
  readonly hasNorm: boolean;
  readonly shape: readonly [number, number, number, number];
  readonly file: string;
  readonly slices: string;
  readonly logits: number[];
}

/** f32 through 23 layers against f64, as in onnx.test.ts; folding a normalisation adds roundings of the weights. */
const F32 = 5e-6;

const { cases } = golden<{ cases: Case[] }>("state-dict");
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

/** The header's entries of a safetensors file, and an array's bytes. */
function parts(file: Uint8Array) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const { __metadata__: metadata, ...entries } = header;
  return { metadata, entries, bytes: (name: string) => file.subarray(...entries[name]!.data_offsets.map((at) => at + 8 + length)) };
}

describe("a PyTorch state_dict saved by the recipe", () => {
  test.each(cases)("is read as a whole network and has PyTorch's logits: $activation, batch normalisation $hasNorm", async (given) => {
    const checkpoint = readCheckpoint(bytesOf(given.file), "state-dict");
    expect(checkpoint).toMatchObject({ parts: "unet", metadata: { training: "none (random, for a test)" } });
    const session = await InferenceSession.create(writeOnnx(checkpoint, { outputs: ["logits"] }), { intraOpNumThreads: 1 });
    const slices = new Tensor("float32", new Float32Array(bytesOf(given.slices).buffer), given.shape);
    const { logits } = await session.run({ slices });
    expect(relativeL2(logits!.data as Float32Array, given.logits)).toBeLessThan(F32);
    await session.release();
  });

  test("comes back from our writer name by name and bit by bit, so that load_state_dict takes it", () => {
    const file = bytesOf(cases[0]!.file);
    const [theirs, ours] = [parts(file), parts(writeCheckpoint(readCheckpoint(file, "state-dict")))];
    expect(ours.metadata).toEqual(theirs.metadata);
    expect(Object.keys(ours.entries).toSorted()).toEqual(Object.keys(theirs.entries).toSorted());
    for (const [name, { dtype, shape }] of Object.entries(theirs.entries)) {
      expect(ours.entries[name]).toMatchObject({ dtype, shape });
      expect(Buffer.compare(ours.bytes(name), theirs.bytes(name)), name).toBe(0);
    }
  });
});
