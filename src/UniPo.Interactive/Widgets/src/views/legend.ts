import { put, s } from '../dom/make.js';
import { h } from '../dom/make.js';
import { levels, type Colouring } from './colouring.js';

const step = 12;

/** Rewrites the colour scale of a token table for another colouring. */
export function writeLegend(legend: Element, colouring: Colouring): void {
  const [low, high] = colouring.words,
    ends = colouring.ends;
  const first = colouring.isSigned ? -levels : 0,
    count = levels - first + 1,
    width = count * step;
  const bar = s('svg', {
    width,
    height: 26,
    role: 'img',
    'aria-label': `Colour scale from ${ends.join(' over ')} ${colouring.unit}`.trimEnd(),
  });
  for (let i = 0; i < count; i++) {
    const level = first + i;
    const name = !colouring.isSigned ? `s${level}` : level < 0 ? `n${-level}` : `p${level}`;
    bar.append(s('rect', { class: name, x: i * step, y: 16, width: step, height: 10 }));
  }
  ends.forEach((text, e) =>
    bar.append(
      s(
        'text',
        {
          x: (width * e) / (ends.length - 1),
          y: 11,
          'font-size': 11,
          'text-anchor': e === 0 ? 'start' : e === ends.length - 1 ? 'end' : 'middle',
        },
        text,
      ),
    ),
  );
  put(
    legend,
    h('span', {}, `${low} — ${high}`),
    bar,
    h('span', {}, `${colouring.meaning}${colouring.unit ? ', in units of ' + colouring.unit : ''}; range: ${colouring.range}`),
  );
}
