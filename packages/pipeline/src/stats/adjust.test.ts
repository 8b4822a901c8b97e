import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { benjaminiHochberg, holm } from "./adjust.ts";

type P = (number | null)[];
const { adjust } = golden<{ adjust: { p: P; holm: P; bh: P }[] }>("r-tables");
const numbers = (values: P) => values.map((value) => value ?? Number.NaN);

describe("adjusted p-values", () => {
  it("are those of R's p.adjust, missing ones passed over", () => {
    for (const { p, holm: byHolm, bh } of adjust) {
      expectClose(holm(numbers(p)), numbers(byHolm), { rtol: 1e-12 });
      expectClose(benjaminiHochberg(numbers(p)), numbers(bh), { rtol: 1e-12 });
    }
  });

  it("keep the order of p, and Holm's are never below Benjamini and Hochberg's", () => {
    const p = [0.03, 0.2, 0.001, 0.04, 0.9];
    const [a, b] = [holm(p), benjaminiHochberg(p)];
    const order = [2, 0, 3, 1, 4];
    for (const adjusted of [a, b]) expect(order.map((i) => adjusted[i]!)).toEqual(adjusted.toSorted((x, y) => x - y));
    for (const [i, value] of a.entries()) expect(value).toBeGreaterThanOrEqual(b[i]!);
    expect([holm([]), benjaminiHochberg([])]).toEqual([[], []]);
  });
});
