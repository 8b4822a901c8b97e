import { expect, test } from "vitest";
import type { HeldScan } from "./held-scan.ts";
import { caseReport } from "./case-report.ts";

const scan = (warnings: string[]): HeldScan => {
  const geometry = {
    shape: [2, 2, 2],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  } as const;
  const report = { format: "dicom", series: null, orientation: "LPS", valueRange: [0, 1], notFinite: 0, warnings, ...geometry } as const;
  return { path: "DOE^JANE", names: [], volume: { ...geometry, data: new Float32Array(8) }, report, geometry };
};
const NOTHING = { region: null, seconds: null, radiomics: null, deep: null, scored: null };

test("a report names no file that was opened, whatever the file was called", () => {
  const names = ["DOE^JANE", "DOE^JANE/1990 (a+b)/slice.dcm", "7", "Li"];
  const warnings = ["DOE^JANE/1990 (a+b)/slice.dcm: is odd", "Li: has 7 slices, unlike Line", "<b>"];
  const page = caseReport(scan(warnings), names, NOTHING);
  expect(page).not.toMatch(/DOE|JANE|slice\.dcm/);
  expect(page).toContain("the file: is odd");
  expect(page).toContain("the file: has 7 slices, unlike Line");
  expect(page).toContain("&lt;b&gt;");
});

test("a report of the same case has the same bytes, and says what it is for", () => {
  const page = caseReport(scan([]), [], NOTHING);
  expect(caseReport(scan([]), [], NOTHING)).toBe(page);
  expect(page).toContain("Research use only");
  expect(page).toContain("default-src 'none'");
});
