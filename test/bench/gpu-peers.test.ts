// What the GPU bench makes of peers that are there, that are not, and that fail.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cudaPeers, webPeer, type TorchReport } from "./gpu-peers.ts";

let told: string[] = [];
beforeEach(() => {
  told = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void told.push(line));
});
afterEach(() => vi.restoreAllMocks());

const figures = (ms: number) => ({ one: [ms], batch: [2 * ms], step: [3 * ms] });
const report: TorchReport = { version: "2.9.0", device: "NVIDIA X", float32: figures(4), tf32: figures(1) };

test("PyTorch's figures go to the rows of their mode, under its version and device", () => {
  const peers = cudaPeers(() => report);
  expect(peers("float32")).toEqual({ name: "PyTorch 2.9.0 on NVIDIA X, float32", times: figures(4) });
  expect(peers("tf32")).toEqual({ name: "PyTorch 2.9.0 on NVIDIA X, tf32", times: figures(1) });
  expect(told).toEqual([]);
});

test.each<[string, () => TorchReport | null, string[]]>([
  ["no Python with torch, which was told before", () => null, []],
  [
    "torch without CUDA",
    () => ({ version: "2.9.0", device: null }),
    ["bench: PyTorch 2.9.0 here finds no CUDA device, so its rows have no peer"],
  ],
  [
    "a script that fails",
    () => {
      throw new Error("bench: torch_gpu.py failed: Traceback (most recent call last):\n  File ...\nRuntimeError: CUDA out of memory\n");
    },
    ["bench: PyTorch on CUDA failed: RuntimeError: CUDA out of memory, so its rows have no peer"],
  ],
])("%s leaves the rows without a peer, and the bench goes on", (_what, ask, sentences) => {
  const peers = cudaPeers(ask);
  expect(told).toEqual(sentences);
  expect(peers("tf32")).toEqual({ name: "PyTorch CUDA, tf32", times: { one: [], batch: [], step: [] } });
});

test("onnxruntime-web is a peer where it gives finite logits, and told of where it does not, or is missing", async () => {
  const slice = new Float32Array(4);
  const peer = async () => Float32Array.of(1, 2);
  expect(await webPeer(async () => peer, slice)).toBe(peer);
  expect(told).toEqual([]);
  expect(await webPeer(async () => async () => Float32Array.of(1, Number.NaN), slice)).toBeNull();
  expect(await webPeer(() => Promise.reject(new Error("Cannot find package 'onnxruntime-web'\nat ...")), slice)).toBeNull();
  expect(told).toEqual([
    "bench: onnxruntime-web does not run on WebGPU here: its logits are not finite, so its rows have no peer",
    "bench: onnxruntime-web does not run on WebGPU here: Cannot find package 'onnxruntime-web', so its rows have no peer",
  ]);
});
