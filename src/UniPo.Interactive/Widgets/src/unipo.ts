import { style } from './dom/style.js';
import { elementFor, type Enhance } from './view.js';
import { clipPlot } from './views/clip-plot.js';
import { comparedRuns } from './views/compared-runs.js';
import { comparedTokens } from './views/compared-tokens.js';
import { learningCurves } from './views/curves.js';
import { explorer } from './views/explorer.js';
import { moment } from './views/moment.js';
import { tokenTable } from './views/token-table.js';
import { whatIf } from './views/what-if.js';

declare const UNIPO_VERSION: string;

/** Views that need no script of their own: they only share rules, keys and theme with the others. */
const still: Enhance = () => undefined;

const views: Record<string, Enhance> = {
  'unipo-token-table': tokenTable,
  'unipo-learning-curves': learningCurves,
  'unipo-explorer': explorer,
  'unipo-what-if': whatIf,
  'unipo-clip-plot': clipPlot,
  'unipo-moment': moment,
  'unipo-comparison': comparedTokens,
  'unipo-compared-runs': comparedRuns,
  ...Object.fromEntries(
    [
      'radial-overview',
      'record-table',
      'line-chart',
      'distributions',
      'formula-card',
      'difference-card',
      'token-card',
      'live-curves',
      'check',
    ].map(name => [`unipo-${name}`, still]),
  ),
};

// A page may hold this script many times, from several outputs and versions: the first one defines the elements, the others find them.
if (typeof customElements !== 'undefined')
  for (const [name, enhance] of Object.entries(views))
    if (!customElements.get(name)) {
      // The rules come before the views, so that no view is measured twice.
      style();
      customElements.define(name, elementFor(enhance, UNIPO_VERSION));
    }
