import { expect, it } from "vitest";
import { randomFor, randomInt } from "../random.ts";
import { risingOrder } from "./rising-order.ts";

it("risingOrder sorts stably as a comparison sort does, negative, tied and infinite values included (seed 2)", () => {
  const random = randomFor(2, "order");
  for (const n of [0, 1, 255, 256, 3000]) {
    const values = Array.from(
      { length: n },
      () => [randomInt(random, 9) - 4, (random() - 0.5) * 1e6, -0, 0, Infinity, -Infinity, 1e-300][randomInt(random, 7)]!,
    );
    const want = values.map((_, i) => i).sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
    expect([...risingOrder(values)]).toEqual(want);
  }
});
