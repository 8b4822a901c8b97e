// The slope of a fitted SVM on deep features, whose columns name the network's channels.
import type { Core } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import { svmGradient } from "../learn/classify/svm-gradient.ts";
import type { RiskSlope } from "../learn/risk-slope.ts";
import { decideSvmTable, type SvmTableModel } from "../learn/classify/svm-table.ts";
import type { ScoreSlope } from "./explain-patient.ts";

/** A model's decision value for one patient, and its slope. */
export interface DeepScore extends ScoreSlope {
  readonly decision: number;
  /** The decision value of the average patient of the model's table; null where the model was fitted without a scale and keeps no average. */
  readonly average: number | null;
}

/**
 * How an SVM decides on a patient's deep features.
 *
 * @param model     its columns end in the channel's number, as in a study's `features/deep.*.csv`: `deep_arterial_17`
 * @param features  one a channel
 * @param file      what messages call the model
 * @throws ConfigError where a column is no deep feature, or of several phases, or beyond the network's channels
 */
export function deepScore(core: Core, model: SvmTableModel, features: Float64Array, file: string): DeepScore {
  const channels = channelsOf(model.features, features.length, file);
  const decide = (values: Float64Array) => decideSvmTable(core, model, { ids: ["patient"], names: model.features, values }).decision[0]!;
  const spread = (values: ArrayLike<number>) => {
    const all = new Float64Array(features.length);
    channels.forEach((channel, j) => (all[channel] = values[j]!));
    return all;
  };
  const x = Float64Array.from(channels, (channel) => features[channel]!);
  const centre = model.scaler && Float64Array.from(model.scaler.centre);
  return {
    decision: decide(x),
    average: centre && decide(centre),
    gradient: spread(svmGradient(model.svm, model.scaler, x)),
    ...(centre && { baseline: spread(centre) }),
  };
}

/**
 * The part of a risk's slope that lies along one phase's deep features, for `explainPatient`: other features, and other phases, are held fixed.
 *
 * @param phase     as in the study: its columns are `deep_PHASE_0` ..
 * @param channels  of the network
 */
export function phaseSlope({ names, gradient, average }: RiskSlope, phase: string, channels: number): ScoreSlope {
  const slope = { gradient: new Float64Array(channels), baseline: new Float64Array(channels) };
  names.forEach((name, k) => {
    const channel = name.startsWith(`deep_${phase}_`) ? Number(name.slice(`deep_${phase}_`.length)) : NaN;
    if (!Number.isInteger(channel) || channel >= channels) return;
    slope.gradient[channel] = gradient[k]!;
    slope.baseline[channel] = average[k]!;
  });
  return slope;
}

function channelsOf(names: readonly string[], count: number, file: string): number[] {
  let prefix: string | undefined;
  return names.map((name) => {
    const [, start, digits] = /^(deep_(?:.*_)?)(\d+)$/.exec(name) ?? [];
    if (start === undefined) {
      throw new ConfigError(
        file,
        `uses the column ${name}, which is no deep feature; fit the model on a study's features/deep.*.csv alone`,
      );
    }
    prefix ??= start;
    if (start !== prefix) {
      throw new ConfigError(
        file,
        `uses ${prefix}* and ${start}*, the features of two phases, and one image explains one phase; fit a model on one of them`,
      );
    }
    if (Number(digits) >= count) {
      throw new ConfigError(
        file,
        `uses the column ${name}, and the network has ${count} features, 0 to ${count - 1}; use the weights that the features were made with`,
      );
    }
    return Number(digits);
  });
}
