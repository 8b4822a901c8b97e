import { useDeferredValue, useState } from "react";
import type { MeasuredDeep, MeasuredRadiomics } from "@islet/pipeline";
import { Sentences } from "../components/notice.tsx";

interface Row {
  readonly name: string;
  readonly value: number | null;
  readonly reason: string | null;
}

/** Every feature of the region, with a search over their names. */
export function FeaturesTable({ radiomics, deep }: { readonly radiomics: MeasuredRadiomics | null; readonly deep: MeasuredDeep | null }) {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const rows: Row[] = [
    ...Object.entries(radiomics?.features ?? {}).map(([name, value]) => ({ name, value, reason: radiomics!.reasons[name] ?? null })),
    ...(deep?.features ?? []).map((value, i) => ({ name: `deep_${i}`, value, reason: null })),
  ];
  const found = rows.filter(({ name }) => name.toLowerCase().includes(wanted));
  const warnings = [...(radiomics?.warnings ?? []), ...(deep?.warnings ?? [])];
  return (
    <section className="card" aria-labelledby="table-heading">
      <div className="row ends">
        <h2 id="table-heading">
          {rows.length} features{" "}
          {radiomics && <span className="faint">hand-crafted in {(radiomics.milliseconds / 1000).toFixed(1)} s</span>}
        </h2>
        <label>
          Search <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder="such as contrast" />
        </label>
      </div>
      <Sentences kind="warn" sentences={warnings} />
      <Sentences kind="info" sentences={radiomics?.notes ?? []} />
      {/* A region that scrolls is reachable by keyboard. */}
      <div className="scroll" tabIndex={0} role="region" aria-label="Features">
        <table>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              <th scope="col" className="number">
                Value
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ name, value, reason }) => (
              <tr key={name}>
                <td>
                  <code>{name}</code>
                </td>
                <td className="number">{value === null ? <span className="faint">no value: {reason}</span> : value.toPrecision(6)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {found.length === 0 && <p className="faint">No feature is called so.</p>}
      </div>
      <p className="faint">Research use only. The file has every digit.</p>
    </section>
  );
}
