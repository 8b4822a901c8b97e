import { selfTest, writeAtomic } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples } from "../options.ts";
import { columns, note, print } from "../output.ts";

/** islet selftest: whether this machine computes what others published. */
export function selftestCommand(): Command {
  return new Command("selftest")
    .description("compute IBSI's digital phantom and reference vectors of the kernels on this machine, and say how they agree")
    .option("-o, --out <file>", "write the certificate (.json)")
    .addHelpText("after", examples("selftest", "selftest -o certificate.json --json"))
    .action(async ({ out, json }: { out?: string; json?: boolean }) => {
      const certificate = await selfTest();
      if (out !== undefined) await writeAtomic(out, `${JSON.stringify(certificate, null, 2)}\n`);
      for (const sentence of certificate.skipped) note(`- ${sentence}`);
      print(certificate, { json }, () => [
        ...columns([
          ["family", "within", "of", "beside"],
          ...certificate.families.map(({ family, within, compared, source }) => [family, within, compared, source]),
        ]),
        ...certificate.families.flatMap(({ outside }) =>
          outside.map(({ name, value, expected, tolerance }) => `  outside: ${name} is ${value}, expected ${expected} +- ${tolerance}`),
        ),
        "",
        certificate.agrees
          ? `all ${certificate.compared} numbers agree on this machine`
          : `${certificate.compared - certificate.within} of ${certificate.compared} numbers do not agree on this machine; do not trust its results, and please report this table`,
        ...(out === undefined ? [] : [`wrote ${out}`]),
      ]);
      if (!certificate.agrees) process.exitCode = 4;
    });
}
