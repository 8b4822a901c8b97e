// Looks at the machine from where the computing happens.
import { inspectBrowser } from "@islet/pipeline/browser";
import { expose } from "comlink";

expose({ inspectBrowser });
