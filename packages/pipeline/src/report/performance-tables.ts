// Tables 1 to 4: how the models of each kind do, the external cohort beside the internal one.
import { primaryModel, type ModelOutcome, type StudyResults } from "../study/results.ts";
import { learnSettings } from "../learn/settings.ts";
import { aucWords, isGrouped } from "./auc-words.ts";
import { bestOf, kindOf, type ModelKind } from "./headline.ts";
import { thresholdWords } from "./methods.ts";
import { risksOf, type Risks } from "./risks.ts";
import { interval, number, words, type Cell, type Column, type Table } from "./table.ts";
import { NONE, pValue, range, two } from "./words.ts";

/** What stands below every table of models. */
function columnsNote({ study }: StudyResults): string {
  const { interval: between, against } = aucWords(isGrouped(study));
  return `ACC, SEN, SPC: accuracy, sensitivity and specificity at ${thresholdWords(learnSettings(study.learn, "learn"))} of the pooled internal risks; the same threshold serves the external cohort. AUC with ${between}. P: against an AUC of 0.5, by ${against}.`;
}

/** The tables of the models by kind; a table without models is left out. */
export function performanceTables(results: StudyResults): Table[] {
  const of = (...kinds: ModelKind[]) => results.models.filter(({ model }) => kinds.includes(kindOf(results.study, model)));
  const clinical = of("clinical");
  const compared = [
    ...new Set(
      [bestOf(results, "radiomics"), bestOf(results, "deep"), bestOf(results, "features"), ...of("mixed", "findings")].filter(
        (model) => model !== undefined,
      ),
    ),
  ];
  const tables: [name: string, title: string, models: readonly ModelOutcome[], notes: string[]][] = [
    ["table-1-radiomics", "Table 1. Models of hand-crafted features", of("radiomics"), []],
    ["table-2-deep", "Table 2. Models of deep features", of("deep"), networkNotes(results)],
    ["table-features", "Models of features from tables", of("features"), []],
    [
      "table-3-comparison",
      of("features").length > 0
        ? "Table 3. The best model of each kind of features and the models of findings"
        : "Table 3. The best radiomics model, the best deep model and the models of findings",
      compared.length > 1 ? compared : [],
      ["Best: highest internal AUC. A model chosen so is optimistic on the internal cohort."],
    ],
    [
      "table-4-clinical",
      `Table 4. Models with clinical variables beside ${primaryModel(results).model}`,
      clinical.length > 0 ? [...new Set([primaryModel(results), ...clinical])] : [],
      [],
    ],
  ];
  return tables
    .filter(([, , models]) => models.length > 0)
    .map(([name, title, models, notes]) => table(results, name, title, models, notes));
}

function networkNotes({ network }: StudyResults): string[] {
  return network === null ? [] : [`Network of the deep features: ${network}.`];
}

function table(results: StudyResults, name: string, title: string, models: readonly ModelOutcome[], notes: string[]): Table {
  const risks = models.map((model) => risksOf(results.cohort, model));
  const permuted = models.map(({ result }) => result.permutation);
  const hasPermutation = permuted.some((test) => test !== undefined);
  const hasExternal = risks.some(({ external }) => external);
  const cohorts = hasExternal ? (["internal", "external"] as const) : (["internal"] as const);
  return {
    name,
    title,
    columns: [
      { key: "model", heading: "Model" },
      ...cohorts.flatMap((cohort) => columns(cohort)),
      ...(hasPermutation ? [{ key: "permutation_p", heading: "P (permutation)" }] : []),
    ],
    rows: risks.map((model, k) => [
      words(model.name),
      ...cohorts.flatMap((cohort) => cells(model[cohort])),
      ...(hasPermutation ? [number(permuted[k]?.p, pValue)] : []),
    ]),
    notes: [columnsNote(results), ...(hasPermutation ? [permutationNote(permuted)] : []), ...notes],
  };
}

function permutationNote(tests: readonly (ModelOutcome["result"]["permutation"] | undefined)[]): string {
  const runs = Math.max(...tests.map((test) => test?.permutations ?? 0));
  return `P (permutation): share of ${runs} runs of the whole learner on shuffled outcomes with an internal AUC at least as high.`;
}

function columns(cohort: "internal" | "external"): Column[] {
  const over = cohort === "internal" ? "Internal, cross-validated" : "External";
  const column = (key: string, heading: string) => ({ key: `${cohort}_${key}`, heading, over });
  return [
    { key: [`${cohort}_events`, `${cohort}_n`], heading: "events/n", over },
    column("acc", "ACC"),
    column("sen", "SEN"),
    column("spc", "SPC"),
    column("auc", "AUC"),
    { key: [`${cohort}_auc_lo`, `${cohort}_auc_hi`], heading: "95% CI", over },
    column("p", "P"),
  ];
}

function cells(risks: Risks | null): Cell[] {
  if (!risks) return Array.from({ length: 7 }, () => ({ value: null, shown: NONE }));
  const { n, events, acc, sen, spc, auc, lo, hi, p } = risks.evaluation;
  return [
    interval(events, n, `${events}/${n}`),
    number(acc, two),
    number(sen, two),
    number(spc, two),
    number(auc, two),
    interval(lo, hi, range(lo, hi)),
    number(p, pValue),
  ];
}
