// Between which numbers each feature lies, whatever the region.

/** Both ends belong to the range where they are finite; a value may come as near to an open end (such as 0 of a share) as it likes. */
export type Range = readonly [low: number, high: number];

const ANY: Range = [-Infinity, Infinity];
const POSITIVE: Range = [0, Infinity];
const SHARE: Range = [0, 1];
const LEVEL: Range = [1, Infinity];
/** Excess kurtosis: the fourth moment is at least the square of the second. */
const KURTOSIS: Range = [-2, Infinity];

/** The names of a family without its prefix, by their range. */
type Family = readonly (readonly [range: Range, names: string])[];

/** What all matrices of grey level and size have. */
const SIZES: Family = [
  [SHARE, "glnu_norm"],
  [POSITIVE, "glnu gl_var"],
];

const FAMILIES: Readonly<Record<string, Family>> = {
  morph: [
    [POSITIVE, "volume vol_approx area_mesh av asphericity com diam pca_maj_axis pca_min_axis pca_least_axis geary_c"],
    // A ball has 1 / (6 pi).
    [[0, 1 / (6 * Math.PI)], "comp_1"],
    [SHARE, "comp_2 sphericity pca_elongation pca_flatness vol_dens_aabb vol_dens_ombb vol_dens_mvee vol_dens_conv_hull"],
    [POSITIVE, "area_dens_aabb area_dens_ombb vol_dens_aee area_dens_aee area_dens_mvee area_dens_conv_hull"],
    [LEVEL, "sph_dispr"],
    [ANY, "integ_int moran_i"],
  ],
  loc: [[ANY, "peak_loc peak_glob"]],
  stat: [
    [ANY, "mean skew median min p10 p90 max cov qcod"],
    [POSITIVE, "var iqr range mad rmad medad energy rms"],
    [KURTOSIS, "kurt"],
  ],
  ih: [
    [LEVEL, "mean median min p10 p90 max mode max_grad_g min_grad_g"],
    [POSITIVE, "var iqr range mad rmad medad cov entropy"],
    [SHARE, "qcod uniformity"],
    [ANY, "skew max_grad min_grad"],
    [KURTOSIS, "kurt"],
  ],
  ivh: [
    [SHARE, "v10 v90 diff_v10_v90 auc"],
    [ANY, "i10 i90"],
    [POSITIVE, "diff_i10_i90"],
  ],
  cm: [
    [SHARE, "joint_max energy inv_diff inv_diff_mom inv_var info_corr2"],
    // With differences below Ng the normalised denominators stay below 2.
    [[0.5, 1], "inv_diff_norm inv_diff_mom_norm"],
    [LEVEL, "joint_avg auto_corr"],
    [[2, Infinity], "sum_avg"],
    [POSITIVE, "joint_var joint_entr diff_avg diff_var diff_entr sum_var sum_entr contrast dissimilarity clust_tend clust_prom"],
    [[-1, 1], "corr"],
    [[-1, 0], "info_corr1"],
    [ANY, "clust_shade"],
  ],
  rlm: [...SIZES, [SHARE, "sre lgre srlge rlnu_norm r_perc"], [LEVEL, "lre hgre lrhge"], [POSITIVE, "srhge lrlge rlnu rl_var rl_entr"]],
  szm: [...SIZES, [SHARE, "sze lgze szlge zsnu_norm z_perc"], [LEVEL, "lze hgze lzhge"], [POSITIVE, "szhge lzlge zsnu zs_var zs_entr"]],
  dzm: [...SIZES, [SHARE, "sde lgze sdlge zdnu_norm z_perc"], [LEVEL, "lde hgze ldhge"], [POSITIVE, "sdhge ldlge zdnu zd_var zd_entr"]],
  ngt: [
    [[0, 1e6], "coarseness"],
    [POSITIVE, "contrast busyness complexity strength"],
  ],
  ngl: [
    ...SIZES,
    [SHARE, "lde lgce ldlge dcnu_norm dc_perc dc_energy"],
    [LEVEL, "hde hgce hdhge"],
    [POSITIVE, "ldhge hdlge dcnu dc_var dc_entr"],
  ],
};

/** The range of a feature of the catalogue, by its name without aggregation. */
export function rangeOf(name: string): Range {
  const [prefix, ...rest] = name.split("_");
  const found = FAMILIES[prefix!]?.find(([, names]) => names.split(" ").includes(rest.join("_")));
  if (!found) throw new Error(`ranges: ${name} is not in the list; give it the range in which its definition lies`);
  return found[0];
}
