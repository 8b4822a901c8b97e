// A mistyped option is named even where an option that must be there is missing: the one is mostly the other.
import type { Command } from "commander";

/** What commander has for its own use; a version without these leaves its message as it was. */
interface Inside {
  missingMandatoryOptionValue?(option: unknown): void;
  unknownOption?(flag: string): void;
}

/** Makes a command that misses an option look first whether one that it does not know was given. */
export function suggestBesideMissing(command: Command): void {
  const inside = command as unknown as Inside;
  const refuse = inside.missingMandatoryOptionValue?.bind(command);
  if (!refuse) return;
  inside.missingMandatoryOptionValue = (option) => {
    // At this point a command's arguments end with everything that it did not know.
    const unknown = command.args.find((word) => word.startsWith("-") && word !== "-" && !/^-[\d.]/.test(word));
    if (unknown !== undefined) inside.unknownOption?.(unknown);
    refuse(option);
  };
}
