import { expect, test } from "vitest";
import { isFault, problemOf, RequestProblem } from "./problem.ts";
import { whyNotStored } from "./upload/storage.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  ["a file that cannot be used", named("IntakeError", "image: is a JPEG picture"), 422, "image: is a JPEG picture"],
  ["a request that cannot be", named("ConfigError", "study: has no column"), 400, "study: has no column"],
  ["a machine without memory", named("DeviceError", "memory ran out"), 503, "memory ran out"],
  ["a full disk, as the pipeline says it", named("DeviceError", "x: the disk is full; nothing was left"), 507, "the disk is full"],
  [
    "a full disk while an upload arrives",
    whyNotStored(Object.assign(new Error("x"), { code: "ENOSPC" })),
    507,
    "the service's disk is full",
  ],
  ["an upload that was broken off", whyNotStored(Object.assign(new Error("x"), { code: "ECONNRESET" })), 400, "was cut short on the way"],
  ["too many uploads", new RequestProblem("busy", "4 uploads are being received"), 503, "4 uploads"],
])("%s is a problem of its own with its sentence", (_, error, status, sentence) => {
  expect(problemOf(error)).toMatchObject({ status, detail: expect.stringContaining(sentence) });
  expect(isFault(error)).toBe(false);
});

test("a fault of the service tells nothing of itself, since its message may repeat a name", () => {
  const fault = new TypeError("cannot read Doe^Jane");
  expect(JSON.stringify(problemOf(fault))).not.toContain("Doe");
  expect([problemOf(fault).status, isFault(fault)]).toEqual([500, true]);
});
