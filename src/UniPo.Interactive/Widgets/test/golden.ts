import { trlAdvantages, trlLosses } from './golden-trl.js';
import { verlAdvantages, verlLosses, verlPieces, verlTotal } from './golden-verl.js';
import { Tally } from './vectors.js';

const tally = new Tally();
for (const part of [trlLosses, trlAdvantages, verlLosses, verlTotal, verlAdvantages, verlPieces]) part(tally);
const compared = Object.values(tally.files).reduce((n, f) => n + f.compared, 0);
const cases = Object.values(tally.files).reduce((n, f) => n + f.cases, 0);
console.log(JSON.stringify({ compared, cases, files: tally.files, omitted: tally.omitted, failures: tally.failures }, null, 1));
if (tally.failures.length > 0) process.exitCode = 1;
