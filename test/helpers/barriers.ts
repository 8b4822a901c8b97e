// What of a page some people cannot use.
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of WCAG 2 that the page breaks, the serious and the critical, with the elements that do. */
export async function barriers(page: Page): Promise<string[]> {
  // The page's policy takes no script from elsewhere, so axe comes in by the debugger, which no policy binds.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}
