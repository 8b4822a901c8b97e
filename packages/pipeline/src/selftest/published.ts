// What IBSI publishes for its digital phantom: the consensus values of 482 features, as figures.
//
// Source: the Image Biomarker Standardisation Initiative (Zwanenburg et al. 2020, Radiology 295:328-338, doi 10.1148/radiol.2020191145, and the IBSI 1
// reference manual, arXiv 1612.07003), as published in its reference value tables. Five features have no consensus and are not here.

/** One published value. It is kept as text, for the digits that it was published with. */
export interface PublishedValue {
  readonly tag: string;
  readonly value: string;
  readonly tolerance: number;
}

/** Each line is a family and an aggregation, then `feature value tolerance` of each of its features. */
const LINES: readonly (readonly [family: string, aggregation: string, features: string])[] = [
  [
    "morph",
    "",
    "volume 556 4, vol_approx 592 4, area_mesh 388 3, av 0.698 0.004, comp_1 0.0411 0.0003, comp_2 0.599 0.004, sph_dispr 1.19 0.01, sphericity 0.843 0.005, asphericity 0.186 0.001, com 0.672 0.004, diam 13.1 0.1, pca_maj_axis 11.4 0.1, pca_min_axis 9.31 0.06, pca_least_axis 8.54 0.05, pca_elongation 0.816 0.005, pca_flatness 0.749 0.005, vol_dens_aabb 0.869 0.005, area_dens_aabb 0.866 0.005, vol_dens_aee 1.17 0.01, area_dens_aee 1.36 0.01, vol_dens_conv_hull 0.961 0.006, area_dens_conv_hull 1.03 0.01, integ_int 1200 10, moran_i 0.0397 0.0003, geary_c 0.974 0.006",
  ],
  ["loc", "", "peak_loc 2.6 0, peak_glob 3.1 0"],
  [
    "stat",
    "",
    "mean 2.15 0, var 3.05 0, skew 1.08 0, kurt -0.355 0, median 1 0, min 1 0, p10 1 0, p90 4 0, max 6 0, iqr 3 0, range 5 0, mad 1.55 0, rmad 1.11 0, medad 1.15 0, cov 0.812 0, qcod 0.6 0, energy 567 0, rms 2.77 0",
  ],
  [
    "ih",
    "",
    "mean 2.15 0, var 3.05 0, skew 1.08 0, kurt -0.355 0, median 1 0, min 1 0, p10 1 0, p90 4 0, max 6 0, mode 1 0, iqr 3 0, range 5 0, mad 1.55 0, rmad 1.11 0, medad 1.15 0, cov 0.812 0, qcod 0.6 0, entropy 1.27 0, uniformity 0.512 0, max_grad 8 0, max_grad_g 3 0, min_grad -50 0, min_grad_g 1 0",
  ],
  ["ivh", "", "v10 0.324 0, v90 0.0946 0, i10 5 0, i90 2 0, diff_v10_v90 0.23 0, diff_i10_i90 3 0"],
  [
    "cm",
    "_2D_avg",
    "joint_max 0.519 0, joint_avg 2.14 0, joint_var 2.69 0, joint_entr 2.05 0, diff_avg 1.42 0, diff_var 2.9 0, diff_entr 1.4 0, sum_avg 4.28 0, sum_var 5.47 0, sum_entr 1.6 0, energy 0.368 0, contrast 5.28 0, dissimilarity 1.42 0, inv_diff 0.678 0, inv_diff_norm 0.851 0, inv_diff_mom 0.619 0, inv_diff_mom_norm 0.899 0, inv_var 0.0567 0, corr -0.0121 0, auto_corr 5.09 0, clust_tend 5.47 0, clust_shade 7 0, clust_prom 79.1 0, info_corr1 -0.155 0, info_corr2 0.487 0",
  ],
  [
    "cm",
    "_2D_comb",
    "joint_max 0.512 0, joint_avg 2.14 0, joint_var 2.71 0, joint_entr 2.24 0, diff_avg 1.4 0, diff_var 3.06 0, diff_entr 1.49 0, sum_avg 4.29 0, sum_var 5.66 0, sum_entr 1.79 0, energy 0.352 0, contrast 5.19 0, dissimilarity 1.4 0, inv_diff 0.683 0, inv_diff_norm 0.854 0, inv_diff_mom 0.625 0, inv_diff_mom_norm 0.901 0, inv_var 0.0553 0, corr 0.0173 0, auto_corr 5.14 0, clust_tend 5.66 0, clust_shade 6.98 0, clust_prom 80.4 0, info_corr1 -0.0341 0, info_corr2 0.263 0",
  ],
  [
    "cm",
    "_2_5D_avg",
    "joint_max 0.489 0, joint_avg 2.2 0, joint_var 3.22 0, joint_entr 2.48 0, diff_avg 1.46 0, diff_var 3.11 0, diff_entr 1.61 0, sum_avg 4.41 0, sum_var 7.48 0, sum_entr 2.01 0, energy 0.286 0, contrast 5.39 0, dissimilarity 1.46 0, inv_diff 0.668 0, inv_diff_norm 0.847 0, inv_diff_mom 0.606 0, inv_diff_mom_norm 0.897 0, inv_var 0.0597 0, corr 0.178 0, auto_corr 5.4 0, clust_tend 7.48 0, clust_shade 16.6 0, clust_prom 147 0, info_corr1 -0.124 0, info_corr2 0.487 0",
  ],
  [
    "cm",
    "_2_5D_comb",
    "joint_max 0.492 0, joint_avg 2.2 0, joint_var 3.24 0, joint_entr 2.61 0, diff_avg 1.44 0, diff_var 3.23 0, diff_entr 1.67 0, sum_avg 4.41 0, sum_var 7.65 0, sum_entr 2.14 0, energy 0.277 0, contrast 5.29 0, dissimilarity 1.44 0, inv_diff 0.673 0, inv_diff_norm 0.85 0, inv_diff_mom 0.613 0, inv_diff_mom_norm 0.899 0, inv_var 0.0582 0, corr 0.182 0, auto_corr 5.45 0, clust_tend 7.65 0, clust_shade 16.4 0, clust_prom 142 0, info_corr1 -0.0334 0, info_corr2 0.291 0",
  ],
  [
    "cm",
    "_3D_avg",
    "joint_max 0.503 0, joint_avg 2.14 0, joint_var 3.1 0, joint_entr 2.4 0, diff_avg 1.43 0, diff_var 3.06 0, diff_entr 1.56 0, sum_avg 4.29 0, sum_var 7.07 0, sum_entr 1.92 0, energy 0.303 0, contrast 5.32 0, dissimilarity 1.43 0, inv_diff 0.677 0, inv_diff_norm 0.851 0, inv_diff_mom 0.618 0, inv_diff_mom_norm 0.898 0, inv_var 0.0604 0, corr 0.157 0, auto_corr 5.06 0, clust_tend 7.07 0, clust_shade 16.6 0, clust_prom 145 0, info_corr1 -0.157 0, info_corr2 0.52 0",
  ],
  [
    "cm",
    "_3D_comb",
    "joint_max 0.509 0, joint_avg 2.15 0, joint_var 3.13 0, joint_entr 2.57 0, diff_avg 1.38 0, diff_var 3.21 0, diff_entr 1.64 0, sum_avg 4.3 0, sum_var 7.41 0, sum_entr 2.11 0, energy 0.291 0, contrast 5.12 0, dissimilarity 1.38 0, inv_diff 0.688 0, inv_diff_norm 0.856 0, inv_diff_mom 0.631 0, inv_diff_mom_norm 0.902 0, inv_var 0.0574 0, corr 0.183 0, auto_corr 5.19 0, clust_tend 7.41 0, clust_shade 17.4 0, clust_prom 147 0, info_corr1 -0.0288 0, info_corr2 0.269 0",
  ],
  [
    "rlm",
    "_2D_avg",
    "sre 0.641 0, lre 3.78 0, lgre 0.604 0, hgre 9.82 0, srlge 0.294 0, srhge 8.57 0, lrlge 3.14 0, lrhge 17.4 0, glnu 5.2 0, glnu_norm 0.46 0, rlnu 6.12 0, rlnu_norm 0.492 0, r_perc 0.627 0, gl_var 3.35 0, rl_var 0.761 0, rl_entr 2.17 0",
  ],
  [
    "rlm",
    "_2D_comb",
    "sre 0.661 0, lre 3.51 0, lgre 0.609 0, hgre 9.74 0, srlge 0.311 0, srhge 8.67 0, lrlge 2.92 0, lrhge 16.1 0, glnu 20.5 0, glnu_norm 0.456 0, rlnu 21.6 0, rlnu_norm 0.441 0, r_perc 0.627 0, gl_var 3.37 0, rl_var 0.778 0, rl_entr 2.57 0",
  ],
  [
    "rlm",
    "_2_5D_avg",
    "sre 0.665 0, lre 3.46 0, lgre 0.58 0, hgre 10.3 0, srlge 0.296 0, srhge 9.03 0, lrlge 2.79 0, lrhge 17.9 0, glnu 19.5 0, glnu_norm 0.413 0, rlnu 22.3 0, rlnu_norm 0.461 0, r_perc 0.632 0, gl_var 3.58 0, rl_var 0.758 0, rl_entr 2.52 0",
  ],
  [
    "rlm",
    "_2_5D_comb",
    "sre 0.68 0, lre 3.27 0, lgre 0.585 0, hgre 10.2 0, srlge 0.312 0, srhge 9.05 0, lrlge 2.63 0, lrhge 17 0, glnu 77.1 0, glnu_norm 0.412 0, rlnu 83.2 0, rlnu_norm 0.445 0, r_perc 0.632 0, gl_var 3.59 0, rl_var 0.767 0, rl_entr 2.76 0",
  ],
  [
    "rlm",
    "_3D_avg",
    "sre 0.705 0, lre 3.06 0, lgre 0.603 0, hgre 9.7 0, srlge 0.352 0, srhge 8.54 0, lrlge 2.39 0, lrhge 17.6 0, glnu 21.8 0, glnu_norm 0.43 0, rlnu 26.9 0, rlnu_norm 0.513 0, r_perc 0.68 0, gl_var 3.46 0, rl_var 0.574 0, rl_entr 2.43 0",
  ],
  [
    "rlm",
    "_3D_comb",
    "sre 0.729 0, lre 2.76 0, lgre 0.607 0, hgre 9.64 0, srlge 0.372 0, srhge 8.67 0, lrlge 2.16 0, lrhge 15.6 0, glnu 281 0, glnu_norm 0.43 0, rlnu 328 0, rlnu_norm 0.501 0, r_perc 0.68 0, gl_var 3.48 0, rl_var 0.598 0, rl_entr 2.62 0",
  ],
  [
    "szm",
    "_2D",
    "sze 0.363 0, lze 43.9 0, lgze 0.371 0, hgze 16.4 0, szlge 0.0259 0, szhge 10.3 0, lzlge 40.4 0, lzhge 113 0, glnu 1.41 0, glnu_norm 0.323 0, zsnu 1.49 0, zsnu_norm 0.333 0, z_perc 0.24 0, gl_var 3.97 0, zs_var 21 0, zs_entr 1.93 0",
  ],
  [
    "szm",
    "_2_5D",
    "sze 0.368 0, lze 34.2 0, lgze 0.368 0, hgze 16.2 0, szlge 0.0295 0, szhge 9.87 0, lzlge 30.6 0, lzhge 107 0, glnu 5.44 0, glnu_norm 0.302 0, zsnu 3.44 0, zsnu_norm 0.191 0, z_perc 0.243 0, gl_var 3.92 0, zs_var 17.3 0, zs_entr 3.08 0",
  ],
  [
    "szm",
    "_3D",
    "sze 0.255 0, lze 550 0, lgze 0.253 0, hgze 15.6 0, szlge 0.0256 0, szhge 2.76 0, lzlge 503 0, lzhge 1490 0, glnu 1.4 0, glnu_norm 0.28 0, zsnu 1 0, zsnu_norm 0.2 0, z_perc 0.0676 0, gl_var 2.64 0, zs_var 331 0, zs_entr 2.32 0",
  ],
  [
    "dzm",
    "_2D",
    "sde 0.946 0, lde 1.21 0, lgze 0.371 0, hgze 16.4 0, sdlge 0.367 0, sdhge 15.2 0, ldlge 0.386 0, ldhge 21.3 0, glnu 1.41 0, glnu_norm 0.323 0, zdnu 3.79 0, zdnu_norm 0.898 0, z_perc 0.24 0, gl_var 3.97 0, zd_var 0.051 0, zd_entr 1.73 0",
  ],
  [
    "dzm",
    "_2_5D",
    "sde 0.917 0, lde 1.33 0, lgze 0.368 0, hgze 16.2 0, sdlge 0.362 0, sdhge 14.3 0, ldlge 0.391 0, ldhge 23.7 0, glnu 5.44 0, glnu_norm 0.302 0, zdnu 14.4 0, zdnu_norm 0.802 0, z_perc 0.243 0, gl_var 3.92 0, zd_var 0.0988 0, zd_entr 2 0",
  ],
  [
    "dzm",
    "_3D",
    "sde 1 0, lde 1 0, lgze 0.253 0, hgze 15.6 0, sdlge 0.253 0, sdhge 15.6 0, ldlge 0.253 0, ldhge 15.6 0, glnu 1.4 0, glnu_norm 0.28 0, zdnu 5 0, zdnu_norm 1 0, z_perc 0.0676 0, gl_var 2.64 0, zd_var 0 0, zd_entr 1.92 0",
  ],
  ["ngt", "_2D", "coarseness 0.121 0, contrast 0.925 0, busyness 2.99 0, complexity 10.4 0, strength 2.88 0"],
  ["ngt", "_2_5D", "coarseness 0.0285 0, contrast 0.601 0, busyness 6.8 0, complexity 14.1 0, strength 0.741 0"],
  ["ngt", "_3D", "coarseness 0.0296 0, contrast 0.584 0, busyness 6.54 0, complexity 13.5 0, strength 0.763 0"],
  [
    "ngl",
    "_2D",
    "lde 0.158 0, hde 19.2 0, lgce 0.702 0, hgce 7.49 0, ldlge 0.0473 0, ldhge 3.06 0, hdlge 17.6 0, hdhge 49.5 0, glnu 10.2 0, glnu_norm 0.562 0, dcnu 3.96 0, dcnu_norm 0.212 0, dc_perc 1 0, gl_var 2.7 0, dc_var 2.73 0, dc_entr 2.71 0, dc_energy 0.17 0",
  ],
  [
    "ngl",
    "_2_5D",
    "lde 0.159 0, hde 18.8 0, lgce 0.693 0, hgce 7.66 0, ldlge 0.0477 0, ldhge 3.07 0, hdlge 17.2 0, hdhge 50.8 0, glnu 37.9 0, glnu_norm 0.512 0, dcnu 12.4 0, dcnu_norm 0.167 0, dc_perc 1 0, gl_var 3.05 0, dc_var 3.27 0, dc_entr 3.36 0, dc_energy 0.122 0",
  ],
  [
    "ngl",
    "_3D",
    "lde 0.045 0, hde 109 0, lgce 0.693 0, hgce 7.66 0, ldlge 0.00963 0, ldhge 0.736 0, hdlge 102 0, hdhge 235 0, glnu 37.9 0, glnu_norm 0.512 0, dcnu 4.86 0, dcnu_norm 0.0657 0, dc_perc 1 0, gl_var 3.05 0, dc_var 22.1 0, dc_entr 4.4 0, dc_energy 0.0533 0",
  ],
];

/** The published values, by IBSI tag. */
export const PUBLISHED: readonly PublishedValue[] = LINES.flatMap(([family, aggregation, features]) =>
  features.split(", ").map((feature) => {
    const [name, value, tolerance] = feature.split(" ");
    return { tag: `${family}_${name}${aggregation}`, value: value!, tolerance: Number(tolerance) };
  }),
);
