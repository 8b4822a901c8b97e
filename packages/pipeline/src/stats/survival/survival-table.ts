// From any CSV to follow-up, groups, strata and covariates.
import { ConfigError } from "../../errors.ts";
import { isMissing, numberIn, requireColumn, type CsvTable } from "../../intake/csv.ts";
import type { Covariate } from "./cox.ts";
import { followUp, type FollowUp } from "./follow-up.ts";
import { categories } from "../variables.ts";

/** Which columns hold what. */
export interface SurvivalColumns {
  readonly time: string;
  readonly event: string;
  readonly group?: string | undefined;
  readonly strata?: string | undefined;
  readonly covariates?: readonly string[];
  /** Covariates whose numbers are codes. */
  readonly categorical?: readonly string[];
}

/** Rows of a column as levels and the place of each row's among them. */
export interface Levels {
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** The rows of a table that have every value asked for. */
export interface SurvivalTable {
  readonly data: FollowUp;
  readonly group?: Levels;
  readonly strata?: Levels;
  readonly covariates: readonly Covariate[];
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  /** Line in the file of every row kept. */
  readonly lines: readonly number[];
}

/**
 * Reads survival data. Rows in which one of the columns asked for is missing are left out and counted, as R and SPSS do. A covariate without a
 * number, or named in `categorical`, becomes one 0/1 column for every level but the first, called NAME=LEVEL.
 *
 * @param codes  1, or 2 when event 2 is a competing event
 * @throws ConfigError naming file, row and column of a negative time, another event code or a word among numbers; of a column that is missing,
 *   has no values, or gives one group or level only
 */
export function survivalTable(csv: CsvTable, file: string, columns: SurvivalColumns, codes: 1 | 2 = 1): SurvivalTable {
  const { time, event, group, strata, covariates = [], categorical = [] } = columns;
  const used = [time, event, ...(group === undefined ? [] : [group]), ...(strata === undefined ? [] : [strata]), ...covariates];
  for (const name of [...used, ...categorical]) requireColumn(csv.columns, name, file);
  const twice = covariates.find((name, i) => covariates.indexOf(name) !== i || name === time || name === event);
  if (twice !== undefined)
    throw new ConfigError(`${file}, column ${twice}`, "has two roles; name the time, the event and each covariate once");
  for (const name of used)
    if (csv.rows.every(({ cells }) => isMissing(cells[name]!)))
      throw new ConfigError(`${file}, column ${name}`, "has no values; fill it or leave it out");
  const rows = csv.rows.filter(({ cells }) => used.every((name) => !isMissing(cells[name]!)));
  if (rows.length === 0)
    throw new ConfigError(file, `no row has a value in all of ${used.join(", ")}; fill the gaps or ask for fewer columns`);

  const where = (i: number, name: string) => `${file}, row ${rows[i]!.line}, column ${name}`;
  const numbers = (name: string) => Float64Array.from(rows, ({ cells }, i) => numberIn(cells[name]!, where(i, name)));
  const levelsOf = (name: string): Levels => {
    const cells = rows.map((row) => row.cells[name]!);
    return categories(
      name,
      cells,
      cells.every((cell) => Number.isFinite(Number(cell))),
    );
  };
  const isWords = (name: string) => categorical.includes(name) || rows.every(({ cells }) => !Number.isFinite(Number(cells[name]!)));
  const atLeastTwo = (name: string, found: Levels, way: string): Levels => {
    if (found.levels.length > 1) return found;
    throw new ConfigError(`${file}, column ${name}`, `every row is "${found.levels[0]}"; ${way}`);
  };
  return {
    data: followUp(numbers(time), numbers(event), codes, (i) => ({ time: where(i, time), event: where(i, event) })),
    ...(group !== undefined && {
      group: atLeastTwo(group, levelsOf(group), "a comparison needs two groups or more, or no group at all for a single curve"),
    }),
    ...(strata !== undefined && { strata: levelsOf(strata) }),
    covariates: covariates.flatMap((name) => {
      if (!isWords(name)) return [{ name, values: numbers(name) }];
      const { levels, codes: of } = atLeastTwo(name, levelsOf(name), "it says nothing; leave it out");
      return levels
        .slice(1)
        .map((level, k) => ({ name: `${name}=${level}`, values: Float64Array.from(of, (code) => (code === k + 1 ? 1 : 0)) }));
    }),
    leftOut: csv.rows.length - rows.length,
    lines: rows.map(({ line }) => line),
  };
}

/**
 * Refuses a table that no regression can be fitted to.
 *
 * @param event  the column of events
 * @throws ConfigError naming file and column: nobody has the event, or a covariate has one value on the rows kept
 */
export function requireRegression({ data, covariates }: SurvivalTable, file: string, event: string): void {
  requireEvents(data, file, event);
  for (const { name, values } of covariates) {
    if (Array.from(values).some((value) => value !== values[0])) continue;
    throw new ConfigError(
      `${file}, column ${name}`,
      `is ${values[0]} in each of the ${values.length} rows used and says nothing; leave it out`,
    );
  }
}

/**
 * Refuses follow-up in which nobody has the event.
 *
 * @throws ConfigError naming file and column
 */
export function requireEvents({ event: codes }: FollowUp, file: string, event: string): void {
  if (!codes.includes(1))
    throw new ConfigError(`${file}, column ${event}`, `none of the ${codes.length} rows used has the event (1); check the codes`);
}

/** The follow-up of the rows of one level. */
export function followUpOf({ time, event }: FollowUp, { codes }: Levels, level: number): FollowUp {
  const isIn = (_: number, i: number) => codes[i] === level;
  return { time: time.filter(isIn), event: event.filter(isIn) };
}
