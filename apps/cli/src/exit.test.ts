import { describe, expect, it } from "vitest";
import { exitCodeOf, sentenceOf } from "./exit.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe("exit codes", () => {
  it("are 2 for the study, 3 for a file, 4 for the machine and 1 for a fault of ours", () => {
    expect(["ConfigError", "IntakeError", "DeviceError", "TypeError"].map((name) => exitCodeOf(named(name, "")))).toEqual([2, 3, 4, 1]);
  });

  it("come with the sentence alone, and with the trace for a fault of ours only", () => {
    expect(sentenceOf(named("IntakeError", "a.nii: is cut short"))).toBe("a.nii: is cut short");
    expect(sentenceOf(named("TypeError", "x is undefined"))).toMatch(/please report it[\s\S]*x is undefined/);
    expect(sentenceOf(named("AbortError", "aborted"))).toMatch(/what was finished is kept/);
  });
});
