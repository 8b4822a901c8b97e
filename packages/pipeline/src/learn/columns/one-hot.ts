/** A category as columns of 0 and 1. */
export interface OneHot {
  /** `NAME=LEVEL`: one for every level, or for the second alone where there are two. */
  readonly columns: readonly string[];
  /** The columns' values for a level; all NaN for a missing one (null), all 0 for a level that is not among them. */
  code(level: string | null): number[];
}

/**
 * Codes a category.
 *
 * @param levels  distinct, in the order of the columns
 */
export function oneHot(name: string, levels: readonly string[]): OneHot {
  const coded = levels.length === 2 ? levels.slice(1) : levels;
  return {
    columns: coded.map((level) => `${name}=${level}`),
    code: (value) => coded.map((level) => (value === null ? NaN : value === level ? 1 : 0)),
  };
}
