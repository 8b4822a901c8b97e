export { heapBase } from "./memory";
export { resampleAcross, resampleAlong } from "./resample";
export { resampleMaskAffine } from "./resample-affine";
export { blockedBytes, toBlocked, fromBlocked } from "./blocked";
export { conv2d } from "./conv2d";
export { maxPool2d } from "./pool2d";
export { globalAverage } from "./global-average";
export { assignToCentres, meansOfClusters } from "./kmeans";
