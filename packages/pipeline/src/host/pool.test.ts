import { describe, expect, it } from "vitest";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPool, untilDeath, WorkerDeath } from "./pool.ts";

/** A pool of fake workers that can be told to die. */
function fakePool(size: number) {
  let spawned = 0;
  let running = 0;
  let most = 0;
  const kills: ((error: Error) => void)[] = [];
  const pool = createPool(size, async () => {
    const id = spawned++;
    const died = new Promise<never>((_, reject) => kills.push(reject));
    const api = {
      async work(ticks: number) {
        most = Math.max(most, ++running);
        for (let i = 0; i < ticks; i++) await Promise.resolve();
        running--;
        return id;
      },
    };
    return { api, died, terminate: () => {} };
  });
  return { pool, kills, spawned: () => spawned, most: () => most };
}

describe("worker pool", () => {
  it("runs every job, at most one a worker at a time", async () => {
    const { pool, most, spawned } = fakePool(3);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.run((api) => api.work(i % 5))));
    expect(ids).toHaveLength(20);
    expect(most()).toBe(3);
    expect(spawned()).toBe(3);
  });

  it("fails the job of a worker that dies, replaces the worker and goes on", async () => {
    const { pool, kills, spawned } = fakePool(1);
    await pool.run((api) => api.work(1));
    const stuck = pool.run(() => new Promise<never>(() => {}));
    await Promise.resolve();
    kills[0]!(new WorkerDeath("exit code 134"));
    await expect(stuck).rejects.toMatchObject({ name: "DeviceError", message: expect.stringMatching(/memory ran out/) });
    expect(await pool.run((api) => api.work(1))).toBe(1);
    expect(spawned()).toBe(2);
  });

  it("keeps the worker of a job that fails by itself", async () => {
    const { pool, spawned } = fakePool(1);
    await expect(pool.run(() => Promise.reject(new Error("this case")))).rejects.toThrow("this case");
    await pool.run((api) => api.work(1));
    expect(spawned()).toBe(1);
  });
});

describe("a job that waits for its worker", () => {
  it("rejects with the worker's death, before or while it runs", async () => {
    let kill!: (error: Error) => void;
    const orDeath = untilDeath(new Promise<never>((_, reject) => (kill = reject)));
    expect(await orDeath(Promise.resolve(1))).toBe(1);
    const stuck = orDeath(new Promise<never>(() => {}));
    kill(new WorkerDeath("exit code 1"));
    await expect(stuck).rejects.toMatchObject({ name: "DeviceError" });
    await expect(orDeath(new Promise<never>(() => {}))).rejects.toMatchObject({ name: "DeviceError" });
  });

  it("leaves nothing of its result behind while the worker lives on", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const orDeath = untilDeath(new Promise<never>(() => {}));
    let result: WeakRef<Uint8Array> | null = null;
    await (async () => {
      result = new WeakRef(await orDeath(Promise.resolve(new Uint8Array(1000))));
    })();
    for (let turn = 0; turn < 5 && result!.deref(); turn++) {
      await new Promise(setImmediate);
      collect();
    }
    expect(result!.deref()).toBeUndefined();
    expect(await orDeath(Promise.resolve(2))).toBe(2);
  });
});
