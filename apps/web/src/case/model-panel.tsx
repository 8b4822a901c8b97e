import { useState } from "react";
import type { BundleDescription } from "@islet/pipeline";
import { DropZone } from "../components/drop-zone.tsx";
import { Notice } from "../components/notice.tsx";
import type { Backend } from "./features-panel.tsx";
import type { ModelDesk } from "./use-model.ts";
import { windowWords } from "./windows.ts";

/** A scan's place on the desk, as the model's phases choose from them. */
export interface SlotChoice {
  readonly slot: string;
  readonly label: string;
  readonly isOpen: boolean;
}

/** The model: what it is, what it asks for, and the way to a risk. */
export function ModelPanel({
  model,
  slots,
  backend,
  isBusy,
  onScan,
}: {
  readonly model: ModelDesk;
  readonly slots: readonly SlotChoice[];
  readonly backend: Backend;
  readonly isBusy: boolean;
  /** Called with a slot whose scan is to be opened. */
  readonly onScan: (slot: string) => void;
}) {
  const { state, fault, actions } = model;
  const { description } = state;
  return (
    <section className="card" aria-labelledby="model-heading">
      <h2 id="model-heading">Model</h2>
      {description && <Description description={description} />}
      {description && <PhaseChoices model={model} slots={slots} onScan={onScan} />}
      {description && <Variables model={model} />}
      {description?.tables.map(({ name, columns }) => (
        <TablePart key={name} name={name} columns={columns.length} model={model} isBusy={isBusy} />
      ))}
      {description && (
        <button
          type="button"
          className="primary"
          disabled={isBusy}
          onClick={() =>
            void actions.score(
              backend,
              slots.filter(({ isOpen }) => isOpen).map(({ slot }) => slot),
            )
          }
        >
          Score this patient
        </button>
      )}
      {fault !== null && <Notice kind="bad">{fault}</Notice>}
      <ModelDrop model={model} isBusy={isBusy} />
    </section>
  );
}

/** Where a model is dropped. */
export function ModelDrop({ model: { state, actions }, isBusy }: { readonly model: ModelDesk; readonly isBusy: boolean }) {
  return (
    <DropZone label="model" accept=".islet" isSmall isBusy={isBusy} onFiles={({ files }) => void actions.open(files[0]!.file)}>
      <span className="faint">{state.description ? "Another model: drop it here" : "A study's model.islet: drop it here"}</span>
    </DropZone>
  );
}

/** A table of features made elsewhere, and the patient's row in it. */
function TablePart({
  name,
  columns,
  model: { state, actions },
  isBusy,
}: {
  readonly name: string;
  readonly columns: number;
  readonly model: ModelDesk;
  readonly isBusy: boolean;
}) {
  const given = state.tables[name];
  const choose = (row: number | null) => actions.patch({ tables: { ...state.tables, [name]: { ...given!, row } }, scored: null });
  return (
    <div className="table-part">
      {given && (
        <div className="field">
          <label htmlFor={`row-${name}`}>Patient in {given.file}</label>
          <select
            id={`row-${name}`}
            value={given.row ?? ""}
            onChange={({ target }) => choose(target.value === "" ? null : Number(target.value))}
          >
            <option value="">choose</option>
            {given.rows.map((row, i) => (
              <option key={row} value={i}>
                {row}
              </option>
            ))}
          </select>
        </div>
      )}
      <DropZone
        label={`features ${name}`}
        accept=".csv,.tsv,.txt"
        isSmall
        isBusy={isBusy}
        onFiles={(dropped) => void actions.readTable(name, dropped)}
      >
        <span className="faint">
          Features {name} ({columns} columns): drop {given ? "another table" : "the table that has the patient's"} here
        </span>
      </DropZone>
    </div>
  );
}

function Description({ description }: { readonly description: BundleDescription }) {
  const { model, study, synthetic, training, phases, network, notice } = description;
  return (
    <>
      <dl className="facts">
        <dt>Model</dt>
        <dd>
          {model}, of the study {study}
        </dd>
        <dt>Learnt from</dt>
        <dd>
          {training.n} patients, {training.events} with the event
          {training.horizonMonths !== null && ` within ${training.horizonMonths} months`}
          {synthetic && " (SYNTHETIC)"}
        </dd>
        {phases.map(({ name, window, percentiles, needs }) => (
          <PhaseFact key={name} name={name} words={phaseWords(window ?? { percentiles: percentiles! }, needs)} />
        ))}
        {network && (
          <>
            <dt>Network</dt>
            <dd>{network.description}</dd>
          </>
        )}
      </dl>
      <Notice kind="warn">{notice}</Notice>
    </>
  );
}

function PhaseFact({ name, words }: { readonly name: string; readonly words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}

function phaseWords(
  window: Parameters<typeof windowWords>[0],
  { rough, mask }: { readonly rough: boolean; readonly mask: boolean },
): string {
  const needs = [rough && "three boxes", mask && "a mask"].filter(Boolean).join(" and ");
  return `${windowWords(window)}; needs ${needs || "the scan"}`;
}

function PhaseChoices({
  model,
  slots,
  onScan,
}: {
  readonly model: ModelDesk;
  readonly slots: readonly SlotChoice[];
  readonly onScan: (slot: string) => void;
}) {
  const { state, actions } = model;
  if (state.description!.phases.length < 2) return null;
  return (
    <div className="phases">
      {state.description!.phases.map(({ name }) => {
        const slot = state.phases[name]!;
        const isOpen = slots.find((one) => one.slot === slot)?.isOpen ?? false;
        return (
          <div key={name} className="row">
            <label>
              {name}{" "}
              <select
                value={slot}
                onChange={(event) => actions.patch({ phases: { ...state.phases, [name]: event.target.value }, scored: null })}
              >
                {slots.map(({ slot: one, label }) => (
                  <option key={one} value={one}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            {!isOpen && (
              <button type="button" onClick={() => onScan(slot)}>
                Open its scan
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Variables({ model }: { readonly model: ModelDesk }) {
  const { state, actions } = model;
  const { clinical, findings, batch, network } = state.description!;
  const [hasWeights] = useState(() => network?.weights === "elsewhere");
  const set = (name: string, value: string) => actions.patch({ variables: { ...state.variables, [name]: value }, scored: null });
  return (
    <div className="variables">
      {[...clinical, ...findings].map(({ name, kind, levels }) => (
        <div key={name} className="field">
          <label htmlFor={`variable-${name}`}>{name}</label>
          {kind === "number" ? (
            <input
              id={`variable-${name}`}
              type="text"
              inputMode="decimal"
              value={state.variables[name] ?? ""}
              onChange={(event) => set(name, event.target.value)}
            />
          ) : (
            <select id={`variable-${name}`} value={state.variables[name] ?? ""} onChange={(event) => set(name, event.target.value)}>
              <option value="">choose</option>
              {levels.map((level) => (
                <option key={level}>{level}</option>
              ))}
            </select>
          )}
        </div>
      ))}
      {batch && (
        <div className="field">
          <label htmlFor="batch">{batch.column}</label>
          <input
            id="batch"
            type="text"
            list="batches"
            value={state.batch}
            onChange={(event) => actions.patch({ batch: event.target.value })}
          />
          <datalist id="batches">
            {batch.known.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
      )}
      {hasWeights && (
        <label>
          The model's network ({network!.file}){" "}
          <input type="file" accept=".safetensors" onChange={(event) => actions.patch({ weights: event.target.files?.[0] ?? null })} />
        </label>
      )}
    </div>
  );
}
