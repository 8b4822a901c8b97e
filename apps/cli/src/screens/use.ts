// What screens keep while they are shown, and after.
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { sentenceOf } from "../exit.ts";
import { useDoor } from "./route.ts";
import type { JobState, StudyJob } from "./study-job.ts";

/** Something that is being fetched. */
export type Fetched<Value> =
  | { readonly is: "pending" }
  | { readonly is: "there"; readonly value: Value }
  | { readonly is: "failed"; readonly why: string };

/** Fetches when `key` changes; an answer to an earlier key is dropped. */
export function useFetched<Value>(key: string, fetch: () => Promise<Value>): Fetched<Value> {
  const [found, setFound] = useState<{ key: string; fetched: Fetched<Value> }>({ key, fetched: { is: "pending" } });
  const begin = useEffectEvent(fetch);
  useEffect(() => {
    let isWanted = true;
    const set = (fetched: Fetched<Value>) => isWanted && setFound({ key, fetched });
    begin().then(
      (value) => set({ is: "there", value }),
      (error: unknown) => set({ is: "failed", why: sentenceOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [key]);
  return found.key === key ? found.fetched : { is: "pending" };
}

/** State that outlives its screen under a name. */
export function useDraft<Value>(name: string, initial: Value): [Value, (next: Value) => void] {
  const { drafts } = useDoor();
  const [, draw] = useState({});
  const set = (next: Value) => {
    drafts.set(name, next);
    draw({});
  };
  return [(drafts.get(name) as Value | undefined) ?? initial, set];
}

/** How a job stands, followed. */
export function useJob(job: StudyJob): JobState {
  return useSyncExternalStore(job.subscribe, job.state);
}

/** The time, told every second while `isTicking`. */
export function useSeconds(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, [isTicking]);
  return now;
}
