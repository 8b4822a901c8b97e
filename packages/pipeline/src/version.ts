/** The version of Islet that is running; a test holds it to the package.json files. */
export const VERSION = "0.1.0";
