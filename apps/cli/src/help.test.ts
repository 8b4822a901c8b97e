import type { Command } from "commander";
import { expect, it, vi } from "vitest";
import { program } from "./index.ts";

/** What a command line writes on stderr, and the code that it ends with. */
async function refusal(...words: string[]) {
  const errors: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => errors.push(String(text)) > 0);
  try {
    await program().parseAsync(words, { from: "user" });
    return null;
  } catch (error) {
    return { code: (error as { exitCode: number }).exitCode, text: errors.join("") };
  } finally {
    spy.mockRestore();
  }
}

it("help refuses a word that is no command, at every level", async () => {
  expect(await refusal("help", "foo")).toMatchObject({ code: 1, text: expect.stringContaining("unknown command 'foo'") });
  expect(await refusal("help", "stats", "foo")).toMatchObject({ code: 1, text: expect.stringContaining("unknown command 'foo'") });
  expect(await refusal("help", "sgment")).toMatchObject({ text: expect.stringContaining("Did you mean segment?") });
});

it("names a mistyped option with its nearest one beside a required option that is missing", async () => {
  expect(await refusal("radiomics", "--imag", "a.nii.gz", "--mask", "m.nii.gz", "--preset", "ibsi")).toMatchObject({
    text: expect.stringMatching(/unknown option '--imag'\s+\(Did you mean --image\?\)/),
  });
  expect(await refusal("study", "run", "s.yaml", "--ot", "out")).toMatchObject({ text: expect.stringContaining("(Did you mean --out?)") });
  expect(await refusal("study", "run", "s.yaml")).toMatchObject({ text: expect.stringContaining("required option '-o, --out <folder>'") });
});

/** The commands that do something, with their whole names. */
function leaves(command: Command, name: string): [name: string, command: Command][] {
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((child) => leaves(child as Command, `${name} ${child.name()}`));
}

/** What a command's --help prints. */
function helpOf(command: Command): string {
  const text: string[] = [];
  command.configureOutput({ writeOut: (part) => text.push(part) }).outputHelp();
  return text.join("");
}

it.each(leaves(program(), "islet").filter(([name]) => name !== "islet help"))(
  "%s has two examples of itself and --json",
  (name, command) => {
    const help = helpOf(command);
    expect(help.split("\n").filter((line) => line.trimStart().startsWith(`$ ${name}`))).toHaveLength(2);
    expect(help).toContain("--json");
  },
);

it.each(leaves(program(), "islet").filter(([, command]) => command.options.some(({ long }) => long === "--workers")))(
  "%s refuses no workers: 0 is not the default",
  async (name) => {
    expect(await refusal(...name.split(" ").slice(1), "--workers", "0")).toMatchObject({
      text: expect.stringContaining("'0' is invalid. expected 1 or more"),
    });
  },
);
