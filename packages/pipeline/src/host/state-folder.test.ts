import { join } from "node:path";
import { expect, it } from "vitest";
import { stateFolder } from "./state-folder.node.ts";

it("state lies in the system's own place, or where ISLET_STATE says", () => {
  expect(stateFolder({ XDG_STATE_HOME: "/x" }, "linux")).toBe(join("/x", "islet"));
  expect(stateFolder({ LOCALAPPDATA: "/l" }, "win32")).toBe(join("/l", "islet"));
  expect(stateFolder({}, "linux")).toMatch(/\.local.state.islet$/);
  expect(stateFolder({ ISLET_STATE: "/mine", XDG_STATE_HOME: "/x" }, "linux")).toBe("/mine");
});
