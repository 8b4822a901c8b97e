import { afterEach, describe, expect, it, vi } from "vitest";
import { colourDepth, heedNoColor } from "./colour.ts";
import { takeTerminal } from "./terminal.ts";

const stream = (written: string[]) => ({ write: (text: string) => written.push(text) > 0 }) as unknown as NodeJS.WriteStream;

describe("a terminal that was taken over", () => {
  it("is given back once: the alternate screen left, the cursor shown, and nobody listening any more", () => {
    const before = process.listenerCount("uncaughtException");
    const written: string[] = [];
    const terminal = takeTerminal(stream(written));
    expect(written).toEqual([expect.stringContaining("\u001b[?1049h")]);
    expect(process.listenerCount("uncaughtException")).toBe(before + 1);
    terminal.restore();
    terminal.restore();
    expect(written).toHaveLength(2);
    expect(written[1]).toContain("\u001b[?1049l\u001b[?25h");
    expect(process.listenerCount("uncaughtException")).toBe(before);
  });

  it("is given back before an uncaught error is told, and the process ends with 1", () => {
    const written: string[] = [];
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const error = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const terminal = takeTerminal(stream(written));
    const crash = process.listeners("uncaughtException").at(-1)!;
    crash(new Error("a screen fell over"), "uncaughtException");
    terminal.restore();
    expect(exit).toHaveBeenCalledWith(1);
    expect(written.slice(1)).toEqual([
      expect.stringContaining("\u001b[?1049l"),
      expect.stringMatching(/please report it[^]*a screen fell over/),
    ]);
    exit.mockRestore();
    error.mockRestore();
  });
});

describe("colours", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("are none with NO_COLOR or without a terminal, else as many as it has", () => {
    vi.stubEnv("NO_COLOR", "");
    const terminal = (bits: number, isTTY = true) => ({ isTTY, getColorDepth: () => bits }) as never;
    expect([1, 4, 8, 24].map((bits) => colourDepth(terminal(bits)))).toEqual(["none", "16", "256", "true"]);
    expect(colourDepth(terminal(24, false))).toBe("none");
    vi.stubEnv("NO_COLOR", "1");
    expect(colourDepth(terminal(24))).toBe("none");
    const env: NodeJS.ProcessEnv = { NO_COLOR: "1" };
    heedNoColor(env);
    expect(env["FORCE_COLOR"]).toBe("0");
  });
});
