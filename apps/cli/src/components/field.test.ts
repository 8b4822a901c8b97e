import type { Key } from "ink";
import { describe, expect, it } from "vitest";
import { edited, fieldText } from "./field.tsx";
import { moved } from "./list.tsx";

const key = (part: Partial<Key> = {}) => part as Key;

describe("a field", () => {
  it("takes letters and pasted text at its cursor, without line ends", () => {
    const pasted = edited({ text: "ab", at: 1 }, "x\ny", key());
    expect(pasted).toEqual({ text: "axyb", at: 3 });
    expect(edited(fieldText("ab"), "", key({ backspace: true }))).toEqual({ text: "a", at: 1 });
    expect(edited({ text: "ab", at: 0 }, "", key({ backspace: true }))).toEqual({ text: "ab", at: 0 });
    expect(edited({ text: "ab", at: 0 }, "", key({ rightArrow: true }))).toEqual({ text: "ab", at: 1 });
    expect(edited(fieldText("path"), "u", key({ ctrl: true }))).toEqual({ text: "", at: 0 });
  });

  it("leaves the form's keys to the form", () => {
    for (const other of [{ return: true }, { tab: true }, { upArrow: true }, { downArrow: true }, { escape: true, meta: true }])
      expect(edited(fieldText("a"), "", key(other))).toBeNull();
    expect(edited(fieldText("a"), "c", key({ ctrl: true }))).toBeNull();
  });
});

describe("a choice in a list", () => {
  it("moves by rows, pages and to the ends, and never leaves the list", () => {
    const after = (chosen: number, input: string, part: Partial<Key> = {}) => moved(chosen, 30, 10, input, key(part));
    expect([
      after(0, "j"),
      after(0, "k"),
      after(29, "", { downArrow: true }),
      after(5, "", { pageDown: true }),
      after(5, "G"),
      after(5, "g"),
    ]).toEqual([1, 0, 29, 15, 29, 0]);
    expect(moved(0, 0, 10, "j", key())).toBe(0);
  });
});
