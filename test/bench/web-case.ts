// From the drop of a scan to its risk in headless Chromium, stage by stage; prints seconds, checks nothing.
//   node test/bench/web-case.ts SCAN-FOLDER ANNOTATION.json BUNDLE.islet
import { servePage } from "@islet/web";
import { launchBrowser } from "../helpers/browser.ts";
import { choose, openWeb } from "../helpers/web-page.ts";

const [scan, annotation, bundle] = process.argv.slice(2);
if (!scan || !annotation || !bundle) throw new Error("usage: node test/bench/web-case.ts SCAN-FOLDER ANNOTATION.json BUNDLE.islet");

const server = await servePage(0);
const browser = await launchBrowser();
if (!browser) process.exit(1);
let last = performance.now();
const lap = (stage: string) => {
  const now = performance.now();
  console.log(`${((now - last) / 1000).toFixed(2).padStart(7)} s  ${stage}`);
  last = performance.now();
};
const { page } = await openWeb(browser, server.url, { width: 900, height: 660 });
lap("first visit, until the page is kept for working offline");
await choose(page, "Folder of the scan", scan);
await page.locator(".facts-line").first().waitFor();
lap("drop to scan open");
await page.locator(".slice-slider").waitFor();
lap("to its planes on the screen");
await choose(page, "Files of the annotation", annotation);
await page.getByTestId("box-facts").waitFor();
lap("annotation read, box placed");
await choose(page, "Files of the model", bundle);
await page.locator("dl.facts").waitFor();
lap("model opened");
await page.getByRole("button", { name: "Score this patient" }).click();
await page.getByTestId("risk").waitFor();
lap(`risk and where it comes from, on the screen: ${await page.locator(".risk-line .faint").innerText()}`);
await page.getByRole("button", { name: "Measure features" }).click();
await page.locator("#table-heading").waitFor();
lap(await page.locator("#table-heading").innerText());
await page.getByRole("button", { name: "Run the network" }).click();
const deep = page.getByText(/deep features from/);
await deep.waitFor();
lap(await deep.innerText());
await browser.close();
await server.close();
