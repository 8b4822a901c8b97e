// The entry of a Web Worker. A browser has no paths: the page sends the files themselves.
import { expose } from "comlink";
import { IntakeError } from "../errors.ts";
import { createCaseWorker } from "./worker.ts";

expose(
  createCaseWorker((path) => {
    throw new IntakeError(path, "a browser cannot open a path; send the file itself");
  }),
);
