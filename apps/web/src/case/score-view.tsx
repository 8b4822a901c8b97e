import type { ScoredCase } from "@islet/pipeline";
import { Sentences } from "../components/notice.tsx";

/** The risk, with all that one must know beside it. */
export function ScoreView({ scored }: { readonly scored: ScoredCase }) {
  const { score, explanation, milliseconds } = scored;
  const { contributions, neighbours } = score;
  const most = Math.max(...contributions.features.map(({ contribution }) => Math.abs(contribution)), 1e-12);
  return (
    <section className="card score" aria-labelledby="score-heading">
      <div className="row ends">
        <h2 id="score-heading">Risk</h2>
        <strong className="research-use">Research use only{score.synthetic && " · SYNTHETIC model"}</strong>
      </div>
      <div className="risk-line">
        <p className={`risk ${score.group}`} data-testid="risk" data-risk={score.risk}>
          {(100 * score.risk).toFixed(1)}
          <span className="unit"> %</span>
        </p>
        <div>
          <p className={`group ${score.group}`}>
            {score.group === "high" ? "High" : "Low"} risk: {score.group === "high" ? "at or above" : "below"} the threshold of{" "}
            {(100 * score.threshold).toFixed(1)} %
          </p>
          <p className="faint">
            Higher than {score.percentile.toFixed(0)} % of the {score.percentileAmong}. Fold models from{" "}
            {(100 * Math.min(...score.riskByFold)).toFixed(1)} to {(100 * Math.max(...score.riskByFold)).toFixed(1)} %.{" "}
            {(milliseconds / 1000).toFixed(1)} s on {score.provenance.device}.
          </p>
        </div>
      </div>
      <RiskScale risk={score.risk} threshold={score.threshold} folds={score.riskByFold} />
      <Sentences kind="warn" sentences={score.warnings} />
      <div className="score-columns">
        <div>
          <h3>What drives it</h3>
          <ul className="bars">
            {contributions.features.slice(0, 8).map(({ name, value, contribution }) => (
              <li key={name}>
                <span>
                  <code>{name}</code> <span className="faint">{value === null ? "missing" : value.toPrecision(4)}</span>
                </span>
                <meter
                  className={contribution > 0 ? "raises" : "lowers"}
                  min={0}
                  max={most}
                  value={Math.abs(contribution)}
                  aria-label={`${name} ${contribution > 0 ? "raises" : "lowers"} the risk by ${(100 * Math.abs(contribution)).toFixed(1)} points`}
                />
                <span className="number">
                  {contribution > 0 ? "+" : "−"}
                  {(100 * Math.abs(contribution)).toFixed(1)}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>Most alike in training</h3>
          <table>
            <thead>
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col" className="number">
                  Months
                </th>
                <th scope="col" className="number">
                  Risk
                </th>
                <th scope="col" className="number">
                  Distance
                </th>
              </tr>
            </thead>
            <tbody>
              {neighbours.map(({ outcome, timeMonths, risk, distance }) => (
                <tr key={`${distance} ${risk}`}>
                  <td>{outcome === 1 ? "event" : "none"}</td>
                  <td className="number">{timeMonths === null ? "-" : timeMonths.toFixed(1)}</td>
                  <td className="number">{(100 * risk).toFixed(1)} %</td>
                  <td className="number">{distance.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {explanation.length > 0 && (
        <p className="faint">
          Where the network's part comes from can be shown over the scan: choose "Where the risk comes from" above the planes.
        </p>
      )}
    </section>
  );
}

/** The risk on a line from 0 to 100 %, with the threshold and every fold model. */
function RiskScale({ risk, threshold, folds }: { readonly risk: number; readonly threshold: number; readonly folds: readonly number[] }) {
  const x = (value: number) => 4 + 92 * value;
  return (
    <svg className="risk-scale" viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true">
      <line x1="4" x2="96" y1="5" y2="5" className="axis" />
      {[...new Set(folds)].map((fold) => (
        <line key={fold} x1={x(fold)} x2={x(fold)} y1="3.4" y2="6.6" className="fold" />
      ))}
      <line x1={x(threshold)} x2={x(threshold)} y1="1" y2="9" className="threshold" />
      <line x1={x(risk)} x2={x(risk)} y1="1.6" y2="8.4" className="here" />
    </svg>
  );
}
