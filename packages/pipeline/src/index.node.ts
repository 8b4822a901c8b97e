// What the apps ask of the pipeline where there are files and threads.
export { DEMO_DEFAULTS, generateDemo } from "./demo/generate.node.ts";
export { evaluateFile } from "./deep/evaluate-file.node.ts";
export { loadWeightsFile } from "./deep/weights-file.node.ts";
export { segmentFile } from "./deep/segment-file.node.ts";
export { trainFile } from "./deep/training/train-file.node.ts";
export type { TrainingFileEvent } from "./deep/training/train-file.node.ts";
export { readArrayFile, writeArrayFile } from "./intake/npy-file.node.ts";
export { readSource } from "./intake/source.node.ts";
export { toolFiles } from "./intake/tools.node.ts";
export { crossValidateFile, decideSvmFile, fitSvmFile, learnSettingsFile } from "./single/learn.node.ts";
export { explainCase } from "./single/explain.node.ts";
export { openStudyCases } from "./study/fan-out.node.ts";
export { writeMaps } from "./single/maps.node.ts";
export { openBundleFile, scoreFiles } from "./score/score-files.node.ts";
export { scoreFilesApart } from "./score/score-thread.node.ts";
export type { FileScore, ScoreFiles, ScoreFilesOptions } from "./score/score-files.node.ts";
export { scoreTable } from "./score/score-table.node.ts";
export type { ScoreProgress, ScoreRow, ScoreTableOptions, ScoreTableResult } from "./score/score-table.node.ts";
export { selfTest } from "./selftest/certificate.node.ts";
export { agreementFile, collinearityFile, univariateFile } from "./stats/files.node.ts";
export {
  calibrationFile,
  confusionFile,
  decisionCurveFile,
  delongFile,
  delongGroupsFile,
  recalibratedTable,
  reclassificationFile,
  rocFile,
} from "./stats/prediction/files.node.ts";
export { competingFile, coxFile, coxnetFile, kmFile, timeRocFile } from "./stats/survival/files.node.ts";
export { rasterFiles } from "./report/figures/raster.node.ts";
export { engineHash } from "./host/hash.node.ts";
export { inspectMachine } from "./selftest/machine.node.ts";
export { createThreadPool } from "./study/pool.node.ts";
export { checkFileOutput, writeAtomic } from "./host/output.node.ts";
export { radiomicsTable } from "./single/radiomics.node.ts";
export { radiomicsCase } from "./single/radiomics-case.node.ts";
export { startHelper } from "./single/start-helper.node.ts";
export { robustnessFile } from "./study/robustness/robustness.node.ts";
export { loadStudy, missingFiles, runStudyFile } from "./study/run.node.ts";
export { deepCase } from "./single/deep.node.ts";
export { tuningNamed } from "./deep/tuning-named.node.ts";
export { tuneFile } from "./deep/tune-file.node.ts";
export { rScoreTable } from "./stats/survival/coxnet-report.ts";
export { rocOf, survivalOf } from "./finished/curves.ts";
export type { Points, RocPoints, SurvivalPoints } from "./finished/curves.ts";
export { driversOf } from "./finished/drivers.node.ts";
export type { Driver } from "./finished/drivers.node.ts";
export { patientSlice } from "./finished/slice.node.ts";
export type { SlicePicture } from "./finished/slice.node.ts";
export { isFinishedStudy, readFinishedStudy } from "./finished/study.node.ts";
export type { FinishedPatient } from "./finished/study.ts";
export type { FinishedStudy } from "./finished/study.node.ts";
export { stateFolder } from "./host/state-folder.node.ts";
export { recentStudies, rememberStudy } from "./study/recent.node.ts";
export type { RecentStudy } from "./study/recent.node.ts";
