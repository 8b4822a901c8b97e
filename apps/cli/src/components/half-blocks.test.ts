import { describe, expect, it } from "vitest";
import { halfBlocks } from "./half-blocks.ts";

/** Pixels of the given colours. */
const picture = (width: number, colours: readonly (readonly [number, number, number])[]) => ({
  width,
  height: colours.length / width,
  rgb: Uint8Array.from(colours.flat()),
});
const grey = (value: number) => [value, value, value] as const;
const ESCAPE = "\u001b";

describe("a picture in characters", () => {
  it("has the upper pixel as the foreground and the lower as the background, in the terminal's colours", () => {
    const two = picture(1, [
      [10, 20, 30],
      [230, 159, 0],
    ]);
    expect(halfBlocks(two, "true")).toEqual([`${ESCAPE}[38;2;10;20;30;48;2;230;159;0m▀${ESCAPE}[0m`]);
    expect(halfBlocks(two, "256")).toEqual([`${ESCAPE}[38;5;16;48;5;178m▀${ESCAPE}[0m`]);
    expect(halfBlocks(picture(1, [grey(0), grey(255)]), "256")).toEqual([`${ESCAPE}[38;5;16;48;5;231m▀${ESCAPE}[0m`]);
    expect(halfBlocks(picture(1, [grey(0), grey(255)]), "16")).toEqual([`${ESCAPE}[30;107m▀${ESCAPE}[0m`]);
  });

  it("says a colour once for cells that share it, and ends each line without one", () => {
    const [line] = halfBlocks(picture(3, [grey(8), grey(8), grey(8), grey(8), grey(8), grey(8)]), "true");
    expect(line).toBe(`${ESCAPE}[38;2;8;8;8;48;2;8;8;8m▀▀▀${ESCAPE}[0m`);
  });

  it("needs no colour: darker is lighter ink, lines keep characters of their own, a last row has black below", () => {
    const lines = halfBlocks(
      picture(3, [grey(0), grey(250), grey(255), grey(0), grey(250), grey(0), grey(0), [230, 159, 0], grey(120)]),
      "none",
    );
    expect(lines).toEqual([" @#", " o:"]);
  });
});
