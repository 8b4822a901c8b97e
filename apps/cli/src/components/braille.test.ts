import { describe, expect, it } from "vitest";
import { drawCurves } from "./braille.ts";

const UNIT = { x: [0, 1], y: [0, 1] } as const;
const text = (rows: ReturnType<typeof drawCurves>) => rows.map(({ runs }) => runs.map((run) => run.text).join(""));

describe("curves in braille", () => {
  it("fill the edges that they run along: bottom, right and top", () => {
    const points = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const;
    expect(text(drawCurves(3, 2, UNIT, [{ points }]))).toEqual(["⠉⠉⢹", "⣀⣀⣸"]);
  });

  it("go straight between corners, a dot a step, and stay on the field outside its range", () => {
    const diagonal = [
      [0, 0],
      [1, 1],
    ] as const;
    expect(text(drawCurves(2, 1, UNIT, [{ points: diagonal }]))).toEqual(["⡠⠊"]);
    const beyond = [
      [-3, 2],
      [4, 2],
    ] as const;
    expect(text(drawCurves(2, 1, UNIT, [{ points: beyond }]))).toEqual(["⠉⠉"]);
  });

  it("can be told apart without colour: a dotted one has gaps", () => {
    const points = [
      [0, 0.5],
      [1, 0.5],
    ] as const;
    const dots = (isDotted: boolean) =>
      [...text(drawCurves(10, 1, UNIT, [{ points, isDotted }])).join("")].reduce(
        (sum, c) => sum + (c === " " ? 0 : ones(c.codePointAt(0)! & 0xff)),
        0,
      );
    expect([dots(false), dots(true)]).toEqual([20, 8]);
  });

  it("give a cell to the later curve", () => {
    const points = [
      [0, 0],
      [1, 0],
    ] as const;
    const right = [
      [0.6, 0],
      [1, 0],
    ] as const;
    const [{ runs }] = drawCurves(4, 1, UNIT, [
      { points, colour: "red" },
      { points: right, colour: "cyan" },
    ]) as [ReturnType<typeof drawCurves>[number]];
    expect(runs.map(({ text: cells, colour }) => [cells.length, colour])).toEqual([
      [2, "red"],
      [2, "cyan"],
    ]);
  });
});

const ones = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + ones(bits >> 1));
