export { heapBase } from "./memory";
export { resampleAcross, resampleAlong } from "./resample";
export { resampleMaskAffine } from "./resample-affine";
export { blockedBytes, toBlocked, fromBlocked } from "./blocked";
export { conv2d, conv2dRows } from "./conv2d";
export { globalAverage } from "./global-average";
export { assignToCentres, meansOfClusters } from "./kmeans";
export { innerProducts, squaredNorms, gaussianKernel, decisionValues, gatherSquare, roundToSingle } from "./kernel-matrix";
export { solveDual } from "./svm";
export { winogradWeight, winogradWeightBytes, winogradWeightScratchBytes } from "./winograd-weight";
export { conv2dWinograd, winogradWorkspaceBytes } from "./winograd";
export { computeWinogradPart, winogradBlock, winogradGroup, writeWinogradPart } from "./winograd-part";
export { winogradGradient, winogradGradientBytes, winogradGradientWorkspaceBytes, winogradWeightGradient } from "./winograd-gradient";
export { activationBackward } from "./activation-backward";
export { maxPool2d, maxPool2dBackwardAccumulate } from "./max-pool2d";
export {
  convTranspose2d,
  convTranspose2dRows,
  convTranspose2dBackwardInput,
  convTranspose2dBackwardWeight,
  packTransposed,
  unpackTransposed,
} from "./conv-transpose2d";
export { head, headBackward } from "./head";
export { crossEntropy } from "./cross-entropy";
export { softDice } from "./soft-dice";
export { adam, addTo } from "./adam";
export { moveFree } from "./free-newton";
export { padLevels } from "./grey-levels";
export { tallyKeys, moveCounts, takeCells, sortKeys, countSorted } from "./tally";
export { glcmPairs, glcmCount } from "./glcm";
export { glcmLocal } from "./glcm-local";
export { glrlmRuns, glrlmCount } from "./glrlm";
export { findZones, markValues, rankedKeys } from "./glszm";
export { padInside, cityBlockDistance } from "./gldzm";
export { ngtdmDifferences } from "./ngtdm";
export { ngldmDependences } from "./ngldm";
export { maskedMoments, maskedSquares } from "./masked-moments";
export { maskedSpectra } from "./masked-spectra";
export { weightSpectra, weightAlong } from "./weight-spectra";
export { alongY, addSpectra } from "./spatial-autocorrelation";
export { addLags } from "./lag-sums";
export { pairSums } from "./pair-sums";
export { runningSums, rowSpans, sphereSums } from "./sphere-sums";
