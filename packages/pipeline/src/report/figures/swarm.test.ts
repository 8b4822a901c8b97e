import { describe, expect, it } from "vitest";
import { swarm } from "./swarm.ts";

describe("a swarm of points", () => {
  it("puts equal values beside each other, symmetric about the line, and leaves single ones on it", () => {
    expect(swarm([10, 10, 10, 50], 6, 100)).toEqual([-6, 0, 6, 0]);
  });

  it("stays within its room, packed closer", () => {
    const offsets = swarm(
      Array.from({ length: 50 }, () => 3),
      6,
      120,
    );
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(120);
    expect(new Set(offsets).size).toBe(50);
  });
});
