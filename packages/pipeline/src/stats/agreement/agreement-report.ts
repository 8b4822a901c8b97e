import { blandAltman, type BlandAltman } from "./bland-altman.ts";
import { icc, type IccResult } from "./icc.ts";
import { cohensKappa, fleissKappa, type Kappa } from "./kappa.ts";

/** Readers' measurements, or their categories, of the same subjects. The JSON of `islet stats agreement`. */
export type AgreementReport = {
  readonly readers: readonly string[];
  readonly n: number;
  /** Rows left out because a reader's value is missing. */
  readonly rowsLeftOut: number;
  readonly method: string;
} & (
  | {
      readonly kind: "measurements";
      readonly icc: IccResult;
      readonly blandAltman: readonly ({ readonly a: string; readonly b: string } & BlandAltman)[];
    }
  | {
      readonly kind: "categories";
      readonly categories: readonly string[];
      /** Every pair of readers: counts by category of the first (rows) and the second (columns). */
      readonly cohen: readonly ({ readonly a: string; readonly b: string; readonly table: readonly (readonly number[])[] } & Kappa)[];
      /** Of all readers, when there are three or more. */
      readonly fleiss: Kappa | null;
    }
);

/** Agreement of readers who measured the same subjects: ICC of all, Bland and Altman's limits of every pair. */
export function measurementAgreement(readers: readonly string[], values: readonly Float64Array[], rowsLeftOut: number): AgreementReport {
  const n = values[0]!.length;
  const pairs = pairsOf(readers);
  return {
    kind: "measurements",
    readers,
    n,
    rowsLeftOut,
    icc: icc(Array.from({ length: n }, (_, i) => values.map((column) => column[i]!))),
    blandAltman: pairs.map(([a, b]) => ({ a: readers[a]!, b: readers[b]!, ...blandAltman(values[a]!, values[b]!) })),
    method:
      "ICC(2,1) two-way random, absolute agreement, and ICC(3,1) two-way mixed, consistency, single measurements (Shrout & Fleiss 1979), 95% intervals of McGraw & Wong 1996; " +
      "Bland and Altman's limits bias -+ 1.96 SD with 95% intervals by Student's t",
  };
}

/** Agreement of readers who put the same subjects in categories: Cohen's kappa of every pair, Fleiss' of three and more. */
export function categoryAgreement(
  readers: readonly string[],
  categories: readonly string[],
  codes: readonly Int32Array[],
  weights: "none" | "linear" | "quadratic",
  rowsLeftOut: number,
): AgreementReport {
  const n = codes[0]!.length;
  return {
    kind: "categories",
    readers,
    n,
    rowsLeftOut,
    categories,
    cohen: pairsOf(readers).map(([a, b]) => {
      const table = categories.map(() => categories.map(() => 0));
      for (let i = 0; i < n; i++) table[codes[a]![i]!]![codes[b]![i]!]!++;
      return { a: readers[a]!, b: readers[b]!, table, ...cohensKappa(table, weights) };
    }),
    fleiss:
      readers.length > 2
        ? fleissKappa(Array.from({ length: n }, (_, i) => categories.map((_, c) => codes.filter((column) => column[i] === c).length)))
        : null,
    method: `Cohen's kappa${weights === "none" ? "" : ` with ${weights} weights, categories in the order ${categories.join(", ")}`}, interval by Fleiss, Cohen & Everitt 1969; Fleiss' kappa for three readers or more, standard error of Fleiss, Nee & Landis 1979; P two-sided against 0`,
  };
}

function pairsOf(readers: readonly string[]): (readonly [number, number])[] {
  return readers.flatMap((_, a) => readers.slice(a + 1).map((_, k) => [a, a + 1 + k] as const));
}
