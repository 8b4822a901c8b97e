import { useEffect, useState } from "react";

/** What the reader chose; "auto" follows the system. */
type Theme = "auto" | "light" | "dark";

const KEY = "islet-theme";
const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "auto";
}

/** The theme, and the step to the next one. It is kept in this browser, and is the only thing that is. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(stored);
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  }, [theme]);
  return [theme, () => setTheme(NEXT[theme])];
}
