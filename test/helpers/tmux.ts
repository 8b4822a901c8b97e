// A real terminal to drive: tmux on a server of its own.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether tmux is there. */
export async function hasTmux(): Promise<boolean> {
  return run("tmux", ["-V"]).then(
    () => true,
    () => false,
  );
}

/** A terminal of a given size with a shell in it. */
export interface Terminal {
  /** What is on the screen, as text without colours. */
  screen(): Promise<string>;
  /** The same with its escape sequences. */
  coloured(): Promise<string>;
  /** Waits until the screen shows something; rejects with the screen where it does not within the time. */
  until(words: string | RegExp, seconds?: number): Promise<string>;
  /** Presses keys by tmux's names (Enter, Escape, Up, Tab, C-c) or single letters. */
  press(...keys: string[]): Promise<void>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Whether a program has the alternate screen, and whether the cursor shows. */
  modes(): Promise<{ readonly alternate: boolean; readonly cursor: boolean }>;
  /** The process that the shell runs. */
  program(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a terminal.
 *
 * @param env  added to an environment without CI's variables, in which screens would not be drawn
 */
export async function openTerminal(columns: number, rows: number, cwd: string, env: Readonly<Record<string, string>>): Promise<Terminal> {
  const socket = `islet-${randomUUID().slice(0, 8)}`;
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CI|CI_.*|GITHUB_.*|CONTINUOUS_INTEGRATION|TMUX|NO_COLOR|FORCE_COLOR|VITEST.*)$/.test(name),
    ),
  );
  const environment = { ...clean, LANG: "C.UTF-8", COLORTERM: "truecolor", ...env };
  const tmux = async (...args: string[]) => (await run("tmux", ["-L", socket, ...args], { env: environment })).stdout;
  await tmux("-f", "/dev/null", "-u", "new-session", "-d", "-s", "t", "-x", String(columns), "-y", String(rows), "-c", cwd, "sh");
  await tmux("set-option", "-g", "default-terminal", "tmux-256color");
  const screen = () => tmux("capture-pane", "-p", "-t", "t");
  const value = async (format: string) => (await tmux("display-message", "-p", "-t", "t", format)).trim();
  return {
    screen,
    coloured: () => tmux("capture-pane", "-p", "-e", "-t", "t"),
    async until(words, seconds = 60) {
      const end = Date.now() + 1000 * seconds;
      for (;;) {
        const text = await screen();
        if (typeof words === "string" ? text.includes(words) : words.test(text)) return text;
        if (Date.now() > end) throw new Error(`the screen never showed ${words}:\n${text}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async press(...keys) {
      for (const key of keys) await tmux("send-keys", "-t", "t", key);
    },
    type: async (text) => void (await tmux("send-keys", "-t", "t", "-l", text)),
    resize: async (width, height) => void (await tmux("resize-window", "-t", "t", "-x", String(width), "-y", String(height))),
    async modes() {
      const [alternate, cursor] = (await value("#{alternate_on} #{cursor_flag}")).split(" ");
      return { alternate: alternate === "1", cursor: cursor === "1" };
    },
    async program() {
      const { stdout } = await run("ps", ["-o", "pid=", "--ppid", await value("#{pane_pid}")]);
      return Number(stdout.trim().split(/\s+/)[0]);
    },
    close: async () => void (await tmux("kill-server").catch(() => "")),
  };
}
