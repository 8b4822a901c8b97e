// A list to choose from that scrolls with the choice.
import { Box, Text, type Key } from "ink";
import type { ReactNode } from "react";
import { COLOUR } from "./colour.ts";

/** The choice after a key; the same where the key moves nothing. */
export function moved(chosen: number, count: number, page: number, input: string, key: Key): number {
  const to = (next: number) => Math.min(Math.max(0, next), Math.max(0, count - 1));
  if (key.downArrow || input === "j") return to(chosen + 1);
  if (key.upArrow || input === "k") return to(chosen - 1);
  if (key.pageDown) return to(chosen + page);
  if (key.pageUp) return to(chosen - page);
  if (key.home || input === "g") return 0;
  if (key.end || input === "G") return to(count - 1);
  return to(chosen);
}

interface ListProps<Item> {
  readonly items: readonly Item[];
  /** What tells an item from the others. */
  idOf(item: Item): string;
  readonly chosen: number;
  /** Rows for the items. */
  readonly height: number;
  /** A line of text for an item, or text with parts of its own. */
  line(item: Item): ReactNode;
}

/** The items around the chosen one, which has a mark before it; what lies beyond is counted. */
export function List<Item>({ items, idOf, chosen, height, line }: ListProps<Item>) {
  const isLong = items.length > height;
  const visible = Math.max(1, isLong ? height - 1 : height);
  const first = Math.min(Math.max(0, chosen - Math.floor(visible / 2)), Math.max(0, items.length - visible));
  return (
    <Box flexDirection="column">
      {items.slice(first, first + visible).map((item, i) => {
        const isChosen = first + i === chosen;
        return (
          <Text key={idOf(item)} wrap="truncate-end" bold={isChosen}>
            <Text color={COLOUR.accent}>{isChosen ? "› " : "  "}</Text>
            {line(item)}
          </Text>
        );
      })}
      {isLong && <Text dimColor>{`  ${first + 1} to ${first + visible} of ${items.length}`}</Text>}
    </Box>
  );
}
