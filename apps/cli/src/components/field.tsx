// A line of text to fill in.
import { Box, Text, type Key } from "ink";
import { COLOUR } from "./colour.ts";

/** The text of a field and where its cursor is, 0 .. length. */
export interface FieldText {
  readonly text: string;
  readonly at: number;
}

/** A field with its cursor at the end. */
export function fieldText(text: string): FieldText {
  return { text, at: text.length };
}

/** The field after a key; null where the key is not the field's. */
export function edited({ text, at }: FieldText, input: string, key: Key): FieldText | null {
  if (key.leftArrow) return { text, at: Math.max(0, at - 1) };
  if (key.rightArrow) return { text, at: Math.min(text.length, at + 1) };
  if (key.home || (key.ctrl && input === "a")) return { text, at: 0 };
  if (key.end || (key.ctrl && input === "e")) return { text, at: text.length };
  if (key.ctrl && input === "u") return { text: text.slice(at), at: 0 };
  // Most terminals send what is called "delete" here for the backspace key.
  if (key.backspace || key.delete) return at === 0 ? { text, at } : { text: text.slice(0, at - 1) + text.slice(at), at: at - 1 };
  if (key.ctrl || key.meta || key.return || key.tab || key.upArrow || key.downArrow || key.pageUp || key.pageDown || input === "")
    return null;
  const typed = input.replace(/[\r\n\t]/g, "");
  return { text: text.slice(0, at) + typed + text.slice(at), at: at + typed.length };
}

interface FieldProps {
  readonly label: string;
  readonly value: FieldText;
  readonly isFocused: boolean;
  /** Shown in an empty field. */
  readonly hint?: string;
  /** Cells for the text; a longer one is shown around its cursor. */
  readonly width: number;
  readonly labelWidth: number;
}

/** A labelled field; the focused one has a mark before it and shows its cursor. */
export function Field({ label, value: { text, at }, isFocused, hint = "", width, labelWidth }: FieldProps) {
  const start = Math.max(0, Math.min(at - width + 2, text.length - width + 1));
  const shown = text.slice(start, start + width - 1);
  const cursor = at - start;
  return (
    <Box>
      <Text color={COLOUR.accent}>{isFocused ? "› " : "  "}</Text>
      <Box width={labelWidth} flexShrink={0}>
        <Text bold={isFocused} wrap="truncate-end">
          {label}
        </Text>
      </Box>
      {text === "" && !isFocused ? (
        <Text dimColor wrap="truncate-end">
          {hint || "·"}
        </Text>
      ) : (
        <Text wrap="truncate-end">
          {shown.slice(0, cursor)}
          {isFocused ? <Text inverse>{shown[cursor] ?? " "}</Text> : shown.slice(cursor, cursor + 1)}
          {shown.slice(cursor + 1)}
          {text === "" && <Text dimColor>{` ${hint}`}</Text>}
        </Text>
      )}
    </Box>
  );
}
