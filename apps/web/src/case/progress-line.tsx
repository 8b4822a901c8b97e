import type { Running } from "./use-scan.ts";

/** What is being computed, how far it is, and the way to stop it. */
export function ProgressLine({ running, onCancel }: { readonly running: NonNullable<Running>; readonly onCancel: () => void }) {
  const { what, stage, done } = running;
  return (
    <div className="progress-line" role="status">
      <div className="row ends">
        <span>
          {what}
          {stage && <span className="faint">: {stage}</span>}
        </span>
        <button type="button" onClick={onCancel}>
          Stop
        </button>
      </div>
      <progress aria-label={what} {...(done !== null && { value: done, max: 1 })} />
    </div>
  );
}
