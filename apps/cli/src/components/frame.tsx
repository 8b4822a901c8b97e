// What every screen has: its title, its room, its keys, help behind "?", and a sentence where the terminal is too small.
import { Box, Text, useStdout } from "ink";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { COLOUR } from "./colour.ts";
import { useKeys, type KeyHandler } from "./keyboard.tsx";

/** The smallest terminal that the screens fit in. */
const SMALLEST = { columns: 80, rows: 24 };

/** Rows that a frame takes for itself: title, two rules, keys, and the last row, which stays empty so that nothing scrolls. */
const FRAME_ROWS = 5;

/** What a key does. */
export type KeyHelp = readonly [key: string, does: string];

/** A terminal's size. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const SizeContext = createContext<Size>({ columns: SMALLEST.columns, rows: SMALLEST.rows });

/** Follows the terminal's size. */
export function SizeProvider({ children }: { readonly children: ReactNode }) {
  const { stdout } = useStdout();
  const [size, setSize] = useState<Size>(() => sizeOf(stdout));
  useEffect(() => {
    const resized = () => setSize(sizeOf(stdout));
    stdout.on("resize", resized);
    return () => void stdout.off("resize", resized);
  }, [stdout]);
  return <SizeContext value={size}>{children}</SizeContext>;
}

const sizeOf = ({ columns, rows }: Partial<Size>): Size => ({ columns: columns || SMALLEST.columns, rows: rows || SMALLEST.rows });

/** Cells for what a screen shows. */
export function useRoom(): { readonly width: number; readonly height: number } {
  const { columns, rows } = useContext(SizeContext);
  return { width: Math.max(1, columns - 2), height: Math.max(1, rows - FRAME_ROWS) };
}

interface FrameProps {
  readonly title: string;
  /** Stands at the right of the title. */
  readonly aside?: string;
  readonly keys: readonly KeyHelp[];
  /** Sentences for the help. */
  readonly about: readonly string[];
  /** Whether letters are typed into a field. */
  readonly takesText?: boolean;
  /** A key that the frame has no use for itself. */
  readonly onKey: KeyHandler;
  readonly children: ReactNode;
}

/** A screen's frame. */
export function Frame({ title, aside = "research use only", keys, about, takesText = false, onKey, children }: FrameProps) {
  const size = useContext(SizeContext);
  const [isHelp, setHelp] = useState(false);
  const isSmall = size.columns < SMALLEST.columns || size.rows < SMALLEST.rows;
  useKeys((input, key) => {
    if (isHelp) return setHelp(false);
    if (input === "?" && !isSmall) return setHelp(true);
    onKey(input, key);
  }, takesText);
  const isShown = !isSmall && !isHelp;
  return (
    <Box flexDirection="column" width={size.columns} height={Math.max(1, size.rows - 1)} overflow="hidden">
      {isSmall && <TooSmall {...size} />}
      {!isSmall && <Heading title={title} aside={aside} width={size.columns} />}
      {!isSmall && isHelp && <Help keys={keys} about={about} />}
      <Box display={isShown ? "flex" : "none"} flexDirection="column" flexGrow={1} paddingX={1} overflow="hidden">
        {children}
      </Box>
      {!isSmall && <Footer keys={isHelp ? [["any key", "back"]] : [...keys, ["?", "help"]]} width={size.columns} />}
    </Box>
  );
}

function Heading({ title, aside, width }: { readonly title: string; readonly aside: string; readonly width: number }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Box justifyContent="space-between" paddingX={1} gap={2}>
        <Text wrap="truncate-end">
          <Text bold color={COLOUR.accent}>
            Islet
          </Text>
          <Text bold>{`  ${title}`}</Text>
        </Text>
        <Box flexShrink={0}>
          <Text dimColor>{aside}</Text>
        </Box>
      </Box>
      <Text dimColor>{"─".repeat(width)}</Text>
    </Box>
  );
}

function Footer({ keys, width }: { readonly keys: readonly KeyHelp[]; readonly width: number }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Text dimColor>{"─".repeat(width)}</Text>
      <Box paddingX={1}>
        <Text wrap="truncate-end">
          {keys.map(([key, does], i) => (
            <Text key={key}>
              {i > 0 && "   "}
              <Text bold color={COLOUR.accent}>
                {key}
              </Text>
              <Text dimColor>{` ${does}`}</Text>
            </Text>
          ))}
        </Text>
      </Box>
    </Box>
  );
}

function Help({ keys, about }: { readonly keys: readonly KeyHelp[]; readonly about: readonly string[] }) {
  const width = Math.max(...keys.map(([key]) => key.length), "ctrl+c".length);
  return (
    <Box flexDirection="column" flexGrow={1} paddingX={1} overflow="hidden">
      {about.map((sentence) => (
        <Text key={sentence}>{sentence}</Text>
      ))}
      <Box flexDirection="column" marginTop={1}>
        {[...keys, ["ctrl+c", "end; a study that is running is asked about first"] as const].map(([key, does]) => (
          <Text key={key}>
            <Text bold color={COLOUR.accent}>
              {key.padEnd(width + 2)}
            </Text>
            {does}
          </Text>
        ))}
      </Box>
      <Box marginTop={1}>
        <Text dimColor>Research use only: not a medical device. Every command also runs without screens: islet --help.</Text>
      </Box>
    </Box>
  );
}

function TooSmall({ columns, rows }: Size) {
  return (
    <Text>
      {`The screens need ${SMALLEST.columns} columns and ${SMALLEST.rows} rows; this terminal has ${columns} and ${rows}. Enlarge it; nothing is lost, and a study that is running goes on. Ctrl+C ends.`}
    </Text>
  );
}
