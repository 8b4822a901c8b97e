// The choices that a search goes through.
import { randomInt, type Random } from "../../random.ts";
import type { ClassifierChoice } from "./classifier.ts";
import { METHOD_SETTINGS, type ClassifierSettings } from "../settings.ts";

/**
 * All combinations of the settings' values.
 *
 * Ordered from the plainest model: linear before RBF before polynomial, then by rising C, then by rising gamma. The search takes the first of equals, so
 * this order is its rule for ties.
 */
export function gridOf(settings: ClassifierSettings): readonly ClassifierChoice[] {
  const C = rising(settings.C);
  if (settings.kind === "logistic") {
    const { penalty } = settings;
    return ratiosOf(settings).flatMap((l1Ratio) => C.map((C) => ({ penalty, C, l1Ratio })));
  }
  const gamma = rising(settings.gamma);
  const { coef0 } = settings;
  const has = (kernel: "linear" | "rbf" | "poly") => settings.kernels.includes(kernel);
  return [
    ...(has("linear") ? C.map((C) => ({ kernel: { kind: "linear" } as const, C })) : []),
    ...(has("rbf") ? C.flatMap((C) => gamma.map((gamma) => ({ kernel: { kind: "rbf", gamma } as const, C }))) : []),
    ...(has("poly")
      ? rising(settings.degree).flatMap((degree) =>
          C.flatMap((C) => gamma.map((gamma) => ({ kernel: { kind: "poly", gamma, degree, coef0 } as const, C }))),
        )
      : []),
  ];
}

/** The method's grid of 420 points: 21 linear and 21 x 19 RBF. */
export const METHOD_GRID = gridOf(METHOD_SETTINGS.classifier);

/**
 * Choices drawn at random: kernel, degree and ratio uniformly among the settings' values, C and gamma log-uniformly between the smallest and the largest.
 *
 * @param draws   how many, at least 1
 * @param random  the stream they are drawn from
 * @returns       in the order of `gridOf`
 * @see Bergstra & Bengio 2012, Random search for hyper-parameter optimization
 */
export function randomChoices(settings: ClassifierSettings, draws: number, random: Random): readonly ClassifierChoice[] {
  const between = (values: readonly number[]) => {
    const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
    return Math.exp(low + (high - low) * random());
  };
  const choices = Array.from({ length: draws }, (): ClassifierChoice => {
    const C = between(settings.C);
    if (settings.kind === "logistic") {
      const ratios = ratiosOf(settings);
      return { penalty: settings.penalty, C, l1Ratio: ratios[randomInt(random, ratios.length)]! };
    }
    const kind = settings.kernels[randomInt(random, settings.kernels.length)]!;
    if (kind === "linear") return { kernel: { kind }, C };
    const gamma = between(settings.gamma);
    if (kind === "rbf") return { kernel: { kind, gamma }, C };
    return { kernel: { kind, gamma, degree: settings.degree[randomInt(random, settings.degree.length)]!, coef0: settings.coef0 }, C };
  });
  return choices.sort((a, b) => plainness(a).reduce((order, value, i) => order || value - plainness(b)[i]!, 0));
}

function ratiosOf(settings: Extract<ClassifierSettings, { kind: "logistic" }>): readonly number[] {
  return settings.penalty === "l1" ? [1] : settings.penalty === "l2" ? [0] : rising(settings.l1Ratio);
}

/** What the order of choices compares, in turn. */
function plainness(choice: ClassifierChoice): number[] {
  if (!("kernel" in choice)) return [choice.l1Ratio, choice.C];
  const { kernel, C } = choice;
  if (kernel.kind === "linear") return [0, 0, C, 0];
  return kernel.kind === "rbf" ? [1, 0, C, kernel.gamma] : [2, kernel.degree, C, kernel.gamma];
}

function rising(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
