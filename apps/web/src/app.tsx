import { lazy, Suspense, useEffect, useState } from "react";
import { CasePage } from "./case/case-page.tsx";
import { keepForOffline, type Offline } from "./offline/register.ts";
import { useMachine } from "./shell/machine.ts";
import { MachineLine } from "./shell/machine-line.tsx";
import { useRoute, type Route } from "./shell/route.ts";
import { useTheme } from "./shell/theme.ts";

const StudyPage = lazy(() => import("./study/study-page.tsx"));

const JOURNEYS: readonly (readonly [Route, string])[] = [
  ["case", "A case"],
  ["study", "A study"],
];

/** The frame of both journeys. A journey that was left keeps all that was entered: it is hidden, not ended. */
export function App() {
  const route = useRoute();
  const [theme, nextTheme] = useTheme();
  const machine = useMachine();
  const [offline, setOffline] = useState<Offline>({ state: "starting", reason: "" });
  const [visited, setVisited] = useState<ReadonlySet<Route>>(new Set([route]));
  useEffect(() => void keepForOffline(setOffline), []);
  if (!visited.has(route)) setVisited(new Set([...visited, route]));

  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="masthead">
        <a className="brand" href="#/case">
          <Mark />
          Islet
        </a>
        <nav aria-label="Journeys">
          {JOURNEYS.map(([name, label]) => (
            <a key={name} href={`#/${name}`} aria-current={route === name ? "page" : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <strong className="research-use">Research use only</strong>
        <button type="button" className="quiet" onClick={nextTheme} aria-label={`Colours: ${theme}. Change`}>
          <Shades />
          <span className="wide-only"> {theme}</span>
        </button>
      </header>
      <main id="main">
        <div hidden={route !== "case"}>{visited.has("case") && <CasePage machine={machine} />}</div>
        <div hidden={route !== "study"}>
          {visited.has("study") && (
            <Suspense fallback={<p className="waiting">Loading</p>}>
              <StudyPage />
            </Suspense>
          )}
        </div>
      </main>
      <footer>
        <MachineLine machine={machine} offline={offline} />
        <p>
          Everything is computed in this page; no file leaves this machine. Research use only: no number here may guide the care of a
          patient.
        </p>
      </footer>
    </>
  );
}

/** Half light, half dark. */
function Shades() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
    </svg>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path d="M16 2.5c7.8 0 13.5 5.4 13.5 13.2S24 29.5 16.4 29.5 2.5 24 2.5 16.2 8.2 2.5 16 2.5Z" fill="var(--brand)" />
      <path d="M15.2 9.2c4.6-.5 8.2 2.5 8.1 6.9-.1 4.2-3.3 7-7.3 6.8-4.2-.2-7-3.2-6.8-7 .2-3.7 2.6-6.3 6-6.7Z" fill="#f3b562" />
      <circle cx="18.4" cy="14.4" r="2.2" fill="var(--brand)" />
    </svg>
  );
}
