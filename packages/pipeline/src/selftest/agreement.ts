// One comparison of the self-test: what came out here beside what somebody else published or computed.

/** One number and what it should be. */
export interface Check {
  readonly name: string;
  readonly value: number | null;
  readonly expected: number;
  /** Largest difference that still agrees. */
  readonly tolerance: number;
}

/** How a family or a kernel agrees. */
export interface Agreement {
  readonly family: string;
  /** Who says what the numbers should be. */
  readonly source: string;
  readonly compared: number;
  readonly within: number;
  /** Checks outside their tolerance. */
  readonly outside: readonly Check[];
}

/** Sums up the checks of a family. */
export function agreementOf(family: string, source: string, checks: readonly Check[]): Agreement {
  // A published value and its tolerance are decimals: what differs by their rounding alone agrees.
  const differs = ({ value, expected, tolerance }: Check) =>
    value === null || !(Math.abs(value - expected) <= tolerance + 1e-9 * Math.abs(expected));
  const outside = checks.filter(differs);
  return { family, source, compared: checks.length, within: checks.length - outside.length, outside };
}

/** Checks of an array against another, with one tolerance relative to the largest expected number. */
export function checksOf(name: string, values: ArrayLike<number>, expected: readonly number[], relative: number): Check[] {
  const tolerance = relative * Math.max(...expected.map(Math.abs));
  return expected.map((want, i) => ({ name: `${name} ${i}`, value: values[i] ?? null, expected: want, tolerance }));
}
