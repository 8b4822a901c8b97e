// The entry of a page's score worker. A browser has no paths: the page sends the files themselves.
import { expose } from "comlink";
import { IntakeError } from "../errors.ts";
import { createScoreWorker } from "./worker.ts";

expose(
  createScoreWorker((path) => {
    throw new IntakeError(path, "a browser cannot open a path; send the file itself");
  }),
);
