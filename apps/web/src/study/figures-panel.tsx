import type { ShownFigure } from "@islet/pipeline";
import { useState } from "react";

/** The report's figures, one at a time. */
export function FiguresPanel({ figures }: { readonly figures: readonly ShownFigure[] }) {
  const [name, setName] = useState(figures[0]?.name ?? "");
  const figure = figures.find((one) => one.name === name) ?? figures[0];
  if (!figure) return null;
  return (
    <section className="card" aria-label="Figures of the report">
      <div className="row ends">
        <h3>Figures of the report</h3>
        <div className="field">
          <label htmlFor="figure">Figure</label>
          <select id="figure" value={figure.name} onChange={({ target }) => setName(target.value)}>
            {figures.map((one) => (
              <option key={one.name} value={one.name}>
                {one.title}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="scroll picture" tabIndex={0} role="region" aria-label={figure.title}>
        <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.svg)}`} alt={figure.title} />
      </div>
      <p className="faint">{figure.caption}</p>
    </section>
  );
}
