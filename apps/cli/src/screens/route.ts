// Where the user is, and the ways from there.
import { createContext, useContext } from "react";
import type { Engine } from "./engine.ts";
import type { JobOrder, StudyJob } from "./study-job.ts";
import type { ColourDepth } from "../components/colour.ts";

/** A screen and what it shows. */
export type Route =
  | { readonly screen: "home" }
  | { readonly screen: "open" }
  | { readonly screen: "run" }
  | { readonly screen: "results"; readonly out: string; readonly file: string | null }
  | { readonly screen: "score" };

/** What every screen may use. */
export interface Door {
  readonly engine: Engine;
  readonly colours: ColourDepth;
  /** Goes to a screen; `back` returns. */
  go(route: Route): void;
  /** Back to the screen before; from the first one the program ends. */
  back(): void;
  /** Ends the program; a study that is running is asked about first. */
  quit(): void;
  /** The study that is running or ran last. */
  readonly job: StudyJob | null;
  /** Starts a study unless one is running, and shows it. */
  start(order: JobOrder): void;
  /** What a screen remembers after it was left, so that nothing typed is lost. */
  readonly drafts: Map<string, unknown>;
}

/** The door, for screens. */
export const DoorContext = createContext<Door | null>(null);

/** The door of the program. */
export function useDoor(): Door {
  return useContext(DoorContext)!;
}
