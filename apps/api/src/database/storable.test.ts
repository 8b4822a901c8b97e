import { expect, test } from "vitest";
import { storable } from "./storable.ts";

test("what PostgreSQL refuses is replaced, in keys and values, and nothing else is", () => {
  expect(storable({ "a\0b": ["\ud800", "\udfff!", "\\u0000", "𝕏", "é\n"] })).toEqual({
    "a\ufffdb": ["\ufffd", "\ufffd!", "\\u0000", "𝕏", "é\n"],
  });
});

test("a value without such characters is itself", () => {
  const value = { risk: 0.1 + 0.2, note: "\\\\u0000" };
  expect(storable(value)).toBe(value);
});
