import { youdenThreshold, type RocCurve } from "../../stats/prediction/roc.ts";
import type { ThresholdRule } from "../settings.ts";

/**
 * The observed risk from which a patient is called high risk.
 *
 *   youden       the highest sensitivity + specificity - 1; of equals the lowest threshold
 *   sensitivity  the highest threshold that finds at least this share of the events, which has the best specificity of those
 *   cost         the smallest  falseNegative * missed events + falsePositive * false alarms; of equals the lowest threshold
 *
 * Chosen on the internal cohort's cross-validated risks and frozen for any other. Calling nobody high risk is no threshold: where even that would be
 * cheapest, the cheapest threshold that calls somebody is taken.
 *
 * @see Youden 1950; Zweig & Campbell 1993 for costs
 */
export function thresholdBy(rule: ThresholdRule, curve: RocCurve): number {
  switch (rule.rule) {
    case "youden":
      return youdenThreshold(curve);
    case "sensitivity": {
      // Whole numbers: 0.9 of 10 events are 9, whatever 0.9 * 10 rounds to.
      const wanted = Math.ceil(rule.atLeast * curve.cases - 1e-9);
      return curve.thresholds[curve.truePositives.findIndex((found) => found >= wanted)]!;
    }
    case "cost": {
      let best = 0;
      let lowest = Infinity;
      for (let i = 0; i < curve.thresholds.length; i++) {
        const cost = rule.falseNegative * (curve.cases - curve.truePositives[i]!) + rule.falsePositive * curve.falsePositives[i]!;
        if (cost <= lowest) [best, lowest] = [i, cost];
      }
      return curve.thresholds[best]!;
    }
  }
}
