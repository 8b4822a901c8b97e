// Options of the learner that stand for more than one value.
import { InvalidArgumentError } from "commander";

/** The key that a step's bare value sets: top=10 is top with a count of 10. */
const MAIN_KEY: Record<string, string> = { univariate: "alpha", correlation: "threshold", mrmr: "top", lasso: "rule", top: "count" };

/** Steps of selection: NAME, NAME=VALUE or NAME:KEY=VALUE, apart by commas; none keeps every feature. */
export function selectionSteps(text: string): object[] {
  if (text.trim() === "none") return [];
  return text.split(",").map((part) => {
    const [head, ...settings] = part.trim().split(":");
    const [step, value] = head!.split("=");
    const main = MAIN_KEY[step!];
    if (!main) throw new InvalidArgumentError(`there is no step "${step}"; expected ${Object.keys(MAIN_KEY).join(", ")} or none.`);
    const pairs = settings.map((setting) => {
      const [key, value] = setting.split("=");
      if (!key || value === undefined) throw new InvalidArgumentError(`expected KEY=VALUE after "${step}:"; got "${setting}".`);
      return [key, valueOf(value)] as const;
    });
    return { step, ...(value !== undefined && { [main]: valueOf(value) }), ...Object.fromEntries(pairs) };
  });
}

/** youden, sensitivity=SHARE, or cost=MISSED:FALSE-ALARM. */
export function thresholdRule(text: string): object {
  const [rule, value] = text.split("=");
  if (rule === "youden" && value === undefined) return { rule };
  if (rule === "sensitivity") return { rule, ...(value !== undefined && { atLeast: valueOf(value) }) };
  const [missed, alarm] = (value ?? "").split(":").map(Number);
  if (rule === "cost" && missed! > 0 && alarm! > 0) return { rule, falseNegative: missed, falsePositive: alarm };
  throw new InvalidArgumentError(`expected youden, sensitivity=0.9 or cost=5:1; got "${text}".`);
}

/** Values apart by commas. */
export function listOf<T extends string | number>(parse: (text: string) => T): (text: string) => T[] {
  return (text) =>
    text.split(",").map((part) => {
      const value = parse(part.trim());
      if (part.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError(`expected values apart by commas; got "${text}".`);
      return value;
    });
}

/** `classifier` of the settings from its name, and the kernels and C to search. */
export function classifierOption(name: "svm" | "l1" | "l2" | "elastic-net", kernels?: readonly string[], C?: readonly number[]): object {
  const values = C ? { C } : {};
  return name === "svm" ? { kind: "svm", ...(kernels && { kernels }), ...values } : { kind: "logistic", penalty: name, ...values };
}

function valueOf(text: string): string | number {
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
