import { hc } from "hono/client";
import type { App } from "./app.ts";

/** A client of the service at `url` whose calls and answers are typed by its routes. */
export const createClient = (url: string) => hc<App>(url);
