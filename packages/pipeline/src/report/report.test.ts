import { parse } from "csv-parse/sync";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { studyResults, type StudyFixture } from "../../../../test/helpers/study-results.ts";
import type { Finding } from "../study/guards/finding.ts";
import { examplesFigure } from "./figures/examples.ts";
import { rasterise } from "./figures/raster.node.ts";
import { trainingCurveFigure } from "./figures/training-curve.ts";
import type { StudyResults } from "../study/results.ts";
import { clusteredTest } from "../stats/prediction/clustered-auc.ts";
import { modelRows } from "../study/model-rows.ts";
import { modelPairs } from "./delong-tables.ts";
import { risksOf } from "./risks.ts";
import { studyReport } from "./study-report.ts";

const MODELS = ["Radiomics-A", "DLR-A", "DLR-A&V", "CT findings", "DLR-A + sag"];
const FINDINGS: Finding[] = [
  { id: "many-models", level: "note", found: "Many <models>.", consequence: "By chance." },
  { id: "duplicate-scans", level: "warning", found: "Patients A, B have the same scan.", consequence: "Leave one out." },
];
const FACTS = { backend: "wasm", engine: "abc" };

let full: StudyResults;
let bare: StudyResults;
const of = (fixture: StudyFixture): StudyResults => ({
  ...fixture,
  study: { ...fixture.study, models: fixture.study.models.filter(({ name }) => fixture.models.some(({ model }) => model === name)) },
  failures: [],
});
beforeAll(async () => {
  full = of(await studyResults({ only: MODELS }));
  bare = of(await studyResults({ times: false, external: false, only: ["CT findings"] }));
});

/** Every label of a figure where it stands, px; rotated ones are left out. */
function labels(svg: string): { text: string; left: number; right: number; top: number; bottom: number }[] {
  const { document } = parseHTML(`<body>${svg}</body>`);
  const shift = (element: Element): [number, number] => {
    const [, x, y] = /translate\((-?[\d.]+)[, ]+(-?[\d.]+)\)/.exec(element.getAttribute("transform") ?? "") ?? [];
    return [Number(x ?? 0), Number(y ?? 0)];
  };
  const number = (element: Element, name: string) => {
    const value = element.getAttribute(name) ?? "0";
    return value.endsWith("em") ? 11 * Number.parseFloat(value) : Number(value);
  };
  const inherited = (element: Element, name: string): string | null => {
    for (let at: Element | null = element; at; at = at.parentElement) if (at.hasAttribute(name)) return at.getAttribute(name);
    return null;
  };
  return [...document.querySelectorAll("text")].flatMap((element) => {
    const text = element.textContent ?? "";
    if (text === "" || (element.getAttribute("transform") ?? "").includes("rotate")) return [];
    let [x, y] = [number(element, "x"), number(element, "y") + number(element, "dy")];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const [dx, dy] = shift(at);
      [x, y] = [x + dx, y + dy];
    }
    const size = Number(inherited(element, "font-size"));
    const width = 0.55 * size * text.length;
    const anchor = inherited(element, "text-anchor");
    const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
    return [{ text, left, right: left + width, top: y - 0.7 * size, bottom: y }];
  });
}

describe("the report of a study", () => {
  it("has the same bytes however often it is written", () => {
    const [once, twice] = [0, 1].map(() => studyReport(full, FINDINGS, FACTS));
    expect(twice).toEqual(once);
    expect(Object.keys(once!.files)).toEqual(expect.arrayContaining(["report.html", "tables/table-1-radiomics.tex", "figures/roc.svg"]));
  });

  it("asks nothing of any network, runs no script, and every link leads to a part of the page", () => {
    const page = studyReport(full, FINDINGS, FACTS).files["report.html"]!;
    expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; img-src data:`);
    expect(page).not.toMatch(/<script|<link|<iframe|src="(?!data:)|url\(/);
    expect(page.match(/(?:xlink:)?href="(?!#|data:)[^"]*"/g)).toBeNull();
    const { document } = parseHTML(page);
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const link of document.querySelectorAll("a")) expect(ids).toContain(link.getAttribute("href")!.slice(1));
  });

  it("says research use only, that the data are synthetic, and writes every finding with its consequence, warnings first", () => {
    const page = studyReport(full, FINDINGS, FACTS).files["report.html"]!;
    expect(page).toContain("Research use only");
    expect(page).toContain("SYNTHETIC DATA");
    expect(page).toContain("Many &lt;models&gt;.");
    expect(page.indexOf("finding-duplicate-scans")).toBeLessThan(page.indexOf("finding-many-models"));
    const real = { ...full, study: { ...full.study, name: "a cohort" } };
    expect(studyReport(real, [], FACTS).files["report.html"]).not.toContain("SYNTHETIC");
  });

  it("says so on every figure and in every table that is a file of its own", () => {
    const { files } = studyReport(full, FINDINGS, FACTS);
    const own = Object.keys(files).filter((path) => /\.(svg|html|tex)$/.test(path));
    expect(own.length).toBeGreaterThan(25);
    expect(own.filter((path) => !/SYNTHETIC DATA/.test(files[path]!) || !/Research use only/.test(files[path]!))).toEqual([]);
    const real = { ...full, study: { ...full.study, name: "a cohort" } };
    expect(
      Object.values(studyReport(real, FINDINGS, FACTS).files).filter((text) => /SYNTHETIC/.test(text) && !/SYNTHETIC-/.test(text)),
    ).toEqual([]);
  });

  it("has the numbers of models.csv in its tables", () => {
    const { files } = studyReport(full, [], FACTS);
    const rows = full.models.flatMap((model) => modelRows(full.cohort, model));
    const [dlr] = parse(files["tables/table-2-deep.csv"]!, { columns: true }) as Record<string, string>[];
    const [internal, external] = rows.filter(({ model }) => model === "DLR-A");
    expect(Number(dlr!["internal_auc"])).toBe(internal!.auc);
    expect(Number(dlr!["internal_auc_lo"])).toBe(internal!.auc_lo);
    expect(Number(dlr!["external_events"])).toBe(external!.events);
    expect(Number(dlr!["external_p"])).toBe(external!.p);
  });

  it("judges every area and every pair by Obuchowski's formulas where patients come in groups, and says so; DeLong's are named nowhere", () => {
    const patients = full.cohort.patients.map((patient, i) => ({ ...patient, group: `family ${i >> 1}` }));
    const grouped = {
      ...full,
      study: { ...full.study, learn: { ...full.study.learn, group: "family" } },
      cohort: { ...full.cohort, patients },
    };
    const risks = full.models.map((model) => risksOf(grouped.cohort, model));
    const [pair] = modelPairs(risks, "internal");
    const { ids, outcome, risk } = risks[0]!.internal;
    const other = new Map(risks[1]!.internal.ids.map((id, i) => [id, risks[1]!.internal.risk[i]!]));
    const groupOf = new Map(patients.map(({ id, group }) => [id, group]));
    const groups = ids.map((id) => groupOf.get(id)!);
    const by = clusteredTest(
      outcome,
      risk,
      ids.map((id) => other.get(id)!),
      groups,
    );
    expect(pair).toMatchObject({ a: "Radiomics-A", b: "DLR-A", z: by.z, p: by.p });
    const [alone] = modelPairs(
      full.models.map((model) => risksOf(full.cohort, model)),
      "internal",
    );
    expect(alone!.p).not.toBe(by.p);
    const { files } = studyReport(grouped, FINDINGS, FACTS);
    const page = files["report.html"]!;
    expect(page).toContain("Table S3. Obuchowski's test of every pair of models, internal cohort");
    expect(page).toContain(
      "AUCs have Obuchowski's 95% interval for grouped patients and are tested against 0.5 by the variance of that interval",
    );
    expect(Object.entries(files).flatMap(([path, text]) => (/DeLong/.test(text) ? [path] : []))).toEqual([]);
    expect(files["tables/table-s3-delong-internal.csv"]).toContain(String(by.p));
  });

  it("names the rule of the threshold below its tables as the study sets it", () => {
    const note = (threshold: object) => {
      const learn = { ...full.study.learn, threshold } as typeof full.study.learn;
      return studyReport({ ...full, study: { ...full.study, learn } }, [], FACTS).files["report.html"]!;
    };
    expect(note({ rule: "youden" })).toContain("specificity at the threshold with the highest Youden index of the pooled internal risks");
    const other = note({ rule: "sensitivity", atLeast: 0.9 });
    expect(other).toContain("specificity at the highest threshold with a sensitivity of at least 0.9 of the pooled internal risks");
    expect(other).not.toContain("Youden");
  });

  it("has no figure with a number that is none, an id of another figure, or labels on top of each other", () => {
    for (const results of [full, bare]) {
      for (const { name, svg } of studyReport(results, [], FACTS).figures) {
        expect(svg, name).not.toMatch(/NaN|Infinity|undefined/);
        expect(
          [...svg.matchAll(/ id="([^"]*)"/g)].every(([, id]) => id!.startsWith(name)),
          name,
        ).toBe(true);
        const all = labels(svg);
        expect(all.length, name).toBeGreaterThan(8);
        const clashes = all.flatMap((a, i) =>
          all
            .slice(i + 1)
            .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
            .map((b) => `${name}: "${a.text}" and "${b.text}"`),
        );
        expect(clashes).toEqual([]);
      }
    }
  });

  it("leaves out what a study without times, external cohort and images cannot have", () => {
    const { files, figures } = studyReport(bare, [], FACTS);
    expect(figures.map(({ name }) => name)).toEqual(["roc", "risk-distribution", "calibration", "decision-curve", "feature-stability"]);
    expect(files["report.html"]).toContain("There was no external cohort.");
    expect(files["report.html"]).not.toContain("log-rank");
    expect(Object.keys(files).filter((path) => path.endsWith(".csv"))).toEqual([
      "tables/table-flow.csv",
      "tables/table-s2-internal.csv",
      "tables/risk-groups.csv",
    ]);
  });

  it("draws pictures of equal bytes, twice the size of the figure", async () => {
    const { svg } = studyReport(bare, [], FACTS).figures[0]!;
    const [a, b] = [await rasterise(svg), await rasterise(svg)];
    expect(Buffer.from(a).equals(b)).toBe(true);
    const view = new DataView(a.buffer, a.byteOffset);
    expect(view.getUint32(16)).toBe(2 * Number(/width="(\d+)"/.exec(svg)![1]));
  });
});

it("examples name the patient, the risk and what came, and say how the network's mask agrees only where there is one", () => {
  const picture = { width: 2, height: 1, png: btoa("not looked at") };
  const shown = { patient: "P_01", phase: "arterial", outcome: 1, risk: 0.8124, slices: picture } as const;
  const plain = examplesFigure([{ ...shown, heat: null, dice: null, drawn: { box: true, mask: true, network: false } }], "DLR-A");
  expect(plain.svg).toContain("P_01, arterial: risk 0.812, event<");
  expect(plain.caption).not.toMatch(/network's mask|vermilion/);
  const full = examplesFigure([{ ...shown, heat: picture, dice: 0.91, drawn: { box: true, mask: true, network: true } }], "DLR-A");
  expect(full.svg).toContain("DSC of the network's mask 0.91");
  expect(full.svg.match(/<image/g)).toHaveLength(2);
  expect(full.caption).toMatch(/network's mask.*vermilion/);
});

it("a training curve names its loss", () => {
  const curve = [{ epoch: 1, loss: 0.5, dsc: 0.3, cases: [{ dsc: 0.3 }] }];
  const { svg, caption } = trainingCurveFigure(curve, curve[0]!, "cross-entropy+dice");
  expect(svg).toContain("mean cross-entropy plus soft Dice loss");
  expect(caption).toMatch(/^Mean cross-entropy plus soft Dice loss of the training slices/);
});

it("a training curve shows every epoch and the one that was kept", () => {
  const curve = [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch, dsc: 0.3 * epoch, cases: [{ dsc: 0.2 * epoch }, { dsc: 0.25 }] }));
  for (const epochs of [3, 1]) {
    const { svg } = trainingCurveFigure(curve.slice(0, epochs), curve[epochs - 1]!);
    for (const text of [
      "mean cross-entropy",
      "Dice coefficient",
      "epoch",
      `best ${(0.3 * epochs).toFixed(3)}, epoch ${epochs}`,
      "mean of 2 cases",
    ])
      expect(svg).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  }
});
