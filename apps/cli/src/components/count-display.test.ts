import { afterEach, describe, expect, it, vi } from "vitest";
import { showCount } from "./count-display.ts";

/** A stream that keeps what is written to it. */
function stream(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream };
}

describe("a count on stderr", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is one line written over on a terminal, with the time left but for the last", () => {
    vi.stubEnv("CI", "");
    const { written, stream: terminal } = stream(true);
    const count = showCount("patients made", terminal);
    for (const done of [1, 2, 3]) count.tell(done, 3);
    count.close();
    expect(written).toEqual([
      "\rpatients made 1/3\u001b[K",
      expect.stringMatching(/^\rpatients made 2\/3, about \d+ s left/),
      "\rpatients made 3/3\u001b[K",
      "\n",
    ]);
  });

  it("is a line at the end elsewhere", () => {
    const { written, stream: file } = stream(false);
    const count = showCount("patients made", file);
    for (const done of [1, 2, 3]) count.tell(done, 3);
    count.close();
    expect(written).toEqual(["patients made 3/3\n"]);
  });
});
