// What the apps ask of the pipeline where there are pages and Web Workers.
export { setToolsBase } from "./intake/tools.browser.ts";
export { createWebWorkerPool } from "./study/pool.browser.ts";
export { inspectBrowser } from "./selftest/machine.browser.ts";
export type { BrowserMachine } from "./selftest/machine.browser.ts";
export { memoryCache, openStudyTexts, runStudyTexts } from "./study/run.browser.ts";
export type { BrowserRunOptions, StudyTexts } from "./study/run.browser.ts";
