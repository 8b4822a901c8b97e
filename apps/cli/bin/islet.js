#!/usr/bin/env node
// Says what is missing in a sentence before anything modern is parsed.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `islet needs Node 22.13 or newer; this is Node ${process.versions.node}. Install a current Node (nodejs.org). In a clone of the repository, "npm start" and "npx islet" bring their own.`,
  );
  process.exit(4);
}
import("../dist/index.js").then(
  ({ main }) => main(process.argv),
  (error) => {
    if (error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("/dist/")) {
      console.error('islet is not built yet. In a clone of the repository, run "npm start" (or "npm run setup") once.');
      process.exit(4);
    }
    throw error;
  },
);
