// The browser's page as a person uses it: files dropped, boxes drawn with the mouse, results taken away as files.
import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";

/** The page in a context of its own, watched. */
export interface WebPage {
  readonly page: Page;
  /** Requests that left the page's origin; each was refused. */
  readonly foreign: readonly string[];
  /** What the page threw or logged as an error, a refusal by its own policy among them. */
  readonly errors: readonly string[];
}

/** Opens the page and waits until it has been kept for working without a network. */
export async function openWeb(browser: Browser, url: string, viewport = { width: 1080, height: 660 }): Promise<WebPage> {
  const [foreign, errors]: [string[], string[]] = [[], []];
  const context = await browser.newContext({ viewport, acceptDownloads: true, reducedMotion: "reduce" });
  const { origin } = new URL(url);
  await context.route(
    (address) => address.origin !== origin && !["data:", "blob:"].includes(address.protocol),
    async (route) => {
      foreign.push(route.request().url());
      await route.abort();
    },
  );
  const page = await context.newPage();
  // Everything may take its time on a busy machine without a graphics card.
  page.setDefaultTimeout(90_000);
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  await page.getByText("works without a network").waitFor();
  return { page, foreign, errors };
}

/** Drops a file or folder of this disk on a place, as the system's file manager does. */
export async function dropOn(place: Locator, path: string): Promise<void> {
  const page = place.page();
  await place.scrollIntoViewIfNeeded();
  const { x, y, width } = (await place.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + 12, data });
  }
  await session.detach();
}

/** Chooses a file, or several, by the button of a place. */
export async function choose(page: Page, label: string, ...paths: string[]): Promise<void> {
  await page.locator(`input[aria-label="${label}"]`).setInputFiles(paths);
}

/** Shows an axial slice: 1 is the lowest. */
export async function showSlice(page: Page, slice: number): Promise<void> {
  await page.locator(".slice-slider input").fill(String(slice - 1));
  await page.getByText(`Slice ${slice} of`).waitFor();
}

/** Drags a box over the axial plane: its corners in parts of the plane's width and height. */
export async function dragBox(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const pad = (await page.locator(".drawing .pad").boundingBox())!;
  const at = ([u, v]: readonly [number, number]) => [pad.x + u * pad.width, pad.y + v * pad.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

/** What a button of "Take away" hands out. */
export async function takeAway(page: Page, name: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  return readFile(await download.path());
}
