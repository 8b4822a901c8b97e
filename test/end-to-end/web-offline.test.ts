import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { servePage } from "@islet/web";
import { afterAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { ctSeries } from "../helpers/dicom.ts";
import { openWeb } from "../helpers/web-page.ts";

const browser = await launchBrowser();
afterAll(() => browser?.close());

const PAGE = new URL("../../apps/web/dist/page/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** The built page on the plainest of servers, which sends no header but the type, below a path of its own. */
function plainServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://127.0.0.1");
    const name = pathname.replace(/^\/some\/path\//, "") || "index.html";
    readFile(fileURLToPath(new URL(name, PAGE))).then(
      (bytes) => response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** A small scan as files that a page can be given. */
const scan = () => ctSeries({ slices: 6 }).map(({ name, bytes }) => ({ name, mimeType: "application/dicom", buffer: Buffer.from(bytes) }));

describe.skipIf(!browser)("the page without its server", () => {
  it("opens again and reads a DICOM series when the server is gone", async () => {
    const server = await servePage(0);
    const { page, foreign } = await openWeb(browser!, server.url);
    await server.close();
    await page.reload();
    await page.getByText("works without a network").waitFor();
    await page.locator('input[aria-label="Files of the scan"]').setInputFiles(scan());
    await page.locator(".slice-slider").waitFor();
    expect(await page.locator(".facts-line").first().innerText()).toContain("DICOM CT");
    expect(foreign).toEqual([]);
    await page.context().close();
  });

  it("isolates itself by its service worker on a server that sends no headers, below any path, and says so", async () => {
    const server = await plainServer();
    const { page, errors } = await openWeb(browser!, `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/path/`);
    await page.getByText("isolated by the page's own service worker").waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await page.getByText(/WASM: .* threads?/).innerText()).toMatch(/\d threads|one thread/);
    await page.locator('input[aria-label="Files of the scan"]').setInputFiles(scan());
    await page.locator(".slice-slider").waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
    server.closeAllConnections();
    server.close();
  });

  it("works on with its server, and says what to do, where the browser's storage is full", async () => {
    const server = await servePage(0);
    const context = await browser!.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const session = await context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(server.url).origin, quotaSize: 1_000_000 });
    await page.goto(server.url);
    await page.getByText("the browser's storage is full; free some space and reload").waitFor();
    await page.locator('input[aria-label="Files of the scan"]').setInputFiles(scan());
    await page.locator(".slice-slider").waitFor();
    expect(await page.locator(".notice.bad").count()).toBe(0);
    await context.close();
    await server.close();
  });

  it("takes no script, style or connection from elsewhere, whatever tries", async () => {
    const server = await servePage(0);
    const { page, errors, foreign } = await openWeb(browser!, server.url);
    const outcome = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "globalThis.intruder = true";
      document.head.append(script);
      const sent = await fetch("https://example.org/", { method: "POST", body: "x" }).then(
        () => "sent",
        () => "refused",
      );
      return { intruder: "intruder" in globalThis, sent };
    });
    expect(outcome).toEqual({ intruder: false, sent: "refused" });
    expect(foreign).toEqual([]);
    expect(errors.join("\n")).toContain("Content Security Policy");
    await page.context().close();
    await server.close();
  });
});

describe.skipIf(!browser)("what cannot be used", () => {
  it("is refused with a sentence that says what to do, and nothing that was entered is lost", async () => {
    const server = await servePage(0);
    const { page } = await openWeb(browser!, server.url);
    const sentence = async () => (await page.locator(".notice.bad").first().innerText()).trim();
    const give = (label: string, name: string, buffer: Buffer) =>
      page.locator(`input[aria-label="${label}"]`).setInputFiles([{ name, mimeType: "application/octet-stream", buffer }]);

    await give("Files of the scan", "holiday.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
    expect(await sentence()).toBe(
      "holiday.jpg: is a JPEG picture, expected a scan: a DICOM series, or a .nii, .nii.gz, .nrrd or .mha file",
    );

    const cut = scan()[0]!.buffer;
    await give("Files of the scan", "cut.dcm", cut.subarray(0, Math.floor(cut.length / 2)));
    await page.getByText("cut.dcm").waitFor();
    expect(await sentence()).toMatch(/cut\.dcm.*(cut short|ends|bytes|pixels)/);

    // Two series: a list to choose from, and the scan of the one that is chosen.
    const second = ctSeries({ slices: 4, attributes: { SeriesNumber: 9 } }).map(({ name, bytes }) => ({
      name: `other-${name}`,
      mimeType: "application/dicom",
      buffer: Buffer.from(bytes),
    }));
    await page.locator('input[aria-label="Files of the scan"]').setInputFiles([...scan(), ...second]);
    await page.getByRole("heading", { name: "Choose a series" }).waitFor();
    await page.getByRole("button", { name: /4 slices/ }).click();
    await page.locator(".slice-slider").waitFor();
    expect(await page.locator(".slice-slider").innerText()).toContain("of 4");

    // An annotation of another scan, and no annotation at all.
    const far = { format: "islet-rough-roi/1", coordinateSystem: "LPS", unit: "mm", slices: boxes(5000) };
    await give("Files of the annotation", "rough.json", Buffer.from(JSON.stringify(far)));
    expect(await sentence()).toContain("rough.json: the annotated box lies outside the image; check that it was drawn on this image");

    await page.getByRole("button", { name: "Load a mask" }).click();
    await give("Files of the mask", "notes.txt", Buffer.from("no mask"));
    expect(await sentence()).toBe("notes.txt: is text, expected a mask: a .nii, .nii.gz, .nrrd or .mha file, or a DICOM SEG or RTSTRUCT");

    await give("Files of the model", "model.islet", Buffer.from("PK no bundle"));
    await page.getByText("model.islet: is cut short or damaged; copy it again from where the study wrote it").waitFor();
    expect(await page.locator(".slice-slider").innerText()).toContain("of 4");
    await page.context().close();
    await server.close();
  });
});

/** Three squares of 10 mm around a place. */
function boxes(x: number): object[] {
  return ["top", "largest", "bottom"].map((role, i) => ({
    role,
    corners: [
      [x, 0, -i],
      [x + 10, 0, -i],
      [x + 10, 10, -i],
      [x, 10, -i],
    ],
  }));
}
