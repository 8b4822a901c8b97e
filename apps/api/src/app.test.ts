import { VERSION } from "@islet/pipeline";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";

test("the service says that it lives, and its version", async () => {
  const answer = await createApp().request("/healthz");
  expect(await answer.json()).toEqual({ status: "ok", version: VERSION });
});
