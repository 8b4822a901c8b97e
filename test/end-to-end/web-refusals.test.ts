// What a person drops by mistake: each is refused, or asked about, by one sentence, and what was entered stays.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { servePage, type PageServer } from "@islet/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ballCohort } from "../helpers/ball-cohort.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { ctSeries } from "../helpers/dicom.ts";
import { choose, openWeb, type WebPage } from "../helpers/web-page.ts";

const browser = await launchBrowser();
const [patient] = ballCohort(1);
const PHOTO = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0]);

/** NIfTI of 8 x 10 x 12 voxels of 1 mm, whose header says the scan and whose bytes end early. */
function truncatedNifti(): Uint8Array {
  const header = new DataView(new ArrayBuffer(352));
  header.setInt32(0, 348, true);
  for (const [i, n] of [3, 12, 10, 8, 1, 1, 1, 1].entries()) header.setInt16(40 + 2 * i, n, true);
  header.setInt16(70, 4, true);
  header.setInt16(72, 16, true);
  for (const i of [0, 1, 2, 3]) header.setFloat32(76 + 4 * i, 1, true);
  header.setFloat32(108, 352, true);
  header.setInt16(254, 1, true);
  for (const [row, at] of [280, 296, 312].entries()) header.setFloat32(at + 4 * row, 1, true);
  for (const [i, code] of [..."n+1\0"].entries()) header.setUint8(344 + i, code.charCodeAt(0));
  return gzipSync(new Uint8Array([...new Uint8Array(header.buffer), ...new Uint8Array(500)]));
}

/** Slices 2 mm apart, so that the box's own grid of 1 mm is not the scan's. */
const apart = (bytes: Uint8Array) =>
  Buffer.from(Buffer.from(bytes).toString("latin1").replace("ElementSpacing = 1 1 1", "ElementSpacing = 1 1 2"), "latin1");

/** The ball's mask on a grid that lies 900 mm away. */
const maskElsewhere = () =>
  Buffer.from(Buffer.from(patient!.mask).toString("latin1").replace("Offset = 0 0 0", "Offset = 900 900 900"), "latin1");

describe.skipIf(!browser)("what is dropped by mistake", () => {
  let folder: string;
  let server: PageServer;
  let web: WebPage;
  const at = (name: string) => join(folder, name);
  const alert = (text: string | RegExp) => web.page.getByRole("alert").getByText(text).waitFor();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-web-refusals-"));
    const files: Record<string, Uint8Array> = {
      "ball.mha": apart(patient!.image),
      "ball-mask.mha": apart(patient!.mask),
      "ball-rough.json": patient!.rough,
      "cut.nii.gz": truncatedNifti(),
      "photo.jpg": PHOTO,
      "elsewhere.mha": maskElsewhere(),
    };
    for (const [name, bytes] of Object.entries(files)) await writeFile(at(name), bytes);
    const second = { SeriesInstanceUID: "2.25.202", SeriesNumber: 2, SeriesDescription: "venous" };
    for (const [part, slices] of [ctSeries(), ctSeries({ attributes: second })].entries())
      for (const { name, bytes } of slices) await writeFile(at(`${part}-${name}`), bytes);
    server = await servePage(0);
    web = await openWeb(browser!, server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("a photo and a NIfTI that was cut short are no scans, and another file may follow", async () => {
    const { page } = web;
    await choose(page, "Files of the scan", at("photo.jpg"));
    await alert("photo.jpg: is a JPEG picture, expected a scan");
    await choose(page, "Files of the scan", at("cut.nii.gz"));
    await alert(/^cut\.nii\.gz: .*(cut short|ends early|incomplete)/);
    expect(await page.getByText("photo.jpg").count()).toBe(0);
  });

  it("two series are asked about, and the chosen one opens", async () => {
    const { page } = web;
    const slices = [0, 1].flatMap((part) => ctSeries().map(({ name }) => at(`${part}-${name}`)));
    await choose(page, "Files of the scan", ...slices);
    await page.getByText("These files hold 2 image series; a case is one of them.").waitFor();
    await page.getByRole("button", { name: /venous/ }).click();
    await page.locator(".slice-slider").waitFor();
    expect(await page.locator(".facts-line").first().innerText()).toContain("DICOM CT · 20 × 16 × 12 voxels");
  });

  it("a mask of another scan and a photo as mask are refused beside the scan, whose annotation and features stay", async () => {
    const { page } = web;
    await page.reload();
    await choose(page, "Files of the scan", at("ball.mha"));
    await page.locator(".slice-slider").waitFor();
    await choose(page, "Files of the annotation", at("ball-rough.json"));
    const box = await page.getByTestId("box-facts").innerText();
    await page.getByRole("button", { name: "Measure features" }).click();
    await page.getByRole("heading", { name: "215 features" }).waitFor();
    // The box comes to lie on the scan's voxels: routine, so no warning.
    expect(await page.locator(".left .notice.warn").allInnerTexts()).toEqual([]);
    expect((await page.locator(".left .notice").allInnerTexts()).join()).toContain("another grid");

    await page.getByRole("button", { name: "Load a mask" }).click();
    await choose(page, "Files of the mask", at("elsewhere.mha"));
    await alert(/^elsewhere\.mha: .*outside/);
    await choose(page, "Files of the mask", at("photo.jpg"));
    await alert("photo.jpg: is a JPEG picture, expected a mask");
    expect(await page.getByTestId("box-facts").innerText()).toBe(box);
    expect(await page.getByTestId("mask-facts").count()).toBe(0);
    expect(await page.getByRole("heading", { name: "215 features" }).count()).toBe(1);
    await choose(page, "Files of the mask", at("ball-mask.mha"));
    await page.getByTestId("mask-facts").waitFor();
    expect({ foreign: web.foreign, errors: web.errors }).toEqual({ foreign: [], errors: [] });
  });
});
