// The service's way in: what the terminal's `islet serve` starts.
export { createApp } from "./app.ts";
