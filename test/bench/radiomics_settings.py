"""The settings under which other tools compute a tumour's features, the same for every bench: IBSI 1 in 3D, bins of 25 HU, no resampling."""

MIRP = {
    "image_modality": "CT",
    "by_slice": False,
    "base_discretisation_method": "fixed_bin_size",
    "base_discretisation_bin_width": 25.0,
    "resegmentation_intensity_range": [-1000.0, 3000.0],
}

FAMILIES = ["intensity", "morphology", "spatial_intensity", "texture", "histogram", "ivh", "local_intensity"]

PICTOLOGICS = [
    {"step": "discretise", "params": {"method": "FBS", "bin_width": 25.0, "min_val": -1000.0}},
    {"step": "extract_features", "params": {"families": FAMILIES}},
]
